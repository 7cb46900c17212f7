package io.skein.proxy.route;

import java.util.List;
import java.util.Locale;

/// What is done with some requests: a route of the mesh, ready to be asked.
///
/// Of several rules that match a request the one of the highest priority is followed; among equals
/// the most specific, and that is, in this order (as in the Kubernetes Gateway API):
/// 1. the host: exact, then the longest wildcard, then any;
/// 2. the path: exact, then a regular expression, then a prefix; among equals the longer text;
/// 3. a method;
/// 4. more conditions on fields;
/// 5. more conditions on parameters;
/// 6. the name that comes first in the alphabet.
///
/// @param name unique in the mesh
/// @param priority -1,000 to 1,000
/// @param hosts in lower case without port; `*.example.com` for all names below it; none: any host
/// @param path which paths
/// @param methods in upper case; none: any
/// @param fields conditions on header fields, all of which must hold
/// @param parameters conditions on the query, all of which must hold
/// @param action what is done
public record Rule(
    String name,
    int priority,
    List<String> hosts,
    PathMatch path,
    List<String> methods,
    List<Condition> fields,
    List<Condition> parameters,
    Action action) {
  public Rule {
    hosts = List.copyOf(hosts);
    methods = List.copyOf(methods);
    fields = List.copyOf(fields);
    parameters = List.copyOf(parameters);
    if (priority < -1_000 || priority > 1_000) {
      throw new IllegalArgumentException("priority: " + priority + " (expected: -1000..1000)");
    }
    for (String host : hosts) {
      String plain = host.startsWith("*.") ? host.substring(2) : host;
      if (plain.isEmpty()
          || !plain.equals(plain.toLowerCase(Locale.ROOT))
          || plain.indexOf('*') >= 0) {
        throw new IllegalArgumentException(
            "host: '" + host + "' (expected: lower case, '*.' only in front)");
      }
    }
  }

  /// What of a request does not fit, apart from the host; empty if all does.
  public String mismatch(Asked asked) {
    String target = asked.target().equals("*") ? "/" : SafePath.withoutParameters(asked.target());
    if (!path.matches(target, SafePath.end(target))) {
      return "path is not " + path.text();
    }
    if (!methods.isEmpty() && !methods.contains(asked.method())) {
      return "method is none of " + String.join(", ", methods);
    }
    for (Condition condition : fields) {
      if (!condition.holdsForFields(asked)) {
        return "header " + condition.name() + " is not as demanded";
      }
    }
    for (Condition condition : parameters) {
      if (!condition.holdsForQuery(asked.target())) {
        return "parameter " + condition.name() + " is not as demanded";
      }
    }
    return "";
  }

  /// Whether everything but host and path is as demanded.
  boolean holds(Asked asked) {
    if (!methods.isEmpty() && !methods.contains(asked.method())) {
      return false;
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).holdsForFields(asked)) {
        return false;
      }
    }
    for (int i = 0; i < parameters.size(); i++) {
      if (!parameters.get(i).holdsForQuery(asked.target())) {
        return false;
      }
    }
    return true;
  }
}

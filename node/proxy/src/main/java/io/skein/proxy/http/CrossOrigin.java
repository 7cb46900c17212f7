package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import io.skein.proxy.web.Cors;

/// The CORS protocol on the wire (Fetch standard, §3.3): tells preflights, answers them, and says
/// in answers which pages may read them. What the endpoint says of that is replaced, because two
/// opinions in one answer are a failure to every browser. Private networks are granted to nobody.
final class CrossOrigin {
  private static final String PREFIX = "access-control-";

  private CrossOrigin() {}

  /// Whether a browser asks for leave, rather than a page for something.
  static boolean isPreflight(RequestFacts request) {
    return request.method.equals(HttpMethod.OPTIONS)
        && request.fields.first("access-control-request-method") != null
        && request.fields.first("origin") != null;
  }

  /// The answer to a preflight; one without leave makes the browser refuse.
  static void answer(Cors cors, RequestFacts request, ResponseFacts facts) {
    Fields fields = facts.fields;
    facts.status = 204;
    facts.framing = Framing.NONE;
    facts.length = 0;
    if (grant(cors, request, fields)) {
      put(fields, "access-control-allow-methods", cors.methodList());
      put(
          fields,
          "access-control-allow-headers",
          cors.headerList(request.fields.joined("access-control-request-headers")));
      fields.add("access-control-max-age", Integer.toString(cors.maxAgeSeconds()));
    }
    // What is said depends on all that a preflight says.
    vary(fields, "Access-Control-Request-Method");
    vary(fields, "Access-Control-Request-Headers");
  }

  /// Says in an answer who may read it.
  static void edit(Cors cors, RequestFacts request, Fields fields) {
    for (int i = fields.count() - 1; i >= 0; i--) {
      CharSequence name = fields.name(i);
      if (name.length() > PREFIX.length()
          && AsciiString.regionMatchesAscii(name, true, 0, PREFIX, 0, PREFIX.length())) {
        fields.remove(name);
        i = Math.min(i, fields.count());
      }
    }
    if (grant(cors, request, fields)) {
      put(fields, "access-control-expose-headers", cors.exposedList());
    }
  }

  private static boolean grant(Cors cors, RequestFacts request, Fields fields) {
    CharSequence origin = request.fields.first("origin");
    boolean granted = origin != null && cors.allows(origin);
    if (cors.open()) {
      // The same for everybody, so that caches may keep one answer for all.
      fields.add("access-control-allow-origin", "*");
      return granted;
    }
    vary(fields, "Origin");
    if (origin != null && granted) {
      fields.add("access-control-allow-origin", origin);
      if (cors.credentials()) {
        fields.add("access-control-allow-credentials", "true");
      }
    }
    return granted;
  }

  private static void put(Fields fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.add(name, value);
    }
  }

  /// Says that an answer depends on a field of the request, unless it says so already.
  static void vary(Fields fields, String name) {
    for (int i = 0; i < fields.count(); i++) {
      if (AsciiString.contentEqualsIgnoreCase(fields.name(i), "vary")) {
        for (String each : fields.value(i).toString().split(",", -1)) {
          if (each.strip().equalsIgnoreCase(name) || each.strip().equals("*")) {
            return;
          }
        }
      }
    }
    fields.add("vary", name);
  }
}

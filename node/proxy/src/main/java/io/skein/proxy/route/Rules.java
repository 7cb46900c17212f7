package io.skein.proxy.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All rules, arranged so that the one for a request is found without looking at the others.
/// Immutable: any thread.
///
/// Each host that some rule names has a [PathIndex] of the rules that may be for it: its own, those
/// of wildcards above it, and those for any host, in the order in which they are asked. A host that
/// no rule names has that of the longest wildcard above it, or the one of the rules for any host. A
/// lookup is one hash of the host, one per label where wildcards are used, and one per segment of
/// the path; it allocates nothing, unless regular expressions or encoded parameters are asked.
public final class Rules {
  /// No rule at all.
  public static final Rules NONE = new Rules(List.of());

  static final Comparator<Entry> ORDER =
      Comparator.comparingInt((Entry e) -> -e.rule().priority())
          .thenComparingInt(e -> -hostRank(e.host()))
          .thenComparingInt(e -> -e.rule().path().rank())
          .thenComparingInt(e -> -e.rule().path().text().length())
          .thenComparingInt(e -> e.rule().methods().isEmpty() ? 1 : 0)
          .thenComparingInt(e -> -e.rule().fields().size())
          .thenComparingInt(e -> -e.rule().parameters().size())
          .thenComparing(e -> e.rule().name());

  /// A rule under one of its hosts; empty for any.
  record Entry(Rule rule, String host) {}

  private final List<Rule> all;
  private final Words<PathIndex> exact;
  private final Words<PathIndex> wildcards;
  private final boolean hasWildcards;
  private final @Nullable PathIndex any;

  public Rules(List<Rule> rules) {
    all = List.copyOf(rules);
    List<Entry> entries = new ArrayList<>();
    for (Rule rule : all) {
      if (rule.hosts().isEmpty()) {
        entries.add(new Entry(rule, ""));
      }
      rule.hosts().forEach(host -> entries.add(new Entry(rule, host)));
    }
    entries.sort(ORDER);
    TreeSet<String> hosts = new TreeSet<>();
    entries.forEach(entry -> hosts.add(entry.host()));
    Map<String, PathIndex> exactHosts = new HashMap<>();
    Map<String, PathIndex> suffixes = new HashMap<>();
    for (String host : hosts) {
      if (host.startsWith("*.")) {
        suffixes.put(host.substring(2), index(entries, host));
      } else if (!host.isEmpty()) {
        exactHosts.put(host, index(entries, host));
      }
    }
    exact = new Words<>(exactHosts, true);
    wildcards = new Words<>(suffixes, true);
    hasWildcards = !suffixes.isEmpty();
    any = hosts.contains("") ? index(entries, "") : null;
  }

  private static PathIndex index(List<Entry> entries, String host) {
    return new PathIndex(
        entries.stream().filter(e -> covers(e.host(), host)).map(Entry::rule).distinct().toList());
  }

  /// Whether all that `host` stands for belongs to `pattern` too.
  private static boolean covers(String pattern, String host) {
    if (pattern.isEmpty() || pattern.equals(host)) {
      return true;
    }
    return pattern.startsWith("*.") && host.endsWith(pattern.substring(1));
  }

  private static int hostRank(String host) {
    return host.isEmpty() ? 0 : host.startsWith("*.") ? host.length() : 1_000;
  }

  /// All of them, as they were given.
  public List<Rule> all() {
    return all;
  }

  /// The rules that may be for a host.
  ///
  /// @param host the Host header as received
  /// @return null if there are none: its paths are of no concern to rules
  public @Nullable PathIndex forHost(String host) {
    if (all.isEmpty()) {
      return null;
    }
    int bracket = host.lastIndexOf(']');
    int colon = host.indexOf(':', Math.max(0, bracket));
    int end = colon < 0 ? host.length() : colon;
    if (end > 0 && host.charAt(end - 1) == '.') {
      end--;
    }
    PathIndex found = exact.get(host, 0, end);
    if (found == null && hasWildcards) {
      for (int dot = host.indexOf('.'); dot > 0 && dot < end; dot = host.indexOf('.', dot + 1)) {
        found = wildcards.get(host, dot + 1, end);
        if (found != null) {
          return found;
        }
      }
    }
    return found == null ? any : found;
  }

  /// The rule for a request, whose target is in plain form; null if none matches.
  public @Nullable Rule find(Asked asked) {
    PathIndex paths = forHost(asked.host());
    return paths == null ? null : paths.find(asked);
  }

  /// The same by asking every rule: for explanations and to check [#find] against.
  public List<Rule> inOrder(String hostHeader) {
    String host = plainHost(hostHeader);
    return all.stream()
        .flatMap(rule ->
            rule.hosts().isEmpty()
                ? java.util.stream.Stream.of(new Entry(rule, ""))
                : rule.hosts().stream().map(h -> new Entry(rule, h)))
        .filter(e -> e.host().isEmpty() || e.host().equals(host) || below(host, e.host()))
        .sorted(ORDER)
        .map(Entry::rule)
        .distinct()
        .toList();
  }

  private static boolean below(String host, String pattern) {
    return pattern.startsWith("*.")
        && host.endsWith(pattern.substring(1))
        && host.length() > pattern.length() - 1;
  }

  private static String plainHost(String header) {
    String host = header.toLowerCase(Locale.ROOT);
    int colon = host.indexOf(':', Math.max(0, host.lastIndexOf(']')));
    host = colon < 0 ? host : host.substring(0, colon);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}

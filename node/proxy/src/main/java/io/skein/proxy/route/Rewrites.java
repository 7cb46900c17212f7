package io.skein.proxy.route;

/// What becomes of targets.
public final class Rewrites {
  private Rewrites() {}

  /// The target as a rule wants it, in plain form again where that can be; else what it was.
  ///
  /// @param target a path in plain form, perhaps with a query
  public static String apply(Rule rule, Action.Rewrite rewrite, String target) {
    int end = SafePath.end(target);
    String path =
        switch (rewrite) {
          case Action.Rewrite.Keep() -> target.substring(0, end);
          case Action.Rewrite.Prefix(String with) -> prefix(rule, with, target.substring(0, end));
          case Action.Rewrite.Substitution(String with) ->
              rule.path() instanceof PathMatch.Regex(var pattern)
                  ? pattern
                      .matcher(SafePath.withoutParameters(target.substring(0, end)))
                      .replaceFirst(with)
                  : target.substring(0, end);
        };
    String safe = SafePath.of(path);
    return (safe.isEmpty() || safe.indexOf('?') >= 0 ? target.substring(0, end) : safe)
        + target.substring(end);
  }

  private static String prefix(Rule rule, String with, String path) {
    String matched = rule.path().text();
    int at = 0;
    if (!matched.equals("/")) {
      // By segments, because those of the path may have parameters.
      for (int i = 0; i < matched.length() && at >= 0; i++) {
        if (matched.charAt(i) == '/') {
          at = path.indexOf('/', at + 1);
        }
      }
    }
    String rest = at < 0 ? "" : path.substring(at);
    if (rest.isEmpty()) {
      return with;
    }
    return (with.endsWith("/") ? with.substring(0, with.length() - 1) : with) + rest;
  }
}

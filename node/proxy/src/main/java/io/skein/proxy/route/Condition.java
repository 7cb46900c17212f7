package io.skein.proxy.route;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What a header field or a query parameter must be. A name that occurs several times is as
/// demanded if any of its values is; an inverted condition holds if none is.
///
/// @param name of the field, in any case; of the parameter, exactly
/// @param match what a value must be
/// @param inverted whether it must not be
public record Condition(String name, TextMatch match, boolean inverted) {
  boolean holdsForFields(Asked asked) {
    return asked.anyField(name, match) != inverted;
  }

  /// Whether it holds for the query of a target (`application/x-www-form-urlencoded`).
  boolean holdsForQuery(String target) {
    return anyParameter(target) != inverted;
  }

  private boolean anyParameter(String target) {
    int at = target.indexOf('?') + 1;
    if (at == 0) {
      return false;
    }
    while (at <= target.length()) {
      int next = target.indexOf('&', at);
      int end = next < 0 ? target.length() : next;
      int equals = target.indexOf('=', at);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (nameEnd > at
          && decoded(target, at, nameEnd).equals(name)
          && match.matches(nameEnd == end ? "" : decoded(target, nameEnd + 1, end))) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private static String decoded(String text, int from, int to) {
    String raw = text.substring(from, to);
    if (raw.indexOf('%') < 0 && raw.indexOf('+') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      // A broken encoding is taken as it is written.
      return raw;
    }
  }
}

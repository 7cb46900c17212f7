package io.skein.routing.predict;

/// A path with the segments that name single things replaced, so that `/users/17/orders` and
/// `/users/4711/orders` are one. A segment is replaced by
///
/// - `{number}` if it is made of digits;
/// - `{uuid}` if it has the form of one (8-4-4-4-12 hexadecimal digits);
/// - `{hex}` if it is 8 or more hexadecimal digits, a decimal one among them;
/// - `{token}` if it is longer than [#LONGEST_WORD], or 16 or longer with at least 4 digits in it.
///
/// What follows the [#MOST_SEGMENTS]th segment is `{rest}`; the query does not count. An extension
/// stays with its segment: `17.json` is a word.
public final class PathTemplate {
  /// Segments that are told apart.
  public static final int MOST_SEGMENTS = 8;

  /// A segment longer than that is a token.
  public static final int LONGEST_WORD = 40;

  private static final int SHORTEST_HEX = 8;
  private static final int SHORTEST_TOKEN = 16;
  private static final int TOKEN_DIGITS = 4;
  private static final int UUID_LENGTH = 36;
  private static final long BASIS = 0xCBF2_9CE4_8422_2325L;
  private static final long PRIME = 0x100_0000_01B3L;

  private enum Kind {
    WORD(""),
    NUMBER("{number}"),
    UUID("{uuid}"),
    HEX("{hex}"),
    TOKEN("{token}");

    final String shown;

    Kind(String shown) {
      this.shown = shown;
    }
  }

  private PathTemplate() {}

  /// The template's hash (FNV-1a over words and kinds). Allocates nothing.
  ///
  /// @param target path and query
  public static long hash(String target) {
    int end = end(target);
    long hash = BASIS;
    int at = begin(target, end);
    for (int segments = 0; at <= end && segments < MOST_SEGMENTS; segments++) {
      int start = at;
      long word = hash;
      int digits = 0;
      int hex = 0;
      int hyphens = 0;
      for (; at < end; at++) {
        char c = target.charAt(at);
        if (c == '/') {
          break;
        }
        word = (word ^ c) * PRIME;
        if (c <= '9' && c >= '0') {
          digits++;
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
          hex++;
        } else if (c == '-') {
          hyphens++;
        }
      }
      Kind kind = kind(target, start, at - start, digits, hex, hyphens);
      hash = ((kind == Kind.WORD ? word : hash ^ kind.ordinal()) ^ '/') * PRIME;
      at++;
    }
    return at <= end ? ~hash : hash;
  }

  /// The template as text.
  ///
  /// @param target path and query
  public static String of(String target) {
    int end = end(target);
    StringBuilder text = new StringBuilder();
    int segments = 0;
    int at = begin(target, end);
    while (at <= end && segments < MOST_SEGMENTS) {
      int next = target.indexOf('/', at);
      int stop = next < 0 || next > end ? end : next;
      text.append('/').append(segment(target, at, stop));
      at = stop + 1;
      segments++;
    }
    return at <= end ? text.append("/{rest}").toString() : text.toString();
  }

  private static String segment(String target, int from, int to) {
    int digits = 0;
    int hex = 0;
    int hyphens = 0;
    for (int i = from; i < to; i++) {
      char c = target.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
        hex++;
      } else if (c == '-') {
        hyphens++;
      }
    }
    Kind kind = kind(target, from, to - from, digits, hex, hyphens);
    return kind == Kind.WORD ? target.substring(from, to) : kind.shown;
  }

  private static Kind kind(String target, int from, int length, int digits, int hex, int hyphens) {
    if (digits == 0) {
      return length > LONGEST_WORD ? Kind.TOKEN : Kind.WORD;
    }
    if (digits == length) {
      return Kind.NUMBER;
    }
    if (digits + hex == length && length >= SHORTEST_HEX) {
      return Kind.HEX;
    }
    if (length == UUID_LENGTH
        && hyphens == 4
        && digits + hex == 32
        && target.charAt(from + 8) == '-'
        && target.charAt(from + 13) == '-'
        && target.charAt(from + 18) == '-'
        && target.charAt(from + 23) == '-') {
      return Kind.UUID;
    }
    return length > LONGEST_WORD || (length >= SHORTEST_TOKEN && digits >= TOKEN_DIGITS)
        ? Kind.TOKEN
        : Kind.WORD;
  }

  private static int begin(String target, int end) {
    return end > 0 && target.charAt(0) == '/' ? 1 : 0;
  }

  private static int end(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target.length() : query;
  }
}

package io.skein.proxy.route;

/// The one form of a path that rules see and endpoints get, so that nobody gets past a rule by
/// spelling a path in another way.
///
/// What a path becomes (RFC 3986 §6.2.2, §5.2.4):
/// - an encoded letter, digit, `-`, `.`, `_` or `~` is decoded, once; other encodings stay, in
///   upper case, so that `%252e` remains what it is;
/// - several slashes are one;
/// - `.` and `..` segments are resolved.
///
/// What is refused, because endpoints read it in more than one way: `..` above the root, broken
/// encodings, encoded slashes, backslashes and NUL, a backslash, and parameters (`;x=1`) of a
/// segment that is empty or of dots. Other parameters go upstream, but rules do not see them:
/// `/admin;x` is `/admin` to them, as it is to servlets. The query stays as it is.
public final class SafePath {
  /// What [#of] answers for a target that is refused.
  public static final String REFUSED = "";

  private SafePath() {}

  /// The target with its path in plain form: the same object if it was.
  ///
  /// @param target a path and perhaps a query
  /// @return [#REFUSED] if it has no such form
  public static String of(String target) {
    int length = target.length();
    if (length == 0 || target.charAt(0) != '/') {
      return REFUSED;
    }
    char before = 0;
    for (int i = 0; i < length; i++) {
      char c = target.charAt(i);
      if (c == '?') {
        break;
      }
      if (c == '%'
          || c == ';'
          || c == '\\'
          || c <= 0x20
          || c == 0x7f
          || c == '#'
          || (before == '/' && (c == '/' || c == '.'))) {
        return rewritten(target);
      }
      before = c;
    }
    return target;
  }

  /// Where the path of a target ends.
  public static int end(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target.length() : query;
  }

  /// What rules see of a target in plain form: its path without parameters. The same object if
  /// there are none.
  static String withoutParameters(String target) {
    int end = end(target);
    int at = target.indexOf(';');
    if (at < 0 || at >= end) {
      return target;
    }
    StringBuilder out = new StringBuilder(target.length());
    boolean skip = false;
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      skip = c == ';' || (skip && c != '/');
      if (!skip) {
        out.append(c);
      }
    }
    return out.append(target, end, target.length()).toString();
  }

  private static String rewritten(String target) {
    int end = end(target);
    StringBuilder out = new StringBuilder(target.length());
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      if (c == '\\' || c == '#' || c <= 0x20 || c == 0x7f) {
        return REFUSED;
      }
      if (c == '%') {
        int value = i + 2 < end ? hex(target.charAt(i + 1)) << 4 | hex(target.charAt(i + 2)) : -1;
        if (value <= 0 || value == '/' || value == '\\') {
          return REFUSED;
        }
        i += 2;
        if (isUnreserved(value)) {
          c = (char) value;
        } else {
          out.append('%').append(digit(value >> 4)).append(digit(value & 15));
          continue;
        }
      }
      if (c == '/' && !out.isEmpty() && out.charAt(out.length() - 1) == '/') {
        continue;
      }
      out.append(c);
    }
    return resolved(out) ? out.append(target, end, target.length()).toString() : REFUSED;
  }

  /// Resolves dot segments in place.
  private static boolean resolved(StringBuilder path) {
    int read = 0;
    int write = 0;
    int length = path.length();
    while (read < length) {
      // At a slash; the segment is what follows it.
      int end = path.indexOf("/", read + 1);
      end = end < 0 ? length : end;
      int parameters = path.indexOf(";", read);
      int nameEnd = parameters < 0 || parameters > end ? end : parameters;
      int dots = nameEnd - read - 1;
      boolean onlyDots =
          (dots == 1 && path.charAt(read + 1) == '.')
              || (dots == 2 && path.charAt(read + 1) == '.' && path.charAt(read + 2) == '.');
      if (nameEnd < end && (onlyDots || dots == 0)) {
        return false;
      }
      if (onlyDots) {
        if (dots == 2) {
          if (write == 0) {
            return false;
          }
          write = path.lastIndexOf("/", write - 1);
        }
        if (end == length) {
          // A directory: "/a/." is "/a/".
          path.setCharAt(write++, '/');
        }
      } else {
        for (int i = read; i < end; i++) {
          path.setCharAt(write++, path.charAt(i));
        }
      }
      read = end;
    }
    path.setLength(write);
    return true;
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  // Negative for what is no digit; shifted and or-ed with another it stays negative.
  private static int hex(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : Integer.MIN_VALUE >> 8;
  }

  private static char digit(int value) {
    return (char) (value < 10 ? '0' + value : 'A' + value - 10);
  }
}

package io.skein.proxy.route;

import com.google.re2j.Pattern;

/// Which paths a rule is for; all in the form of [SafePath], without the query.
public sealed interface PathMatch {
  /// Every path.
  PathMatch ANY = new Prefix("/");

  /// Whether the path, `target` up to `end`, is one of them.
  boolean matches(String target, int end);

  /// How much it says: what is more telling is asked first.
  int rank();

  /// The text as configured.
  String text();

  /// One path.
  record Exact(String text) implements PathMatch {
    public Exact {
      requirePath(text);
    }

    @Override
    public boolean matches(String target, int end) {
      return end == text.length() && target.startsWith(text);
    }

    @Override
    public int rank() {
      return 2;
    }
  }

  /// A path and all below it: `/a` is `/a`, `/a/` and `/a/b`, never `/ab`. A slash at the end means
  /// nothing.
  record Prefix(String text) implements PathMatch {
    public Prefix {
      requirePath(text);
      if (text.length() > 1 && text.endsWith("/")) {
        text = text.substring(0, text.length() - 1);
      }
    }

    @Override
    public boolean matches(String target, int end) {
      int length = text.length();
      return length == 1
          || (end >= length
              && target.startsWith(text)
              && (end == length || target.charAt(length) == '/'));
    }

    @Override
    public int rank() {
      return 0;
    }
  }

  /// Paths of a form, from the first character to the last.
  record Regex(Pattern pattern) implements PathMatch {
    /// @throws IllegalArgumentException if that is no expression of RE2, or too long
    public Regex(String pattern) {
      this(TextMatch.Regex.compile(pattern));
    }

    @Override
    public boolean matches(String target, int end) {
      return pattern.matcher(target.substring(0, end)).matches();
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public String text() {
      return pattern.pattern();
    }
  }

  private static void requirePath(String text) {
    if (text.isEmpty() || !SafePath.of(text).equals(text) || text.indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no path in plain form (expected: begins with '/', without '//', '..',"
              + " '%2f', '?', or an encoding of what needs none)");
    }
  }
}

package io.skein.proxy.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// What a text must be. Regular expressions are RE2's: they take time linear in the text, whatever
/// either looks like, and must match the whole of it.
public sealed interface TextMatch {
  /// Most characters of a regular expression.
  int MAX_REGEX = 256;

  /// Whether `text` is like that.
  boolean matches(CharSequence text);

  /// Anything at all.
  record Present() implements TextMatch {
    @Override
    public boolean matches(CharSequence text) {
      return true;
    }
  }

  /// This text.
  record Exact(String text) implements TextMatch {
    @Override
    public boolean matches(CharSequence other) {
      return text.contentEquals(other);
    }
  }

  /// A text that begins like this.
  record Prefix(String text) implements TextMatch {
    @Override
    public boolean matches(CharSequence other) {
      int length = text.length();
      if (other.length() < length) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        if (other.charAt(i) != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }

  /// A text of this form.
  record Regex(Pattern pattern) implements TextMatch {
    /// @throws IllegalArgumentException if that is no expression of RE2, or too long
    public Regex(String pattern) {
      this(compile(pattern));
    }

    @Override
    public boolean matches(CharSequence text) {
      return pattern.matcher(text).matches();
    }

    static Pattern compile(String text) {
      if (text.length() > MAX_REGEX) {
        throw new IllegalArgumentException(
            "regex: " + text.length() + " characters (expected: at most " + MAX_REGEX + ")");
      }
      try {
        return Pattern.compile(text);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("regex: " + e.getDescription(), e);
      }
    }
  }
}

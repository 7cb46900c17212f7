package io.skein.chaos.report;

import java.util.Locale;

/// Text for HTML and SVG.
final class Markup {
  private Markup() {}

  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }

  /// Escaped, and cut where it is longer than `most` characters.
  static String brief(String text, int most) {
    return text.length() <= most ? escape(text) : escape(text.substring(0, most)) + " …";
  }

  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /// A number without needless digits.
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e12) {
      return format("%,d", (long) value);
    }
    return format(Math.abs(value) < 10 ? "%.2f" : Math.abs(value) < 100 ? "%.1f" : "%,.0f", value);
  }
}

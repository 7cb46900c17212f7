package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.Locale;

/// How figures look in tables: with units, `-` for what is not known.
final class Figures {
  static final String UNKNOWN = "-";

  private Figures() {}

  /// A text; what would steer the terminal is replaced.
  static String text(Json value) {
    String text = value.text("");
    return text.isEmpty() ? UNKNOWN : printable(text, 1_000);
  }

  /// Milliseconds: `0.4 ms`, `81 ms`, `1.2 s`.
  static String millis(Json value) {
    double millis = value.number();
    if (Double.isNaN(millis)) {
      return UNKNOWN;
    }
    if (millis >= 9_999.5) {
      return decimal(millis / 1_000, 0) + " s";
    }
    if (millis >= 999.5) {
      return decimal(millis / 1_000, 1) + " s";
    }
    return decimal(millis, millis < 9.95 ? 1 : 0) + " ms";
  }

  /// A share from 0 to 1: `41 %`.
  static String percent(Json value) {
    double share = value.number();
    return Double.isNaN(share) ? UNKNOWN : decimal(share * 100, 0) + " %";
  }

  /// A score from 0 to 1: `0.98`.
  static String score(Json value) {
    double score = value.number();
    return Double.isNaN(score) ? UNKNOWN : decimal(score, 2);
  }

  /// A quantity, with as many digits as its size needs.
  static String quantity(Json value) {
    double number = value.number();
    if (Double.isNaN(number)) {
      return UNKNOWN;
    }
    return decimal(number, Math.abs(number) >= 99.5 || number == Math.rint(number) ? 0 : 1);
  }

  /// An age in seconds: `now`, `0.2s`, `14s`, `3m`, `2h`, `5d`.
  static String age(double seconds) {
    if (Double.isNaN(seconds)) {
      return UNKNOWN;
    }
    if (seconds < 0.05) {
      return "now";
    }
    if (seconds < 9.95) {
      return decimal(seconds, 1) + "s";
    }
    if (seconds < 120) {
      return decimal(seconds, 0) + "s";
    }
    if (seconds < 7_200) {
      return (long) (seconds / 60) + "m";
    }
    return seconds < 172_800 ? (long) (seconds / 3_600) + "h" : (long) (seconds / 86_400) + "d";
  }

  /// `yes`, `no` or unknown.
  static String truth(Json value) {
    return value instanceof Json.Truth(boolean truth) ? (truth ? "yes" : "no") : UNKNOWN;
  }

  /// At most `most` characters, none of which controls a terminal.
  static String printable(String text, int most) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(most)
        .forEach(c -> {
          boolean control = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
          out.appendCodePoint(control ? '\uFFFD' : c);
        });
    return out.toString();
  }

  private static String decimal(double value, int places) {
    String text = String.format(Locale.ROOT, "%." + places + "f", value);
    return text.equals("-0") ? "0" : text;
  }
}

package io.skein.app.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as configured: a whole number and `ms`, `s`, `m` or `h`.
final class Durations {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private Durations() {}

  static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      String why =
          NUMBER.matcher(text).matches()
              ? "'" + text + "' has no unit"
              : "'" + text + "' is not a duration";
      throw new ConfigMistake(
          ConfigCode.BAD_DURATION,
          why + "; expected a whole number and ms, s, m or h, such as 10s");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /// The shortest text that parses to `value`, which has whole milliseconds.
  static String format(Duration value) {
    long millis = value.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
  }
}

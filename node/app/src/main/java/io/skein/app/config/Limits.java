package io.skein.app.config;

import java.time.Duration;
import java.util.regex.Pattern;

/// What values may be: used by the parsers of values, which know positions, and again by the
/// records' constructors, which cannot be passed by.
final class Limits {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern CATALOGUE_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#]]{0,511}");

  private Limits() {}

  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new ConfigMistake(
          ConfigCode.BAD_NAME,
          "'"
              + text
              + "' is not a name; expected 1 to 63 letters, digits, '.', '_' or '-', starting with"
              + " a letter or digit");
    }
    return text;
  }

  static String catalogueNameOrNothing(String text) {
    return text.isEmpty() ? text : catalogueName(text);
  }

  static String catalogueName(String text) {
    if (!CATALOGUE_NAME.matcher(text).matches()) {
      throw new ConfigMistake(
          ConfigCode.BAD_NAME,
          "'"
              + text
              + "' is not a name; expected 1 to 63 of a-z, 0-9 and '-', no dash at either end");
    }
    return text;
  }

  static String requestPath(String text) {
    if (!PATH.matcher(text).matches()) {
      throw new ConfigMistake(
          ConfigCode.BAD_PATH,
          "'"
              + text
              + "' is not a request path; expected '/' and at most 511 visible characters"
              + " without '?' and '#'");
    }
    return text;
  }

  static Duration duration(Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new ConfigMistake(
          ConfigCode.BAD_DURATION,
          Durations.format(value)
              + " is out of range; expected "
              + Durations.format(least)
              + " to "
              + Durations.format(most));
    }
    return value;
  }

  static long bytes(long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigMistake(
          ConfigCode.BAD_NUMBER,
          Sizes.format(value)
              + " is out of range; expected "
              + Sizes.format(least)
              + " to "
              + Sizes.format(most));
    }
    return value;
  }

  static double fraction(double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new ConfigMistake(
          ConfigCode.BAD_NUMBER, value + " is out of range; expected 0 to " + most);
    }
    return value;
  }

  static int integer(int value, int least, int most) {
    if (value < least || value > most) {
      throw new ConfigMistake(
          ConfigCode.BAD_NUMBER, value + " is out of range; expected " + least + " to " + most);
    }
    return value;
  }
}

package io.skein.app.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts of bytes as people write them: a whole number and `KiB`, `MiB` or `GiB`.
final class Sizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(KiB|MiB|GiB)");

  private Sizes() {}

  static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new ConfigMistake(
          ConfigCode.BAD_NUMBER,
          "'" + text + "' is not an amount of bytes; expected a number and KiB, MiB or GiB: 64MiB");
    }
    int shift =
        switch (form.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          default -> 30;
        };
    return Long.parseLong(form.group(1)) << shift;
  }

  static String format(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    return bytes % (1L << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
  }
}

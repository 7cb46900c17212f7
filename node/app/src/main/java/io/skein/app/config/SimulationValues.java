package io.skein.app.config;

import io.skein.cli.Spelling;
import io.skein.simulator.experiment.Contenders;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Types of values that only experiments have: times below a millisecond, factors.
final class SimulationValues {
  private static final Pattern TIME =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)(us|ms|s|m|h)");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final int MOST_TEXT = 4_000;
  private static final long SECOND = 1_000_000_000L;

  static final String[] PROBES = {"node", "endpoint"};
  static final String[] SPACINGS = {"random", "even"};
  static final String[] LAWS = {"constant", "normal", "exponential", "log-normal", "two-modes"};

  /// A time that is not nothing.
  static final ValueType<Long> SPAN = time(1_000, 3_600 * SECOND);

  static final ValueType<String> TEXT =
      ValueType.text(text -> {
        if (text.length() > MOST_TEXT) {
          throw new ConfigMistake(
              ConfigCode.BAD_NUMBER, text.length() + " characters; expected at most " + MOST_TEXT);
        }
        return text;
      });

  static final ValueType<String> POLICY =
      ValueType.text(text -> {
        if (!Contenders.names().contains(text)) {
          throw new ConfigMistake(
              ConfigCode.UNKNOWN_WORD,
              "'"
                  + text
                  + "' is unknown"
                  + Spelling.hint(text, Contenders.names())
                  + "; expected one of "
                  + String.join(", ", Contenders.names()));
        }
        return text;
      });

  private SimulationValues() {}

  /// Nanoseconds, written as `20ms`, `1.5s` or `250us`.
  static ValueType<Long> time(long least, long most) {
    return new ValueType<>(text -> nanos(text, least, most), SimulationValues::show);
  }

  /// A number with or without decimals.
  static ValueType<Double> number(double least, double most) {
    return new ValueType<>(
        text -> {
          if (NUMBER.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
              return value;
            }
          }
          throw new ConfigMistake(
              ConfigCode.BAD_NUMBER,
              "'" + text + "' is not a number in range; expected " + least + " to " + most);
        },
        value -> Double.toString(value));
  }

  private static long nanos(String text, long least, long most) {
    Matcher matcher = TIME.matcher(text);
    if (matcher.matches()) {
      long unit =
          switch (matcher.group(2)) {
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            default -> 3_600 * SECOND;
          };
      long nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
      if (nanos >= least && nanos <= most) {
        return nanos;
      }
      throw new ConfigMistake(
          ConfigCode.BAD_DURATION,
          text + " is out of range; expected " + show(least) + " to " + show(most));
    }
    throw new ConfigMistake(
        ConfigCode.BAD_DURATION,
        "'" + text + "' is not a time; expected a number and us, ms, s, m or h, such as 1.5s");
  }

  static String show(long nanos) {
    for (Unit unit : Unit.values()) {
      if (nanos % unit.nanos == 0 && nanos >= unit.nanos) {
        return nanos / unit.nanos + unit.text;
      }
    }
    return nanos == 0 ? "0s" : nanos / 1_000.0 + "us";
  }

  private enum Unit {
    HOUR(3_600 * SECOND, "h"),
    MINUTE(60 * SECOND, "m"),
    WHOLE(SECOND, "s"),
    MILLI(1_000_000, "ms"),
    MICRO(1_000, "us");

    final long nanos;
    final String text;

    Unit(long nanos, String text) {
      this.nanos = nanos;
      this.text = text;
    }
  }
}

package io.skein.app.config;

import io.skein.cli.Spelling;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/// How the text of one value becomes a value and back.
///
/// @param parse throws [ConfigMistake]
/// @param show the text that would parse to the value, or `***`
record ValueType<T>(Function<String, T> parse, Function<T, String> show) {
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  static final ValueType<String> NAME = text(Limits::name);
  static final ValueType<String> ZONE = text(Limits::catalogueNameOrNothing);
  static final ValueType<String> CATALOGUE_NAME = text(Limits::catalogueName);
  static final ValueType<String> REQUEST_PATH = text(Limits::requestPath);
  static final ValueType<String> HOST = text(ServiceConfig::host);
  static final ValueType<HostPort> ADDRESS = new ValueType<>(HostPort::parse, HostPort::toString);
  static final ValueType<HostPort> REACHABLE =
      new ValueType<>(text -> MeshConfig.reachable(HostPort.parse(text)), HostPort::toString);
  static final ValueType<HostPort> SEED =
      new ValueType<>(text -> MeshConfig.seed(HostPort.parse(text)), HostPort::toString);
  static final ValueType<URI> ENDPOINT_URL =
      new ValueType<>(EndpointConfig::parseUrl, URI::toString);
  static final ValueType<Secret> SECRET = new ValueType<>(Secret::new, Secret::toString);
  static final ValueType<Path> FILE = new ValueType<>(ValueType::file, Path::toString);
  static final ValueType<Boolean> SWITCH =
      new ValueType<>(ValueType::yesOrNo, value -> Boolean.toString(value));

  static ValueType<String> text(Function<String, String> check) {
    return new ValueType<>(check, Function.identity());
  }

  static ValueType<Duration> duration(Duration least, Duration most) {
    return new ValueType<>(
        text -> Limits.duration(Durations.parse(text), least, most), Durations::format);
  }

  static ValueType<Integer> integer(int least, int most) {
    return new ValueType<>(
        text -> {
          if (!INTEGER.matcher(text).matches()) {
            throw new ConfigMistake(
                ConfigCode.BAD_NUMBER,
                "'" + text + "' is not a whole number; expected " + least + " to " + most);
          }
          return Limits.integer(Integer.parseInt(text), least, most);
        },
        value -> Integer.toString(value));
  }

  static ValueType<Long> bytes(long least, long most) {
    return new ValueType<>(text -> Limits.bytes(Sizes.parse(text), least, most), Sizes::format);
  }

  /// A relative price, in thousandths.
  static final ValueType<Integer> PRICE_MILLI =
      new ValueType<>(
          text -> {
            double price = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) * 1_000 : -1;
            long milli = Math.round(price);
            if (milli < PutEndpoint.LEAST_PRICE
                || milli > PutEndpoint.MOST_PRICE
                || Math.abs(price - milli) > 1e-6) {
              throw new ConfigMistake(
                  ConfigCode.BAD_NUMBER,
                  "'" + text + "' is not a price; expected 0.01 to 100, such as 1.5 or 0.125");
            }
            return (int) milli;
          },
          milli -> Double.toString(milli / 1_000.0));

  static ValueType<Double> fraction(double most) {
    return new ValueType<>(
        text -> {
          if (!DECIMAL.matcher(text).matches()) {
            throw new ConfigMistake(
                ConfigCode.BAD_NUMBER, "'" + text + "' is not a number; expected 0 to " + most);
          }
          return Limits.fraction(Double.parseDouble(text), most);
        },
        value -> Double.toString(value));
  }

  static <T> ValueType<T> word(T[] values, Function<T, String> word) {
    List<String> known = Arrays.stream(values).map(word).toList();
    return new ValueType<>(
        text -> {
          int at = known.indexOf(text);
          if (at < 0) {
            throw new ConfigMistake(
                ConfigCode.UNKNOWN_WORD,
                "'"
                    + text
                    + "' is unknown"
                    + Spelling.hint(text, known)
                    + "; expected one of "
                    + String.join(", ", known));
          }
          return values[at];
        },
        word);
  }

  private static Boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new ConfigMistake(
              ConfigCode.BAD_BOOLEAN, "'" + text + "' is not a switch; expected true or false");
    };
  }

  private static Path file(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException _) {
      // Reported below.
    }
    throw new ConfigMistake(ConfigCode.BAD_PATH, "'" + text + "' is not a path of a file");
  }
}

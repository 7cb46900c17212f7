package io.skein.app.contract.cel;

import io.skein.reputation.contract.Figures;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// What conditions speak of: figures of one subject in one window.
enum Variable {
  /// Median latency, microseconds.
  P50_US("p50_us", Figures::p50Micros),
  /// 99th percentile of latency, microseconds.
  P99_US("p99_us", Figures::p99Micros),
  /// Median latency in milliseconds, rounded up, so that `<=` means what it says.
  P50_MS("p50_ms", figures -> millis(figures.p50Micros())),
  /// 99th percentile in milliseconds, rounded up.
  P99_MS("p99_ms", figures -> millis(figures.p99Micros())),
  /// Of a million requests, how many failed or were slower than the service allows.
  BAD_PPM("bad_ppm", Figures::badPpm),
  /// Requests that the raters counted together.
  REQUESTS("requests", Figures::requests),
  /// How many raters spoke.
  RATERS("raters", Figures::raters);

  private final String word;
  private final ToLongFunction<Figures> value;

  Variable(String word, ToLongFunction<Figures> value) {
    this.word = word;
    this.value = value;
  }

  String word() {
    return word;
  }

  static Optional<Object> value(String word, Figures figures) {
    for (Variable variable : values()) {
      if (variable.word.equals(word)) {
        return Optional.of(variable.value.applyAsLong(figures));
      }
    }
    return Optional.empty();
  }

  static String words() {
    return Arrays.stream(values()).map(Variable::word).collect(Collectors.joining(", "));
  }

  private static long millis(long micros) {
    return (micros + 999) / 1_000;
  }
}

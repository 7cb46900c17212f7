package io.skein.chaos.check;

import java.util.Arrays;
import java.util.Optional;

/// Spans of time, for quantiles.
final class Millis {
  private static final double NANOS = 1e6;
  private long[] nanos = new long[64];
  private int size;

  void add(long span) {
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, size * 2);
    }
    nanos[size++] = span;
  }

  /// Puts count, median, 99th percentile and greatest among the figures, if there are any.
  void figures(Findings into, String name) {
    if (size > 0) {
      Arrays.sort(nanos, 0, size);
      into.figure(name + " count", size);
      into.figure(name + " p50 ms", quantile(0.5));
      into.figure(name + " p99 ms", quantile(0.99));
      into.figure(name + " max ms", nanos[size - 1] / NANOS);
    }
  }

  private double quantile(double q) {
    return nanos[(int) Math.min(size - 1, Math.ceil(q * size) - 1)] / NANOS;
  }

  /// Median and greatest in words; empty if there are none.
  Optional<String> summary() {
    if (size == 0) {
      return Optional.empty();
    }
    Arrays.sort(nanos, 0, size);
    return Optional.of(
        "median " + Math.round(quantile(0.5)) + " ms, at most " + text(nanos[size - 1]));
  }

  /// A span in words.
  static String text(long nanos) {
    return Math.round(nanos / NANOS) + " ms";
  }
}

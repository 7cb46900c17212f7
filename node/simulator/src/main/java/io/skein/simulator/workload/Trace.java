package io.skein.simulator.workload;

import java.util.Arrays;

/// Recorded requests: times with counts, ascending. Immutable.
public final class Trace {
  /// No requests.
  public static final Trace EMPTY = new Trace(new long[0], new double[0], 0);

  private final long[] atNanos;
  private final double[] counts;
  private final long binNanos;

  /// @param atNanos times from the first record on, ascending
  /// @param counts requests at each
  /// @param binNanos how long a count's bin is; 0 if the times are those of the requests themselves
  public Trace(long[] atNanos, double[] counts, long binNanos) {
    if (atNanos.length != counts.length) {
      throw new IllegalArgumentException(
          "counts: " + counts.length + " (expected: " + atNanos.length + ")");
    }
    for (int i = 0; i < counts.length; i++) {
      if (!(counts[i] >= 0 && counts[i] <= 1e8) || (i > 0 && atNanos[i] < atNanos[i - 1])) {
        throw new IllegalArgumentException(
            "row " + (i + 1) + ": expected a count from 0 to 1e8 and ascending times");
      }
    }
    this.atNanos = atNanos.clone();
    this.counts = counts.clone();
    this.binNanos = binNanos;
  }

  int size() {
    return atNanos.length;
  }

  long atNanos(int i) {
    return atNanos[i];
  }

  double count(int i) {
    return counts[i];
  }

  long binNanos() {
    return binNanos;
  }

  /// From the first to the end of the last.
  public long lengthNanos() {
    return atNanos.length == 0 ? 0 : atNanos[atNanos.length - 1] + binNanos;
  }

  /// All requests.
  public double total() {
    return Arrays.stream(counts).sum();
  }
}

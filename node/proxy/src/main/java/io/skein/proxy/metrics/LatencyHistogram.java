package io.skein.proxy.metrics;

import java.util.concurrent.atomic.LongAdder;

/// Request durations in the buckets that OpenTelemetry advises for `http.server.request.duration`
/// (semantic conventions 1.23). Any thread; a reader may see a sample in the count and not yet in
/// the sum.
public final class LatencyHistogram {
  private static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final long[] BOUNDS_NANOS = new long[BOUNDS.length];

  static {
    for (int i = 0; i < BOUNDS.length; i++) {
      BOUNDS_NANOS[i] = Math.round(BOUNDS[i] * 1e9);
    }
  }

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private final LongAdder sumNanos = new LongAdder();

  LatencyHistogram() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void record(long nanos) {
    int i = 0;
    while (i < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[i]) {
      i++;
    }
    buckets[i].increment();
    sumNanos.add(nanos);
  }

  /// Upper bounds in seconds, inclusive; one more bucket than bounds takes the rest.
  public static double[] boundsSeconds() {
    return BOUNDS.clone();
  }

  /// Samples per bucket, not cumulative; the last is above every bound.
  public long[] counts() {
    long[] counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return counts;
  }

  /// All samples.
  public long count() {
    long sum = 0;
    for (LongAdder bucket : buckets) {
      sum += bucket.sum();
    }
    return sum;
  }

  /// Sum of all samples.
  public double sumSeconds() {
    return sumNanos.sum() / 1e9;
  }
}

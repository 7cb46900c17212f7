package io.skein.app.demo;

import java.util.Arrays;

/// Latencies in logarithmic buckets of at most 1.6 % width, from 1 µs to 64 s. Thread-safe.
final class LatencyRecorder {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;
  private static final int BUCKETS = 27 * SUB;

  private final long[] counts = new long[BUCKETS];
  private long total;

  synchronized void record(long nanos) {
    counts[bucketOf(Math.max(1, nanos / 1_000))]++;
    total++;
  }

  /// The q-quantile in milliseconds, 0 before the first latency.
  synchronized double quantileMillis(double q) {
    if (total == 0) {
      return 0;
    }
    long rank = Math.max(1, (long) Math.ceil(q * total));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return upperMicros(i) / 1_000.0;
      }
    }
    return upperMicros(BUCKETS - 1) / 1_000.0;
  }

  synchronized void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  private static int bucketOf(long micros) {
    int magnitude = Math.max(0, 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS);
    return (int) Math.min(BUCKETS - 1, (long) magnitude * SUB + (micros >>> magnitude));
  }

  private static long upperMicros(int bucket) {
    if (bucket < 2 * SUB) {
      return bucket;
    }
    int magnitude = bucket / SUB - 1;
    return (long) (bucket - magnitude * SUB + 1) << magnitude;
  }
}

package io.skein.routing.ejection;

import io.skein.routing.window.SlidingCount;

/// Median latency of the last 5 s, to about 10 %: a histogram with four buckets an octave, from 131
/// µs to 8.6 s. Any thread; no locks, no allocation; 3 KiB.
final class LatencyWindow {
  private static final int LOWEST_OCTAVE = 17;
  private static final int BUCKETS = 64;
  private static final int SLOTS = 5;

  private final SlidingCount[] buckets = new SlidingCount[BUCKETS];

  LatencyWindow(long windowNanos) {
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new SlidingCount(windowNanos, SLOTS);
    }
  }

  void record(long latencyNanos, long nowNanos) {
    buckets[bucket(latencyNanos)].add(1, nowNanos);
  }

  /// The median's bucket, by its middle; 0 if there is nothing.
  long median(long nowNanos) {
    long[] counts = new long[BUCKETS];
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = buckets[i].sum(nowNanos);
      total += counts[i];
    }
    long rest = (total + 1) / 2;
    int i = 0;
    while (rest > counts[i]) {
      rest -= counts[i++];
    }
    return total == 0 ? 0 : middle(i);
  }

  void clear() {
    for (SlidingCount bucket : buckets) {
      bucket.clear();
    }
  }

  private static int bucket(long latencyNanos) {
    if (latencyNanos < 1L << LOWEST_OCTAVE) {
      return 0;
    }
    int octave = 63 - Long.numberOfLeadingZeros(latencyNanos);
    int quarter = (int) (latencyNanos >>> (octave - 2)) & 3;
    return Math.min(BUCKETS - 1, (octave - LOWEST_OCTAVE) * 4 + quarter);
  }

  private static long middle(int bucket) {
    int octave = LOWEST_OCTAVE + bucket / 4;
    return (8L + 2 * (bucket % 4) + 1) << (octave - 3);
  }
}

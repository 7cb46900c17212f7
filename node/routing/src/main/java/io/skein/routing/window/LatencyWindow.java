package io.skein.routing.window;

/// Quantiles of the latencies of the last while, to about 10 %: a histogram with four buckets an
/// octave, from 131 µs to 8.6 s. Any thread; recording takes no lock and allocates nothing; 5 KiB.
public final class LatencyWindow {
  private static final int LOWEST_OCTAVE = 17;
  private static final int BUCKETS = 64;
  private static final int SLOTS = 5;

  private final SlidingCount[] buckets = new SlidingCount[BUCKETS];

  /// @param windowNanos how far back it reaches
  public LatencyWindow(long windowNanos) {
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new SlidingCount(windowNanos, SLOTS);
    }
  }

  /// An answer took that long.
  public void record(long latencyNanos, long nowNanos) {
    buckets[bucket(latencyNanos)].add(1, nowNanos);
  }

  /// The median's bucket, by its middle; 0 if there is nothing.
  public long median(long nowNanos) {
    int bucket = bucketOf(0.5, 1, nowNanos);
    return bucket < 0 ? 0 : middle(bucket);
  }

  /// A latency that at least a share of `q` did not exceed, and hardly more: the upper end of the
  /// quantile's bucket.
  ///
  /// @param q in (0, 1]
  /// @param least samples without which nothing is said, at least 1
  /// @return nanoseconds; 0 if there are fewer samples
  public long quantile(double q, long least, long nowNanos) {
    int bucket = bucketOf(q, least, nowNanos);
    return bucket < 0 ? 0 : end(bucket);
  }

  private int bucketOf(double q, long least, long nowNanos) {
    long[] counts = new long[BUCKETS];
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = buckets[i].sum(nowNanos);
      total += counts[i];
    }
    if (total < least) {
      return -1;
    }
    long rest = Math.max(1, (long) Math.ceil(q * total));
    int i = 0;
    while (rest > counts[i]) {
      rest -= counts[i++];
    }
    return i;
  }

  /// Forgets everything.
  public void clear() {
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

  private static long end(int bucket) {
    int octave = LOWEST_OCTAVE + bucket / 4;
    return (4L + bucket % 4 + 1) << (octave - 2);
  }
}

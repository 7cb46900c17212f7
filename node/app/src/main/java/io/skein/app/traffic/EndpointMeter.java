package io.skein.app.traffic;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Counts one endpoint's outcomes. Counters only grow; readers take differences. Any thread; no
/// locks, no allocation on recording.
///
/// Latencies fall into buckets of 1/8 octave from 16 µs to 67 s: a quantile read from them is at
/// most 9 % too high.
public final class EndpointMeter {
  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;
  private static final int OCTAVES = 22;
  private static final long MIN_MICROS = 16;

  /// Number of latency buckets.
  static final int BUCKETS = OCTAVES * SUB + 1;

  private final LongAdder good = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicLongArray latencies = new AtomicLongArray(BUCKETS);

  /// Counts one request that ended.
  ///
  /// @param latencyNanos how long it took
  /// @param failure whether it failed
  /// @param slow whether it took longer than its service allows
  public void record(long latencyNanos, boolean failure, boolean slow) {
    if (failure) {
      failed.increment();
    }
    (failure || slow ? bad : good).increment();
    latencies.incrementAndGet(bucketOf(latencyNanos / 1_000));
  }

  static int bucketOf(long micros) {
    if (micros < MIN_MICROS) {
      return 0;
    }
    int octave = 63 - Long.numberOfLeadingZeros(micros);
    int sub = (int) (micros >>> (octave - SUB_BITS)) & (SUB - 1);
    int index = (octave - 4) * SUB + sub + 1;
    return Math.min(BUCKETS - 1, index);
  }

  static long upperMicros(int bucket) {
    if (bucket == 0) {
      return MIN_MICROS;
    }
    int octave = (bucket - 1) / SUB + 4;
    int sub = (bucket - 1) % SUB;
    return (1L << octave) + ((long) (sub + 1) << (octave - SUB_BITS));
  }

  /// The counters now.
  Reading read() {
    long[] counts = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = latencies.get(i);
    }
    return new Reading(good.sum(), bad.sum(), failed.sum(), counts);
  }

  /// Counters at a moment, or the difference of two moments.
  ///
  /// @param good requests answered well and in time
  /// @param bad requests failed or slow
  /// @param failed requests failed
  /// @param latencies requests by latency bucket
  @SuppressWarnings("ArrayRecordComponent") // private to this package, never compared
  record Reading(long good, long bad, long failed, long[] latencies) {
    static final Reading ZERO = new Reading(0, 0, 0, new long[BUCKETS]);

    Reading minus(Reading older) {
      long[] counts = new long[BUCKETS];
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] = latencies[i] - older.latencies[i];
      }
      return new Reading(good - older.good, bad - older.bad, failed - older.failed, counts);
    }

    Reading plus(Reading other) {
      long[] counts = new long[BUCKETS];
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] = latencies[i] + other.latencies[i];
      }
      return new Reading(good + other.good, bad + other.bad, failed + other.failed, counts);
    }

    long requests() {
      return good + bad;
    }

    /// The q-quantile of latency in microseconds, 0 without requests.
    long quantileMicros(double q) {
      long total = 0;
      for (long count : latencies) {
        total += count;
      }
      if (total == 0) {
        return 0;
      }
      long rank = Math.max(1, (long) Math.ceil(q * total));
      long seen = 0;
      for (int i = 0; i < BUCKETS; i++) {
        seen += latencies[i];
        if (seen >= rank) {
          return upperMicros(i);
        }
      }
      return upperMicros(BUCKETS - 1);
    }
  }
}

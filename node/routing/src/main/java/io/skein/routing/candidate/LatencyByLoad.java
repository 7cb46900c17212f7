package io.skein.routing.candidate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What an endpoint's latency is at how many requests in flight: the endpoint's answer to a probe.
/// Any thread; no locks, no allocation after construction. About 2 KiB.
///
/// Each answer is filed under the number of other requests that were in flight when it came, in
/// buckets that are exact up to 7 and then grow by half an octave. A bucket keeps its latest
/// [#KEPT] latencies. The latency at a load is the median of the nearest bucket that has any,
/// decayed with the time constant of [EndpointLoad#DECAY_NANOS] since that bucket's last answer, so
/// that what is no longer measured is tried again in the end.
///
/// Source: "the median of the latencies of recent queries whose RIF was close to the present one":
/// B. Wydrowski et al., "Load is not what you should balance: Introducing Prequal", NSDI 2024, §4.
/// The paper files by the RIF at arrival, this by the RIF at the answer.
public final class LatencyByLoad {
  /// Latencies kept for each bucket; how long a scratch array of [#latencyNanos] must be.
  public static final int KEPT = 8;

  private static final int EXACT = 8;
  private static final int BUCKETS = 32;
  // Weight of what was, for each new answer (C3, NSDI 2015, §4: α = 0.9).
  private static final double KEEP = 0.9;
  // What was counts no more than this leaves of it, where answers are rare.
  private static final double RARE_NANOS = 3e9;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] latencies = new long[BUCKETS * KEPT];
  private final long[] lastNanos = new long[BUCKETS];
  private final AtomicInteger[] counts = new AtomicInteger[BUCKETS];
  private final AtomicLong mean = new AtomicLong();
  private volatile long meanAtNanos;

  LatencyByLoad() {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = new AtomicInteger();
    }
  }

  void add(int rif, long latencyNanos, long nowNanos) {
    int bucket = bucket(rif);
    int n = counts[bucket].getAndIncrement();
    LONGS.setOpaque(latencies, bucket * KEPT + (n & KEPT - 1), latencyNanos);
    LONGS.setOpaque(lastNanos, bucket, nowNanos);
    double keep = Math.min(KEEP, Math.exp((meanAtNanos - nowNanos) / RARE_NANOS));
    long was;
    double is;
    do {
      was = mean.get();
      double old = Double.longBitsToDouble(was);
      is = old == 0 ? latencyNanos : keep * old + (1 - keep) * latencyNanos;
    } while (!mean.compareAndSet(was, Double.doubleToLongBits(is)));
    meanAtNanos = nowNanos;
  }

  /// The exponential average over answers (nine tenths of what was, one tenth of the new; where
  /// answers are rare, of what was no more than `exp(−time since ÷ 3 s)`), decayed since the last
  /// one; 0 before the first.
  public double meanNanos(long nowNanos) {
    double value = Double.longBitsToDouble(mean.get());
    return value == 0 ? 0 : value * keep(nowNanos - meanAtNanos);
  }

  /// The median latency near `rif` requests in flight; 0 if nothing was measured.
  ///
  /// @param scratch at least [#KEPT] long, used by the calling thread only
  public double latencyNanos(int rif, long nowNanos, long[] scratch) {
    int wanted = bucket(rif);
    for (int off = 0; off < BUCKETS; off++) {
      int below = wanted - off;
      if (below >= 0 && counts[below].get() != 0) {
        return median(below, nowNanos, scratch);
      }
      int above = wanted + off;
      if (above < BUCKETS && counts[above].get() != 0) {
        return median(above, nowNanos, scratch);
      }
    }
    return 0;
  }

  private double median(int bucket, long nowNanos, long[] scratch) {
    int n = 0;
    for (int i = 0; i < KEPT; i++) {
      long each = (long) LONGS.getOpaque(latencies, bucket * KEPT + i);
      if (each == 0) {
        continue;
      }
      int at = n++;
      for (; at > 0 && scratch[at - 1] > each; at--) {
        scratch[at] = scratch[at - 1];
      }
      scratch[at] = each;
    }
    return n == 0 ? 0 : scratch[n / 2] * keep(nowNanos - (long) LONGS.getOpaque(lastNanos, bucket));
  }

  void forget() {
    for (int i = 0; i < latencies.length; i++) {
      LONGS.setOpaque(latencies, i, 0L);
    }
    for (AtomicInteger count : counts) {
      count.set(0);
    }
    mean.set(0);
  }

  private static double keep(long ageNanos) {
    return ageNanos <= 0 ? 1 : Math.exp(-(double) ageNanos / EndpointLoad.DECAY_NANOS);
  }

  static int bucket(int rif) {
    if (rif < EXACT) {
      return Math.max(0, rif);
    }
    int octave = 31 - Integer.numberOfLeadingZeros(rif);
    int half = rif >>> octave - 1 & 1;
    return Math.min(BUCKETS - 1, EXACT + 2 * (octave - 3) + half);
  }
}

package io.skein.routing.candidate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A peak-sensitive exponentially weighted moving average of latencies: it jumps up to a slower
/// sample and decays towards faster ones with time constant [EndpointLoad#DECAY_NANOS] (the rule of
/// Finagle's `p2c PeakEwma`). Without samples it decays towards 0, so that an endpoint that nobody
/// dared to use is tried again in the end. Any thread; no locks, no allocation.
///
/// The average and the time of its last sample change together, in one 64-bit word: the average as
/// a `float` of nanoseconds above, the time in ticks of 2^20 ns (about 1 ms) below. A reader never
/// pairs a new average with an old time. Ticks wrap after 52 days without a sample.
final class PeakAverage {
  private static final int TICK_SHIFT = 20;
  private static final double TICK_NANOS = 1L << TICK_SHIFT;
  // Racing callers may bring times a little out of order; further behind is a wrapped tick.
  private static final int OUT_OF_ORDER_TICKS = -10_000;
  private static final long NO_SAMPLE = 0L;

  private static final VarHandle WORD;
  private static final VarHandle SAMPLES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      WORD = lookup.findVarHandle(PeakAverage.class, "word", long.class);
      SAMPLES = lookup.findVarHandle(PeakAverage.class, "samples", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long word = NO_SAMPLE;
  private volatile long samples;

  void add(long latencyNanos, long nowNanos) {
    int tick = tick(nowNanos);
    long old;
    long next;
    do {
      old = word;
      double was = value(old);
      double is =
          old == NO_SAMPLE || latencyNanos >= was
              ? latencyNanos
              : latencyNanos + (was - latencyNanos) * keep(old, tick);
      next = pack((float) is, tick);
    } while (!WORD.compareAndSet(this, old, next));
    SAMPLES.getAndAdd(this, 1L);
  }

  /// The average, decayed to `nowNanos` since the last sample; 0 before the first sample.
  double nanos(long nowNanos) {
    long packed = word;
    return packed == NO_SAMPLE ? 0 : value(packed) * keep(packed, tick(nowNanos));
  }

  /// The average, decayed in place: a sample that follows is weighed by the time since this
  /// reading, as in Finagle, where reading is observing a latency of 0. At most one write a tick.
  /// From then on [#ageNanos] counts from this reading.
  double decay(long nowNanos) {
    long old = word;
    if (old == NO_SAMPLE) {
      return 0;
    }
    int tick = tick(nowNanos);
    if (elapsedTicks(old, tick) == 0) {
      return value(old);
    }
    double is = Math.max(Float.MIN_NORMAL, value(old) * keep(old, tick));
    // Who loses the race reads what it would have written.
    WORD.compareAndSet(this, old, pack((float) is, tick));
    return is;
  }

  /// Time since the last sample, to about 1 ms; `Long.MAX_VALUE` before the first sample.
  long ageNanos(long nowNanos) {
    long packed = word;
    return packed == NO_SAMPLE
        ? Long.MAX_VALUE
        : (long) elapsedTicks(packed, tick(nowNanos)) << TICK_SHIFT;
  }

  long samples() {
    return samples;
  }

  void forget() {
    word = NO_SAMPLE;
    samples = 0;
  }

  private static int tick(long nowNanos) {
    return (int) (nowNanos >> TICK_SHIFT);
  }

  // A positive float is never the zero word, so a sample is never mistaken for none.
  private static long pack(float value, int tick) {
    return (long) Float.floatToRawIntBits(value) << 32 | (tick & 0xffff_ffffL);
  }

  private static double value(long packed) {
    return Float.intBitsToFloat((int) (packed >>> 32));
  }

  private static int elapsedTicks(long packed, int tick) {
    int elapsed = tick - (int) packed;
    if (elapsed >= 0) {
      return elapsed;
    }
    return elapsed >= OUT_OF_ORDER_TICKS ? 0 : Integer.MAX_VALUE;
  }

  private static double keep(long packed, int tick) {
    int elapsed = elapsedTicks(packed, tick);
    return elapsed == 0 ? 1 : Math.exp(-elapsed * TICK_NANOS / EndpointLoad.DECAY_NANOS);
  }
}

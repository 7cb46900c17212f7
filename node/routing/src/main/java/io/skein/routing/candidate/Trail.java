package io.skein.routing.candidate;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// The pheromone on the way to one endpoint: what this node lays there itself, and what it has
/// heard that others lay. Any thread; no locks, no allocation after construction. About 600 bytes.
///
/// Each good answer lays [#AMOUNT] ÷ latency in milliseconds, at least 1 and at most [#MOST]; a bad
/// one lays nothing. What was laid evaporates when read, by a tenth a second.
///
/// Beside the level itself, what this node laid is kept by seconds for [#SECONDS], as counters that
/// only grow: they can be told to others any number of times, in any order, and merged by taking
/// the greatest ([io.skein.routing.pheromone.PheromoneMap]).
public final class Trail {
  /// What an answer of 1 ms lays.
  public static final int AMOUNT = 1_000;

  /// The most that one answer lays.
  public static final int MOST = 100_000;

  /// What is left of it after a second.
  public static final double KEPT_A_SECOND = 0.9;

  /// For how many seconds deposits are kept; after that less than a hundredth is left of them.
  public static final int SECONDS = 64;

  private static final double DECAY_PER_NANO = Math.log(KEPT_A_SECOND) / 1e9;
  private static final int COUNT_BITS = 40;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long SECOND_MASK = (1L << 24) - 1;

  // A float above, 2^20 ns ticks below, as in EndpointLoad.
  private final AtomicLong level = new AtomicLong();
  private final AtomicLongArray bySecond = new AtomicLongArray(SECONDS);
  private volatile double heard;
  private volatile long heardAtNanos;

  Trail() {}

  void answered(long latencyNanos, boolean failed, long nowNanos) {
    if (failed) {
      return;
    }
    long amount = Math.clamp(AMOUNT * 1_000_000L / Math.max(1, latencyNanos), 1, MOST);
    int tick = (int) (nowNanos >> 20);
    long was;
    long next;
    do {
      was = level.get();
      next = pack((float) (value(was, tick) + amount), tick);
    } while (!level.compareAndSet(was, next));
    long second = nowNanos / 1_000_000_000L & SECOND_MASK;
    int at = (int) (second % SECONDS);
    do {
      was = bySecond.get(at);
      long count = was >>> COUNT_BITS == second ? was & COUNT_MASK : 0;
      next = second << COUNT_BITS | Math.min(COUNT_MASK, count + amount);
    } while (!bySecond.compareAndSet(at, was, next));
  }

  /// What lies there now, laid by whomever.
  public double level(long nowNanos) {
    double others = heard;
    return value(level.get(), (int) (nowNanos >> 20))
        + (others == 0 ? 0 : others * kept(nowNanos - heardAtNanos));
  }

  /// What this node laid in one second of its clock.
  ///
  /// @param second `nowNanos` ÷ 10^9, one of the last [#SECONDS]
  public long laid(long second) {
    long wanted = second & SECOND_MASK;
    long word = bySecond.get((int) (wanted % SECONDS));
    return word >>> COUNT_BITS == wanted ? word & COUNT_MASK : 0;
  }

  /// Takes over what all others have laid there and is left of it now.
  public void heard(double left, long nowNanos) {
    heardAtNanos = nowNanos;
    heard = left;
  }

  private static long pack(float value, int tick) {
    return (long) Float.floatToRawIntBits(value) << 32 | (tick & 0xffff_ffffL);
  }

  private static double value(long packed, int tick) {
    return packed == 0
        ? 0
        : Float.intBitsToFloat((int) (packed >>> 32)) * kept((long) (tick - (int) packed) << 20);
  }

  private static double kept(long elapsedNanos) {
    return elapsedNanos <= 0 ? 1 : Math.exp(elapsedNanos * DECAY_PER_NANO);
  }
}

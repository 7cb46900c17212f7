package io.skein.routing.rate;

import io.skein.routing.window.SlidingCount;

/// How many requests a second are asked for, granted or not, over the last [#WINDOW_NANOS]. Any
/// thread; no locks, no allocation.
public final class Demand {
  /// 4 s: long enough to smooth, short enough to follow.
  public static final long WINDOW_NANOS = 4_000_000_000L;

  private static final int SLOTS = 16;

  private final SlidingCount asked = new SlidingCount(WINDOW_NANOS, SLOTS);

  /// A request asks.
  public void asked(long nowNanos) {
    asked.add(1, nowNanos);
  }

  /// Requests a second.
  public double perSecond(long nowNanos) {
    // The newest slot is half over on average.
    return asked.sum(nowNanos) * 1e9 / WINDOW_NANOS * SLOTS / (SLOTS - 0.5);
  }
}

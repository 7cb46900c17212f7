package io.skein.routing.rate;

import java.util.concurrent.atomic.AtomicLong;

/// One token bucket. Any thread; no locks, no allocation.
public final class RateGate {
  private final AtomicLong tat;

  /// A full bucket.
  public RateGate(long nowNanos) {
    this.tat = new AtomicLong(nowNanos);
  }

  /// Takes a request.
  ///
  /// @return [Rate#ADMITTED], or how many nanoseconds later one would be
  public long take(Rate rate, long nowNanos) {
    long old;
    long ahead;
    do {
      old = tat.get();
      ahead = rate.aheadNanos(old, nowNanos);
      if (ahead == 0) {
        return rate.waitNanos(old, nowNanos);
      }
    } while (!tat.compareAndSet(old, nowNanos + ahead));
    return Rate.ADMITTED;
  }

  /// Requests that could come at once now.
  public int left(Rate rate, long nowNanos) {
    long room = rate.toleranceNanos() - Math.max(0, tat.get() - nowNanos);
    return room < 0 ? 0 : (int) Math.min(rate.burst(), room / rate.intervalNanos() + 1);
  }
}

package io.skein.routing.retry;

import io.skein.routing.window.SlidingCount;

/// How many retries may be spent: over the last [#WINDOW_NANOS] no more than the greater of `ratio
/// · requests` and `minPerSecond · 10`. One for each service and one for the whole node: a retry
/// has to be paid from both, so that neither a small service multiplies its own load nor all
/// services together the node's. Any thread; no locks, no allocation.
///
/// Against retry storms: when everything fails, load grows by the ratio and no further, instead of
/// by the number of tries. A retry is paid for when it is decided, before its back-off: those that
/// wait are counted, and a storm cannot gather in the waiting room.
///
/// Source: Finagle `RetryBudget`, whose 10 s and 20 % these are. Finagle adds the floor to the
/// share; here the greater of the two counts, so that from 150 requests on nothing exceeds 1.2
/// tries a request.
public final class RetryBudget {
  /// The window: 10 s.
  public static final long WINDOW_NANOS = 10_000_000_000L;

  private static final int SLOTS = 20;

  private final RetryBudgetConfig config;
  private final SlidingCount requests = new SlidingCount(WINDOW_NANOS, SLOTS);
  private final SlidingCount retries = new SlidingCount(WINDOW_NANOS, SLOTS);

  public RetryBudget(RetryBudgetConfig config) {
    this.config = config;
  }

  /// A request arrived (its first try, not a retry).
  public void requested(long nowNanos) {
    requests.add(1, nowNanos);
  }

  /// Takes one retry from the budget if there is one.
  ///
  /// @return whether the caller may retry. Racing callers never get more than the budget together;
  ///   one of several may be refused the last retry that was there.
  public boolean tryRetry(long nowNanos) {
    return tryRetry(nowNanos, 1);
  }

  /// The same, for a purpose that may not take the last of it.
  ///
  /// @param part of the budget that may be spent so, in [0, 1]
  public boolean tryRetry(long nowNanos, double part) {
    retries.add(1, nowNanos);
    if (retries.sum(nowNanos) <= part * allowed(nowNanos)) {
      return true;
    }
    retries.add(-1, nowNanos);
    return false;
  }

  /// Gives back a retry that was taken at `takenNanos` and did not take place.
  public void giveBack(long takenNanos) {
    retries.add(-1, takenNanos);
  }

  /// Retries left now, at least 0.
  public long left(long nowNanos) {
    return Math.max(0, allowed(nowNanos) - retries.sum(nowNanos));
  }

  private long allowed(long nowNanos) {
    return Math.max(
        (long) (config.ratio() * requests.sum(nowNanos)),
        config.minPerSecond() * (WINDOW_NANOS / 1_000_000_000L));
  }
}

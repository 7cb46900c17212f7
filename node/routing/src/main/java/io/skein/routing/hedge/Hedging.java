package io.skein.routing.hedge;

import io.skein.routing.retry.RetryBudget;
import io.skein.routing.retry.RetryBudgetConfig;
import io.skein.routing.window.LatencyWindow;
import java.util.concurrent.atomic.AtomicLong;

/// When a service's requests are tried a second time beside the first, and whether that is
/// affordable. One per service. Any thread; no locks; a delay allocates a kilobyte, at most every
/// [#FRESH_NANOS].
///
/// The delay is a quantile of the time to the first byte, over the last 10 s or the last 2 s if
/// there were a hundred answers, whichever is less: it follows the service, and a bad moment does
/// not disarm it for long. A request is hedged when it is slower than its like, never because a
/// fixed time passed. A budget of 2 % reaches two requests in a hundred; so that these are the
/// slowest two, the quantile is never below `1 − budget`. Such tails alone would keep the budget
/// empty, with nothing left in the moment when an endpoint stops answering: they may spend three
/// quarters of it. Who is refused asks again after as long a wait, and then may have the last
/// quarter. Only answers feed the quantile; of two racing tries the winner does, with its own time,
/// so that hedging does not shorten the delay that it hedges by.
public final class Hedging {
  /// Stands for "not at all".
  public static final long NEVER = Long.MAX_VALUE;

  /// How old a delay may be: 250 ms.
  public static final long FRESH_NANOS = 250_000_000L;

  private static final double FIRST_PART = 0.75;
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long RECENT_NANOS = 2_000_000_000L;
  private static final int RECENT_ANSWERS = 100;

  private final HedgeConfig config;
  private final LatencyWindow latency = new LatencyWindow(WINDOW_NANOS);
  private final LatencyWindow recent = new LatencyWindow(RECENT_NANOS);
  private final RetryBudget budget;
  private final AtomicLong computedNanos = new AtomicLong(Long.MIN_VALUE);
  private volatile long delayNanos = NEVER;

  public Hedging(HedgeConfig config) {
    this.config = config;
    this.budget = new RetryBudget(new RetryBudgetConfig(config.budget(), 0));
  }

  /// A request that could be hedged begins.
  ///
  /// @return how long to wait for its answer before a second try; [#NEVER] if too little is known
  public long requested(long nowNanos) {
    budget.requested(nowNanos);
    long computed = computedNanos.get();
    if ((computed == Long.MIN_VALUE || nowNanos - computed > FRESH_NANOS)
        && computedNanos.compareAndSet(computed, nowNanos)) {
      long quantile = quantile(nowNanos);
      delayNanos =
          quantile == 0
              ? NEVER
              : Math.clamp(quantile, config.leastDelayNanos(), config.mostDelayNanos());
    }
    return delayNanos;
  }

  private long quantile(long nowNanos) {
    double q = config.effectiveQuantile();
    long all = latency.quantile(q, config.minAnswers(), nowNanos);
    long newest = recent.quantile(q, RECENT_ANSWERS, nowNanos);
    return newest == 0 ? all : Math.min(all, newest);
  }

  /// Takes one hedge from the budget if there is one.
  ///
  /// @param again whether this request was refused before and has waited on
  public boolean tryHedge(boolean again, long nowNanos) {
    return budget.tryRetry(nowNanos, again ? 1 : FIRST_PART);
  }

  /// A try brought the head of a good answer.
  ///
  /// @param latencyNanos from the beginning of that try
  public void answered(long latencyNanos, long nowNanos) {
    latency.record(latencyNanos, nowNanos);
    recent.record(latencyNanos, nowNanos);
  }
}

package io.skein.routing.hedge;

/// Knobs of [Hedging].
///
/// @param quantile of the latency to the first byte after which a second try begins, in [0.5, 1);
///   where `1 − budget` is more, that counts, as the budget would be gone before the worst are
///   reached. Lower: more tails are cut. Higher: only the worst are hedged.
/// @param budget hedges allowed as a share of requests, in [0, 0.1]. Higher: more load for the same
///   answers.
/// @param leastDelayNanos shortest delay, at least 1: what is faster is not worth a second try
/// @param mostDelayNanos longest delay, at least `leastDelayNanos`
/// @param minAnswers answers in the window without which nothing is hedged, at least 1
public record HedgeConfig(
    double quantile, double budget, long leastDelayNanos, long mostDelayNanos, int minAnswers) {
  /// 95th percentile (with the budget, the 98th), 2 %, 1 ms to 5 s, 20 answers.
  public static final HedgeConfig DEFAULT =
      new HedgeConfig(0.95, 0.02, 1_000_000, 5_000_000_000L, 20);

  public HedgeConfig {
    require(quantile >= 0.5 && quantile < 1, "quantile", quantile, "[0.5, 1)");
    require(budget >= 0 && budget <= 0.1, "budget", budget, "0..0.1");
    require(leastDelayNanos >= 1, "leastDelayNanos", leastDelayNanos, ">= 1");
    require(
        mostDelayNanos >= leastDelayNanos, "mostDelayNanos", mostDelayNanos, ">= leastDelayNanos");
    require(minAnswers >= 1, "minAnswers", minAnswers, ">= 1");
  }

  /// The quantile that counts.
  double effectiveQuantile() {
    return Math.max(quantile, 1 - budget);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

package io.skein.routing.retry;

/// Knobs of a [RetryBudget].
///
/// @param ratio retries allowed per request, in [0, 1]. Higher: more single failures are hidden
///   from clients. Lower: less extra load on a service that is failing as a whole.
/// @param minPerSecond retries allowed per second however few the requests, at least 0: so that a
///   quiet service can retry at all. It is no addition to the ratio
public record RetryBudgetConfig(double ratio, int minPerSecond) {
  /// 20 % of the requests, or 3 a second if that is more.
  public static final RetryBudgetConfig DEFAULT = new RetryBudgetConfig(0.2, 3);

  public RetryBudgetConfig {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio: " + ratio + " (expected: 0..1)");
    }
    if (minPerSecond < 0) {
      throw new IllegalArgumentException("minPerSecond: " + minPerSecond + " (expected: >= 0)");
    }
  }
}

package io.skein.routing.ejection;

/// Thresholds beyond which an endpoint is an outlier.
///
/// @param deadAfter failed connections in a row that mean dead, at least 1. Lower: quicker, and one
///   lost packet weighs more.
/// @param failingAfter failures in a row that mean failing, at least 1
/// @param failureRate share of failures in the window that means failing, in (0, 1]
/// @param minRequests requests in the window from which the share counts, at least 1
/// @param slowFactor how many times its like's median an endpoint's median must be to be slow, over
///   1. Lower: more is set aside, and the rest carries more.
/// @param slowFloorNanos median below which nothing is slow, at least 0
/// @param slowMinRequests answers in the window from which a median counts, at least 1
public record OutlierConfig(
    int deadAfter,
    int failingAfter,
    double failureRate,
    int minRequests,
    double slowFactor,
    long slowFloorNanos,
    int slowMinRequests) {
  /// 3 connections, 5 failures, 50 % of 20, 4 times and 20 ms, 10 answers.
  public static final OutlierConfig DEFAULT = new OutlierConfig(3, 5, 0.5, 20, 4, 20_000_000, 10);

  public OutlierConfig {
    require(deadAfter >= 1, "deadAfter", deadAfter, ">= 1");
    require(failingAfter >= 1, "failingAfter", failingAfter, ">= 1");
    require(failureRate > 0 && failureRate <= 1, "failureRate", failureRate, "(0, 1]");
    require(minRequests >= 1, "minRequests", minRequests, ">= 1");
    require(slowFactor > 1, "slowFactor", slowFactor, "> 1");
    require(slowFloorNanos >= 0, "slowFloorNanos", slowFloorNanos, ">= 0");
    require(slowMinRequests >= 1, "slowMinRequests", slowMinRequests, ">= 1");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

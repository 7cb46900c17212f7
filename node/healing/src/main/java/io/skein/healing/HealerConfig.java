package io.skein.healing;

import io.skein.routing.ejection.OutlierConfig;

/// Knobs of a [Healer].
///
/// @param outliers thresholds of the diagnosis
/// @param aside how long endpoints stay set aside
/// @param rankWaitNanos how long each rank waits for the one before it. Longer than a verdict takes
///   to spread, or several nodes decide the same; shorter, and the loop closes sooner when the
///   owner has seen nothing.
/// @param ranks ranks from this on wait as long as this one, so that the last does not wait forever
/// @param slowPersistsNanos how long an endpoint must be slow before that is a signal
/// @param confirmNanos how long to wait for an own decision to show in the facts before deciding
///   again
/// @param burst shared actions at once, at least 1
/// @param perMinute shared actions a minute in the long run, at least 1. What is over the limit is
///   decided later, not forgotten.
public record HealerConfig(
    OutlierConfig outliers,
    AsideConfig aside,
    long rankWaitNanos,
    int ranks,
    long slowPersistsNanos,
    long confirmNanos,
    int burst,
    int perMinute) {
  /// 150 ms a rank and 4 ranks, 1 s, 1 s, 20 and 300.
  public static final HealerConfig DEFAULT =
      new HealerConfig(
          OutlierConfig.DEFAULT,
          AsideConfig.DEFAULT,
          150_000_000L,
          4,
          1_000_000_000L,
          1_000_000_000L,
          20,
          300);

  public HealerConfig {
    require(rankWaitNanos >= 0, "rankWaitNanos", rankWaitNanos, ">= 0");
    require(ranks >= 0, "ranks", ranks, ">= 0");
    require(slowPersistsNanos >= 0, "slowPersistsNanos", slowPersistsNanos, ">= 0");
    require(confirmNanos >= 0, "confirmNanos", confirmNanos, ">= 0");
    require(burst >= 1, "burst", burst, ">= 1");
    require(perMinute >= 1, "perMinute", perMinute, ">= 1");
  }

  /// The same, with another limit.
  public HealerConfig withLimit(int mostAtOnce, int mostPerMinute) {
    return new HealerConfig(
        outliers,
        aside,
        rankWaitNanos,
        ranks,
        slowPersistsNanos,
        confirmNanos,
        mostAtOnce,
        mostPerMinute);
  }

  private static void require(boolean holds, String name, long value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

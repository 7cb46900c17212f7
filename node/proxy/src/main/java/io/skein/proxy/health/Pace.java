package io.skein.proxy.health;

import java.time.Duration;

/// When an endpoint is checked, and how often a check must say the same before it is believed.
///
/// @param interval from the start of one check to the next while all is well. Shorter sees a dead
///   endpoint sooner and costs it more requests: one per interval and node that checks
/// @param whileBad the same after a bad result, at most `interval`: a suspicion is confirmed, and a
///   recovery seen, sooner
/// @param timeout until the end of what is looked at; a check still running when the next is due
///   delays it
/// @param jitter by how much of itself each pause may be shorter or longer, 0 to 0.5: without it
///   all nodes come to check at the same moment
/// @param healthyAfter good results in a row that make an unhealthy endpoint healthy, at least 1
/// @param unhealthyAfter bad results in a row that make an endpoint unhealthy, at least 1. One
///   believes a single lost packet; many leave a dead endpoint in use for that many checks
public record Pace(
    Duration interval,
    Duration whileBad,
    Duration timeout,
    double jitter,
    int healthyAfter,
    int unhealthyAfter) {
  /// Part of the interval by which pauses vary.
  public static final double JITTER = 0.1;

  /// Good results in a row.
  public static final int HEALTHY_AFTER = 2;

  /// Bad results in a row.
  public static final int UNHEALTHY_AFTER = 3;

  public Pace {
    requireMillis("interval", interval);
    requireMillis("while-bad", whileBad);
    requireMillis("timeout", timeout);
    if (whileBad.compareTo(interval) > 0) {
      throw new IllegalArgumentException(
          "while-bad: " + whileBad + " (expected: at most interval, " + interval + ")");
    }
    if (!(jitter >= 0 && jitter <= 0.5)) {
      throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0..0.5)");
    }
    if (healthyAfter < 1 || unhealthyAfter < 1) {
      throw new IllegalArgumentException(
          "thresholds: " + healthyAfter + ", " + unhealthyAfter + " (expected: >= 1)");
    }
  }

  /// The usual thresholds and jitter; after a bad result twice as often.
  public static Pace every(Duration interval, Duration timeout) {
    Duration half = Duration.ofNanos(interval.toNanos() / 2);
    return new Pace(
        interval,
        half.toMillis() < 1 ? interval : half,
        timeout,
        JITTER,
        HEALTHY_AFTER,
        UNHEALTHY_AFTER);
  }

  private static void requireMillis(String what, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: >= 1 ms)");
    }
  }
}

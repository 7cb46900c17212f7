package io.skein.routing.rate;

/// So many requests in a while, and so many at once. Immutable; any thread.
///
/// @param intervalNanos between two requests at the full rate, at least 1
/// @param burst requests that may come at once, at least 1. Higher: pages that load many things at
///   once work; what is behind has to take such bursts. Lower: smoother.
public record Rate(long intervalNanos, int burst) {
  /// What a taken request answers.
  public static final long ADMITTED = 0;

  private static final long MOST_INTERVAL_NANOS = 3_600_000_000_000L;

  public Rate {
    if (intervalNanos < 1 || intervalNanos > MOST_INTERVAL_NANOS) {
      throw new IllegalArgumentException(
          "intervalNanos: " + intervalNanos + " (expected: 1 ns .. 1 h)");
    }
    if (burst < 1 || burst > 1_000_000) {
      throw new IllegalArgumentException("burst: " + burst + " (expected: 1..1,000,000)");
    }
  }

  /// @param requests per second, over 0
  public static Rate perSecond(double requests, int burst) {
    if (!(requests > 0)) {
      throw new IllegalArgumentException("requests: " + requests + " (expected: > 0)");
    }
    return new Rate((long) Math.clamp(1e9 / requests, 1, MOST_INTERVAL_NANOS), burst);
  }

  /// How far ahead of time the bucket may run.
  public long toleranceNanos() {
    return intervalNanos * (burst - 1L);
  }

  /// Requests a second.
  public double perSecond() {
    return 1e9 / intervalNanos;
  }

  /// The theoretical arrival time after a request, if that conforms.
  ///
  /// @param tat before it; anything in the past means a full bucket
  /// @return how long after `nowNanos` it is, at least 1; 0 if the request does not conform
  long aheadNanos(long tat, long nowNanos) {
    long ahead = Math.max(0, tat - nowNanos);
    return ahead > toleranceNanos() ? 0 : ahead + intervalNanos;
  }

  /// How long a request that does not conform has to wait until it does.
  ///
  /// @return nanoseconds, at least 1
  long waitNanos(long tat, long nowNanos) {
    return Math.max(1, tat - nowNanos - toleranceNanos());
  }
}

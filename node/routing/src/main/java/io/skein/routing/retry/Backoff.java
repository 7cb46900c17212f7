package io.skein.routing.retry;

import java.util.random.RandomGenerator;

/// How long to wait before a retry: a random time between nothing and a bound that doubles with
/// every retry, up to a most. Immutable; any thread; no allocation.
///
/// ```
/// wait = random(0, min(most, base · 2^(retry − 1)))
/// ```
///
/// Clients that failed together and wait equally long come back together; a wait drawn from the
/// whole interval spreads them evenly over it.
///
/// @param baseNanos bound of the first wait, at least 0; 0 means no wait at all. Longer: an
///   endpoint that stumbles gets time; the client waits, too. Shorter: a retry meets the same
///   trouble.
/// @param mostNanos bound of every wait, at least `baseNanos`. Longer only matters from the third
///   retry on.
public record Backoff(long baseNanos, long mostNanos) {
  /// Up to 25 ms, 50 ms, 100 ms …, at most 250 ms: half a round trip between continents, and ten
  /// times the pause of a garbage collector.
  public static final Backoff DEFAULT = new Backoff(25_000_000, 250_000_000);

  /// Retries at once.
  public static final Backoff NONE = new Backoff(0, 0);

  private static final int MOST_DOUBLINGS = 20;

  public Backoff {
    if (baseNanos < 0) {
      throw new IllegalArgumentException("baseNanos: " + baseNanos + " (expected: >= 0)");
    }
    if (mostNanos < baseNanos) {
      throw new IllegalArgumentException(
          "mostNanos: " + mostNanos + " (expected: >= baseNanos = " + baseNanos + ")");
    }
  }

  /// The wait before a retry.
  ///
  /// @param retry 1 for the first
  /// @return nanoseconds, from 0 to `mostNanos`
  public long waitNanos(int retry, RandomGenerator random) {
    long bound = boundNanos(retry);
    return bound == 0 ? 0 : random.nextLong(bound + 1);
  }

  /// The longest wait before a retry.
  long boundNanos(int retry) {
    int doublings = Math.clamp(retry - 1L, 0, MOST_DOUBLINGS);
    return baseNanos > mostNanos >> doublings ? mostNanos : baseNanos << doublings;
  }
}

package io.skein.routing.breaker;

/// Knobs of a [Breaker]: what this node may ask of one endpoint.
///
/// @param maxConnections open connections, all event loops together, at least 1. Higher: an
///   endpoint with a pool of threads is overrun. Lower: bursts are refused that it could have
///   queued.
/// @param maxPending requests that wait for a connection to be made, at least 1: what piles up in
///   front of an endpoint that does not answer its handshakes
/// @param maxRequests requests in flight, at least 1
/// @param failures in a row after which it opens; 0 never opens. Lower: quicker, and a burst of bad
///   luck costs an endpoint; below the 5 of the outlier rules the mesh would never gather its
///   evidence
/// @param openNanos how long it stays open the first time, at least 1; doubles with each failed
///   trial
/// @param mostOpenNanos longest time it stays open, at least `openNanos`
public record BreakerConfig(
    int maxConnections,
    int maxPending,
    int maxRequests,
    int failures,
    long openNanos,
    long mostOpenNanos) {
  /// 4,096 connections, 1,024 pending, 4,096 requests; 10 failures, 1 s to 30 s.
  public static final BreakerConfig DEFAULT =
      new BreakerConfig(4_096, 1_024, 4_096, 10, 1_000_000_000L, 30_000_000_000L);

  public BreakerConfig {
    atLeast("maxConnections", maxConnections, 1);
    atLeast("maxPending", maxPending, 1);
    atLeast("maxRequests", maxRequests, 1);
    atLeast("failures", failures, 0);
    atLeast("openNanos", openNanos, 1);
    atLeast("mostOpenNanos", mostOpenNanos, openNanos);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}

package io.skein.proxy.route;

import java.time.Duration;

/// How long the proxy waits for an endpoint, in nanoseconds. They are looked at every 50 ms, so
/// that a timeout fires up to that much late; a connection attempt is timed exactly.
///
/// @param connectNanos until a connection stands
/// @param firstByteNanos from the end of the request to the head of the answer
/// @param idleNanos without any byte while a body is on its way, in either direction
public record Timeouts(long connectNanos, long firstByteNanos, long idleNanos) {
  /// 1 s to connect, 30 s to the first byte, 60 s between bytes.
  public static final Timeouts DEFAULT =
      of(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));

  public Timeouts {
    requirePositive("connectNanos", connectNanos);
    requirePositive("firstByteNanos", firstByteNanos);
    requirePositive("idleNanos", idleNanos);
  }

  public static Timeouts of(Duration connect, Duration firstByte, Duration idle) {
    return new Timeouts(connect.toNanos(), firstByte.toNanos(), idle.toNanos());
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}

package io.skein.api;

import java.time.Duration;
import java.util.List;

/// Where the API listens and whom it answers.
///
/// @param host address to bind
/// @param port port to bind, 0 for any free one
/// @param allowedHosts further names that a request's Host may carry, without port; `*` allows all.
///   Loopback names, IP literals and `host` itself are always allowed: a page of another site that
///   points its own name here (DNS rebinding) can only ever send a name
/// @param dashboardRoot class-path folder of the page at `/`, without slashes at either end; empty:
///   no page
/// @param eventInterval how often streams look for changes, 10 ms to 10 s; shorter costs rendering
///   time, longer shows changes later
/// @param heartbeat longest silence on a stream, 10 ms to 60 s
/// @param maxStreams open event streams, and as many tails of the ledger, at least 1; more are
///   refused with 503
public record ApiConfig(
    String host,
    int port,
    List<String> allowedHosts,
    String dashboardRoot,
    Duration eventInterval,
    Duration heartbeat,
    int maxStreams) {

  /// Largest body of a request.
  static final int MAX_BODY_BYTES = 64 * 1024;

  public ApiConfig {
    allowedHosts = List.copyOf(allowedHosts);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    within("eventInterval", eventInterval, Duration.ofSeconds(10));
    within("heartbeat", heartbeat, Duration.ofSeconds(60));
    if (maxStreams < 1) {
      throw new IllegalArgumentException("maxStreams: " + maxStreams + " (expected: >= 1)");
    }
  }

  /// The usual: dashboard from `dashboard`, changes every 500 ms, heartbeat 15 s, 64 streams.
  public static ApiConfig at(String host, int port) {
    return new ApiConfig(
        host, port, List.of(), "dashboard", Duration.ofMillis(500), Duration.ofSeconds(15), 64);
  }

  /// The same with further Host names.
  public ApiConfig withAllowedHosts(List<String> names) {
    return new ApiConfig(host, port, names, dashboardRoot, eventInterval, heartbeat, maxStreams);
  }

  private static void within(String name, Duration value, Duration most) {
    if (value.compareTo(Duration.ofMillis(10)) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 10 ms.." + most + ")");
    }
  }
}

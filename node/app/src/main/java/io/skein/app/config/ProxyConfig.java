package io.skein.app.config;

import java.time.Duration;

/// Section `proxy`: how requests are passed on.
///
/// @param timeouts limits of one try
/// @param retryBudget retries allowed as a share of requests, 0 to 1. More hides more failures and
///   multiplies the load of an overload
/// @param locality preference for the own region
public record ProxyConfig(Timeouts timeouts, double retryBudget, Locality locality) {
  static final double DEFAULT_RETRY_BUDGET = 0.2;

  /// Section `proxy.timeouts`.
  ///
  /// @param connect until the connection to an endpoint stands
  /// @param firstByte from the end of the request until the first byte of the answer
  /// @param idle silence on a connection in the middle of a body, or between requests
  public record Timeouts(Duration connect, Duration firstByte, Duration idle) {
    static final Duration LEAST = Duration.ofMillis(10);
    static final Duration MOST = Duration.ofHours(1);

    /// 1 s, 30 s, 60 s.
    public static final Timeouts DEFAULT =
        new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60));

    public Timeouts {
      Limits.duration(connect, LEAST, MOST);
      Limits.duration(firstByte, LEAST, MOST);
      Limits.duration(idle, LEAST, MOST);
    }
  }

  /// Section `proxy.locality`.
  ///
  /// @param probeFloor share of requests that other regions get at least, 0 to 0.5, so that their
  ///   latency stays known. 0 saves the distance and is blind to them
  public record Locality(double probeFloor) {
    static final double MOST_FLOOR = 0.5;

    /// 3 %.
    public static final Locality DEFAULT = new Locality(0.03);

    public Locality {
      Limits.fraction(probeFloor, MOST_FLOOR);
    }
  }

  public ProxyConfig {
    Limits.fraction(retryBudget, 1);
  }
}

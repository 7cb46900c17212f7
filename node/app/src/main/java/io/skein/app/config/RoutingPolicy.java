package io.skein.app.config;

import java.util.Locale;

/// The routing policies a service can name.
public enum RoutingPolicy {
  /// Two random candidates; the better by latency, load, reputation and failures. The default.
  SKEIN,
  /// One after the other.
  ROUND_ROBIN,
  /// Two random candidates; the one with fewer requests in flight.
  LEAST_REQUEST,
  /// Two random candidates; the one with less peak-sensitive latency times load.
  PEAK_EWMA;

  /// The name in configuration and records: `least-request`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

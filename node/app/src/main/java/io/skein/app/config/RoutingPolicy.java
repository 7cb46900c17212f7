package io.skein.app.config;

import java.util.Locale;

/// The routing policies a service can name.
public enum RoutingPolicy {
  /// Two random candidates; the better by latency, load, reputation and failures. The default.
  SKEIN,
  /// One after the other.
  ROUND_ROBIN,
  /// One after the other, as often as its weight says, each turn when it is due.
  WEIGHTED,
  /// By chance, in proportion to weight.
  RANDOM,
  /// Two random candidates; the one with fewer requests in flight.
  LEAST_REQUEST,
  /// Two random candidates; the one with less peak-sensitive latency times load.
  PEAK_EWMA,
  /// The least response time plus the cube of the queue expected there.
  C3,
  /// The quickest of those that recent probes found not too loaded.
  PREQUAL,
  /// Consistent hashing of a request's key on a ring.
  RING_HASH,
  /// Consistent hashing of a request's key by a table, with bounded loads.
  MAGLEV,
  /// An ant colony.
  SWARM;

  /// The name in configuration and records: `least-request`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

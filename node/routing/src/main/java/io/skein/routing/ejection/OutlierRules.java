package io.skein.routing.ejection;

import java.util.Optional;

/// Tells from an observation whether an endpoint is an outlier. Whether anything is done about it,
/// and by whom, is not decided here. Immutable; any thread.
///
/// Source: Envoy's outlier detection (consecutive failures, failure percentage), and a median
/// compared with the medians of the others of its service for slowness, which no failure count
/// shows.
public final class OutlierRules {
  private final OutlierConfig config;

  public OutlierRules(OutlierConfig config) {
    this.config = config;
  }

  /// The gravest diagnosis that holds, if any.
  ///
  /// @param seen of the endpoint
  /// @param othersMedianNanos median latency of the service's other endpoints, 0 if unknown: then
  ///   nothing is slow
  /// @param slowAfterNanos latency that the service allows, 0 for no statement: the greater of this
  ///   and the floor must be exceeded, too
  public Optional<Finding> diagnose(Observation seen, long othersMedianNanos, long slowAfterNanos) {
    if (seen.connectFailuresInRow() >= config.deadAfter()) {
      return found(Ailment.DEAD, seen.connectFailuresInRow() + " connections failed in a row");
    }
    if (seen.failuresInRow() >= config.failingAfter()) {
      return found(Ailment.FAILING, seen.failuresInRow() + " requests failed in a row");
    }
    long requests = seen.good() + seen.bad();
    if (requests >= config.minRequests() && seen.bad() >= config.failureRate() * requests) {
      return found(Ailment.FAILING, seen.bad() + " of " + requests + " requests failed");
    }
    if (seen.good() >= config.slowMinRequests()
        && isSlow(seen.medianNanos(), othersMedianNanos, slowAfterNanos, config.slowFactor())) {
      return found(
          Ailment.SLOW,
          "median "
              + millis(seen.medianNanos())
              + " against "
              + millis(othersMedianNanos)
              + " of the others");
    }
    return Optional.empty();
  }

  /// Whether a latency is too long by `factor` and over the floor.
  ///
  /// @param factor how many times the others' median is too long; [OutlierConfig#slowFactor] to
  ///   find an endpoint slow, less to find it in range again
  public boolean isSlow(
      long latencyNanos, long othersMedianNanos, long slowAfterNanos, double factor) {
    return othersMedianNanos > 0
        && latencyNanos >= factor * othersMedianNanos
        && latencyNanos >= Math.max(config.slowFloorNanos(), slowAfterNanos);
  }

  /// The thresholds.
  public OutlierConfig config() {
    return config;
  }

  private static Optional<Finding> found(Ailment diagnosis, String evidence) {
    return Optional.of(new Finding(diagnosis, evidence));
  }

  private static String millis(long nanos) {
    long tenths = Math.round(nanos / 100_000.0);
    return tenths / 10 + "." + tenths % 10 + " ms";
  }
}

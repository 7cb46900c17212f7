package io.skein.ledger.record;

/// Requests that a repair was to help. All are 0 or more. Of `fall-back`: requests that came, and
/// of them those that the forecasts missed. Of `rejoin`: nodes heard of that were not in the view.
///
/// @param requests that ended
/// @param failed of those, failed
/// @param latencyMicros latency of the others: the mean of endpoints' medians, weighted by
///   requests; 0 if there were none
public record EffectFigures(long requests, long failed, long latencyMicros) {
  public EffectFigures {
    Checks.notNegative("requests", requests);
    Checks.range("failed", failed, 0, requests);
    Checks.notNegative("latencyMicros", latencyMicros);
  }
}

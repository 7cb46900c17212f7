package io.skein.ledger.record;

/// Requests to one endpoint in one window. Counts and latencies are 0 or more.
///
/// @param endpoint the endpoint's id in the catalogue, not blank
/// @param good answered well and in time
/// @param bad failed, or slower than the service allows
/// @param p50Micros median latency
/// @param p99Micros 99th percentile of latency
public record EndpointOutcome(String endpoint, int good, int bad, long p50Micros, long p99Micros) {
  public EndpointOutcome {
    Checks.named("endpoint", endpoint);
    Checks.notNegative("good", good);
    Checks.notNegative("bad", bad);
    Checks.notNegative("p50Micros", p50Micros);
    Checks.notNegative("p99Micros", p99Micros);
  }
}

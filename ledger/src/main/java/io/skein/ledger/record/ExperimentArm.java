package io.skein.ledger.record;

/// The answers of one arm of an experiment. All are 0 or more.
///
/// @param requests that were answered
/// @param failed of those, failed
/// @param meanMicros geometric mean of the others' latencies
public record ExperimentArm(long requests, long failed, long meanMicros) {
  public ExperimentArm {
    Checks.notNegative("requests", requests);
    Checks.range("failed", failed, 0, requests);
    Checks.notNegative("meanMicros", meanMicros);
  }
}

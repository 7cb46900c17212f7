package io.skein.routing.experiment;

import io.skein.routing.experiment.ArmCounts.Taken;

/// What one node, or several together, found out about two arms. Adds up: the evidence of nodes
/// whose answers are independent of each other is the evidence of their sums.
///
/// @param failures of whole batches
/// @param latency of whole batches
/// @param control all answers of the control, those of the open batch included
/// @param treatment all answers of the treatment
public record Evidence(FailureSums failures, LatencySums latency, Taken control, Taken treatment) {
  /// Nothing yet.
  public static final Evidence NONE =
      new Evidence(FailureSums.NONE, LatencySums.NONE, Taken.NONE, Taken.NONE);

  public Evidence plus(Evidence other) {
    return new Evidence(
        failures.plus(other.failures),
        latency.plus(other.latency),
        control.plus(other.control),
        treatment.plus(other.treatment));
  }
}

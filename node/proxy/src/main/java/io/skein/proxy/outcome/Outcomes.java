package io.skein.proxy.outcome;

import io.skein.routing.candidate.Candidate;

/// Hears how every try ended. Called on event loops, once per try: must neither block nor allocate.
/// The candidate's live load has been updated already.
@FunctionalInterface
public interface Outcomes {
  /// Hears nothing.
  Outcomes NONE = (service, candidate, servedBy, kind, status, latencyNanos, nowNanos) -> {};

  /// @param service the service asked for
  /// @param candidate whom the proxy chose
  /// @param servedByEndpointId the endpoint that answered: the candidate's id, or what the peer
  ///   named; empty if nobody answered
  /// @param kind how it ended
  /// @param status status of the answer, 0 without one
  /// @param latencyNanos from the choice to the last byte or the failure
  /// @param nowNanos monotonic now
  void completed(
      String service,
      Candidate candidate,
      String servedByEndpointId,
      OutcomeKind kind,
      int status,
      long latencyNanos,
      long nowNanos);
}

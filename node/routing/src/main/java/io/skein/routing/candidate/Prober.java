package io.skein.routing.candidate;

/// Asks a candidate how loaded it is, without waiting for the answer.
///
/// What is asked for is the truth at the endpoint: requests in flight there from all nodes, and the
/// latency that requests have at that many. The node that is alone in sending to an endpoint
/// measures both itself; where several do, they tell each other ([EndpointLoad#heard]).
public interface Prober {
  /// Asks. May answer before it returns, later from any thread, or never. Allocates nothing and
  /// waits for nothing.
  void probe(Candidate candidate, long nowNanos, Answers answers);

  /// Where answers go.
  interface Answers {
    /// An answer. Any thread.
    ///
    /// @param rif requests in flight there
    /// @param latencyNanos latency at that many, 0 if not known
    /// @param expectedNanos what the next answer is expected to take, by the endpoint's peaks and
    ///   by the oldest that it owes: [EndpointLoad#expectedNanos]
    /// @param atNanos when that was so
    void answered(
        Candidate candidate, int rif, double latencyNanos, double expectedNanos, long atNanos);

    /// The same, given by the asking thread before [#probe] returns.
    default void answeredAtOnce(
        Candidate candidate, int rif, double latencyNanos, double expectedNanos, long atNanos) {
      answered(candidate, rif, latencyNanos, expectedNanos, atNanos);
    }

    /// Scratch space of the asking thread, [LatencyByLoad#KEPT] long; only for answers given before
    /// [#probe] returns.
    long[] scratch();
  }

  /// Answers at once from what this node measures and has heard.
  Prober DIRECT =
      (candidate, nowNanos, answers) -> {
        EndpointLoad load = candidate.load();
        int rif = load.rif(nowNanos);
        double measured = load.byLoad().latencyNanos(rif, nowNanos, answers.scratch());
        double own = measured > 0 ? measured : load.latencyNanos(nowNanos);
        answers.answeredAtOnce(
            candidate,
            rif,
            own > 0 ? own : load.others().latencyNanos(nowNanos),
            Math.max(load.expectedNanos(nowNanos), load.others().latencyNanos(nowNanos)),
            nowNanos);
      };
}

package io.skein.routing.candidate;

import java.util.random.RandomGenerator;

/// Chooses one candidate for one request. Implementations are thread-safe, allocate nothing per
/// choice and take at most 2 µs at 100 candidates.
public interface Policy {
  /// Chooses among the eligible candidates of `candidates`, never `tried`.
  ///
  /// @param request class of the request
  /// @param candidates the snapshot to choose from
  /// @param tried a candidate already tried for this request (by identity of its id); else
  ///   [#NOT_TRIED]
  /// @param nowNanos monotonic now
  /// @param random source of chance
  Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random);

  /// The same for a request that has a key: two requests with the same key are meant for the same
  /// candidate. Policies that know nothing of keys ignore it; those that place by key draw one
  /// where [#choose(RequestClass, CandidateSet, Candidate, long, RandomGenerator)] gives none.
  ///
  /// @param key see [io.skein.routing.hash.KeyHash]
  default Decision choose(
      RequestClass request,
      long key,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    return choose(request, candidates, tried, nowNanos, random);
  }

  /// Told of a snapshot before it is used; the place for what takes longer than a choice may. Not
  /// on an event loop. A policy that was not told does it at the first choice.
  default void prepare(CandidateSet candidates) {}

  /// How sure it is of what it knows of a candidate: 0, it guesses, to 1; `NaN` if it does not say.
  /// Allocates nothing.
  default double confidence(Candidate candidate, long nowNanos) {
    return Double.NaN;
  }

  /// How it would choose among a snapshot's candidates now, for people; off the request path.
  /// Changes nothing.
  default Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.byCost("it does not say", "", candidates, _ -> Double.NaN);
  }

  /// Stands for "nothing tried yet".
  Candidate NOT_TRIED =
      new Candidate(
          "",
          Candidate.Kind.ENDPOINT,
          1,
          false,
          Candidate.NEUTRAL_REPUTATION,
          0,
          new EndpointLoad());
}

package io.skein.routing.candidate;

import java.util.ArrayList;
import java.util.List;

/// Candidates for tests.
public final class Candidates {
  public static final RequestClass GET = new RequestClass("shop", true);
  public static final long MILLI = 1_000_000L;
  public static final long SECOND = 1_000_000_000L;

  private Candidates() {}

  public static Candidate endpoint(String id) {
    return endpoint(id, 1, true);
  }

  public static Candidate endpoint(String id, int weight, boolean usable) {
    return reputed(id, weight, usable, Candidate.NEUTRAL_REPUTATION);
  }

  /// One that goes on purpose.
  public static Candidate drained(String id) {
    return new Candidate(
        id,
        Candidate.Kind.ENDPOINT,
        1,
        Availability.DRAINED,
        Candidate.NEUTRAL_REPUTATION,
        0,
        new EndpointLoad());
  }

  public static Candidate reputed(String id, int weight, boolean usable, long reputationQ30) {
    return new Candidate(
        id, Candidate.Kind.ENDPOINT, weight, usable, reputationQ30, 0, new EndpointLoad());
  }

  public static Candidate peer(String id, long distanceNanos) {
    return new Candidate(
        id,
        Candidate.Kind.PEER,
        1,
        true,
        Candidate.NEUTRAL_REPUTATION,
        distanceNanos,
        new EndpointLoad());
  }

  /// `n` alike: `e0`, `e1`, …
  public static CandidateSet alike(int n) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(endpoint("e" + i));
    }
    return new CandidateSet(all);
  }

  public static CandidateSet weighted(int... weights) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      all.add(endpoint("e" + i, weights[i], true));
    }
    return new CandidateSet(all);
  }

  /// Lets `candidate` answer one request.
  public static void answered(Candidate candidate, long latencyNanos, long nowNanos) {
    candidate.load().dispatched();
    candidate.load().completed(latencyNanos, false, nowNanos);
  }

  /// Lets `candidate` fail one request.
  public static void failed(Candidate candidate, long nowNanos) {
    candidate.load().dispatched();
    candidate.load().completed(MILLI, true, nowNanos);
  }
}

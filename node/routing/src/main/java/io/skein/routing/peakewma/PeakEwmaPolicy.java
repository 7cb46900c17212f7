package io.skein.routing.peakewma;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.p2c.TwoChoices;
import java.util.random.RandomGenerator;

/// `peak-ewma`: of two candidates drawn by weight, the one whose latency times load is smaller.
/// Stateless; any thread.
public final class PeakEwmaPolicy implements Policy, TwoChoices.Preference {
  // An endpoint without a sample and with a request in flight waits for that one's answer: more
  // than any latency, and still ordered by load.
  private static final double UNPROVEN_NANOS = Long.MAX_VALUE >> 16;

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    return TwoChoices.choose(candidates, tried, nowNanos, random, this);
  }

  @Override
  public boolean keepsFirst(
      Candidate first,
      Candidate second,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return cost(first, candidates, nowNanos) <= cost(second, candidates, nowNanos);
  }

  private static double cost(Candidate candidate, CandidateSet candidates, long nowNanos) {
    double pressure = candidates.pressure(candidate);
    double latencyNanos = candidate.load().decayedLatencyNanos(nowNanos);
    return latencyNanos == 0 && pressure > 0
        ? UNPROVEN_NANOS + pressure
        : latencyNanos * (pressure + 1);
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.sampled(
        "of two drawn by weight the one with the least latency x (in flight + 1)",
        "ms",
        candidate -> cost(candidate, candidates, nowNanos) / 1e6,
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}

package io.skein.routing.p2c;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `least-request`: of two candidates drawn by weight, the one with fewer requests in flight for
/// its weight. Stateless; any thread.
public final class P2cPolicy implements Policy, TwoChoices.Preference {
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
    return candidates.pressure(first) <= candidates.pressure(second);
  }
}

package io.skein.routing.random;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `random`: drawn by weight. Stateless; any thread.
public final class RandomPolicy implements Policy {
  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    int i = candidates.draw(candidates.indexOf(tried), CandidateSet.NONE, random);
    return i < 0 ? candidates.whyNone() : candidates.get(i).chosen();
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.byWeight("drawn by weight", candidates);
  }
}

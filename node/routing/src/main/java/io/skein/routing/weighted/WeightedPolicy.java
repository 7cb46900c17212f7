package io.skein.routing.weighted;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.hash.PerSnapshot;
import java.util.random.RandomGenerator;

/// `weighted`: each in the order in which its turns are due. Any thread.
public final class WeightedPolicy implements Policy {
  private final PerSnapshot<Period> periods;

  public WeightedPolicy(WeightedConfig config) {
    int most = config.mostTurns();
    this.periods = new PerSnapshot<>(set -> new Period(set, most));
  }

  @Override
  public void prepare(CandidateSet candidates) {
    periods.of(candidates);
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    if (candidates.size() == 0) {
      return candidates.whyNone();
    }
    int skip = candidates.indexOf(tried);
    if (skip >= 0) {
      // A retry is no turn.
      int other = candidates.draw(skip, CandidateSet.NONE, random);
      return other >= 0 ? candidates.get(other).chosen() : candidates.whyNone();
    }
    return candidates.get(periods.of(candidates).next(random)).chosen();
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.byWeight("each when its turn is due, by weight", candidates);
  }
}

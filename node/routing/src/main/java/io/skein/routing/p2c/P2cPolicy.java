package io.skein.routing.p2c;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `least-request`: of two (or more) candidates drawn by weight, the one with the fewest requests
/// in flight for its weight. Stateless; any thread.
public final class P2cPolicy implements Policy, TwoChoices.Preference {
  private final int choices;

  /// Of two.
  public P2cPolicy() {
    this(P2cConfig.DEFAULT);
  }

  public P2cPolicy(P2cConfig config) {
    this.choices = config.choices();
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    return choices == 2
        ? TwoChoices.choose(candidates, tried, nowNanos, random, this)
        : ofMany(candidates, tried, random);
  }

  // Drawn with repetition: to look at one twice costs less than to remember whom.
  private Decision ofMany(CandidateSet candidates, Candidate tried, RandomGenerator random) {
    int skip = candidates.indexOf(tried);
    int best = candidates.draw(skip, CandidateSet.NONE, random);
    if (best < 0) {
      return candidates.whyNone();
    }
    for (int drawn = 1; drawn < choices; drawn++) {
      int other = candidates.draw(skip, CandidateSet.NONE, random);
      if (candidates.pressure(candidates.get(other)) < candidates.pressure(candidates.get(best))) {
        best = other;
      }
    }
    return candidates.get(best).chosen();
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

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.sampled(
        "of " + choices + " drawn by weight the one with the fewest requests in flight",
        "requests",
        candidates::pressure,
        this,
        request,
        key,
        candidates,
        nowNanos,
        random);
  }
}

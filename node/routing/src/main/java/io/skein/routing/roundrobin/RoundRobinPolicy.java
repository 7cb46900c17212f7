package io.skein.routing.roundrobin;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Explanation;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Each in its turn, as often as its weight says. One instance per service: services that share one
/// would take each other's turns. Any thread.
public final class RoundRobinPolicy implements Policy {
  private final AtomicLong turn = new AtomicLong();

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
      // A retry is no turn: whoever it falls to, the rotation goes on where it was.
      int other = candidates.draw(skip, CandidateSet.NONE, random);
      return other >= 0 ? candidates.get(other).chosen() : candidates.whyNone();
    }
    return candidates.inTurn(turn.getAndIncrement()).chosen();
  }

  @Override
  public Explanation explain(
      RequestClass request,
      long key,
      CandidateSet candidates,
      long nowNanos,
      RandomGenerator random) {
    return Explanation.byWeight("each in its turn, by weight", candidates);
  }
}

package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/// What no balancer can know: it looks into all endpoints at the moment of the choice, and sends
/// the request where it is served fastest then. A measure for what is possible; nothing that a node
/// runs. Shared by all balancers it is one dispatcher for the whole mesh.
public final class AllSeeingPolicy implements Policy {
  private ToDoubleFunction<Candidate> speed = _ -> 0;

  /// What there is to see: how fast a further request would be served, 1 at full speed.
  void sees(ToDoubleFunction<Candidate> itsSpeed) {
    speed = itsSpeed;
  }

  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    int skip = candidates.indexOf(tried);
    int best = CandidateSet.NONE;
    double fastest = Double.NEGATIVE_INFINITY;
    int start = candidates.size() == 0 ? 0 : random.nextInt(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      int at = (start + i) % candidates.size();
      double its = at == skip ? Double.NEGATIVE_INFINITY : speed.applyAsDouble(candidates.get(at));
      if (its > fastest) {
        fastest = its;
        best = at;
      }
    }
    return best < 0 ? candidates.whyNone() : candidates.get(best).chosen();
  }
}

package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import java.util.random.RandomGenerator;

/// `least-loaded`: whoever has the fewest of this balancer's own requests in flight, by lot among
/// equals. Looks at all, which no node does: it is here to be compared with.
public final class LeastLoadedPolicy implements Policy {
  @Override
  public Decision choose(
      RequestClass request,
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random) {
    int skip = candidates.indexOf(tried);
    int best = CandidateSet.NONE;
    double least = Double.POSITIVE_INFINITY;
    int equals = 0;
    for (int i = 0; i < candidates.size(); i++) {
      double pressure =
          i == skip ? Double.POSITIVE_INFINITY : candidates.pressure(candidates.get(i));
      if (pressure < least) {
        least = pressure;
        best = i;
        equals = 1;
      } else if (pressure == least && i != skip && random.nextInt(++equals) == 0) {
        best = i;
      }
    }
    return best < 0 ? candidates.whyNone() : candidates.get(best).chosen();
  }
}

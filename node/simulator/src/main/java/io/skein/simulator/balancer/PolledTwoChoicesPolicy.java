package io.skein.simulator.balancer;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.p2c.TwoChoices;
import java.util.random.RandomGenerator;

/// `polled-p2c`: of two endpoints the one that had fewer requests in flight, from everybody, when
/// it was last asked. As `YARP-Po2C` of the Prequal paper; no node does it: it is here to be
/// compared with.
public final class PolledTwoChoicesPolicy
    implements Policy, PolledLoads.Reader, TwoChoices.Preference {
  private final PolledLoads polled;

  public PolledTwoChoicesPolicy(PolledLoads polled) {
    this.polled = polled;
  }

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
    return polled.inFlight(first.id()) <= polled.inFlight(second.id());
  }
}

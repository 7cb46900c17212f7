package io.skein.routing.swarm;

import io.skein.routing.candidate.LatencySharesContract;
import io.skein.routing.candidate.Policy;

class SwarmSimulationTest extends LatencySharesContract {
  @Override
  protected Policy policy() {
    return new SwarmPolicy(SwarmConfig.DEFAULT);
  }

  @Override
  protected Bounds bounds() {
    return new Bounds(0.04, 0.03, 0.03, 200);
  }
}

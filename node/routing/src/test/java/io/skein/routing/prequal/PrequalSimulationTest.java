package io.skein.routing.prequal;

import io.skein.routing.candidate.LatencySharesContract;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.Prober;

class PrequalSimulationTest extends LatencySharesContract {
  @Override
  protected Policy policy() {
    return new PrequalPolicy(PrequalConfig.DEFAULT, Prober.DIRECT);
  }

  @Override
  protected Bounds bounds() {
    // It balances latency, not load: who was slow by chance waits for its measure to fade.
    return new Bounds(0.025, 0.03, 0.06, 150);
  }
}

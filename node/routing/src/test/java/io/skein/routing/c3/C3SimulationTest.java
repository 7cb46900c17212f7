package io.skein.routing.c3;

import io.skein.routing.candidate.LatencySharesContract;
import io.skein.routing.candidate.Policy;

class C3SimulationTest extends LatencySharesContract {
  @Override
  protected Policy policy() {
    return new C3Policy(C3Config.DEFAULT);
  }

  @Override
  protected Bounds bounds() {
    return new Bounds(0.02, 0.02, 0.02, 120);
  }
}

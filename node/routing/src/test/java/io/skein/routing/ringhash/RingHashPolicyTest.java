package io.skein.routing.ringhash;

import io.skein.routing.candidate.KeyedPolicyContract;
import io.skein.routing.candidate.Policy;

class RingHashPolicyTest extends KeyedPolicyContract {
  private static final double TOLERANCE = 0.05;

  @Override
  protected Policy policy() {
    return new RingHashPolicy(RingHashConfig.DEFAULT);
  }

  @Override
  protected Policy bounded() {
    return new RingHashPolicy(new RingHashConfig(160, 1.25));
  }

  @Override
  protected double mostMoved() {
    return 0;
  }

  @Override
  protected double keyTolerance() {
    return TOLERANCE;
  }

  @Override
  protected double evenTolerance() {
    return TOLERANCE;
  }

  @Override
  protected double weightTolerance() {
    return TOLERANCE;
  }
}

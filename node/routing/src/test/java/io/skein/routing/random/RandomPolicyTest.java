package io.skein.routing.random;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;

class RandomPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new RandomPolicy();
  }
}

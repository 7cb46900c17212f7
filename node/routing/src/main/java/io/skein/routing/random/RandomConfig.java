package io.skein.routing.random;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Nothing to set.
public record RandomConfig() implements PolicyConfig {
  @Override
  public String kind() {
    return "random";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new RandomPolicy();
  }
}

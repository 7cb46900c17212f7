package io.skein.routing.roundrobin;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Nothing to set.
public record RoundRobinConfig() implements PolicyConfig {
  @Override
  public String kind() {
    return "round-robin";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new RoundRobinPolicy();
  }
}

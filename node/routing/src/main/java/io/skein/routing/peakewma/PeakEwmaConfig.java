package io.skein.routing.peakewma;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Nothing to set: the time constant is that of
/// [io.skein.routing.candidate.EndpointLoad#DECAY_NANOS].
public record PeakEwmaConfig() implements PolicyConfig {
  @Override
  public String kind() {
    return "peak-ewma";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new PeakEwmaPolicy();
  }
}

package io.skein.routing.weighted;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of `weighted`.
///
/// @param mostTurns longest period that is written down, 1,024 to 1,048,576. More: shares are more
///   exact where weights have no common divisor, and a period takes more memory (4 bytes a turn)
public record WeightedConfig(int mostTurns) implements PolicyConfig {
  /// 65,536 turns.
  public static final WeightedConfig DEFAULT = new WeightedConfig(1 << 16);

  public WeightedConfig {
    if (mostTurns < 1 << 10 || mostTurns > 1 << 20) {
      throw new IllegalArgumentException("mostTurns: " + mostTurns + " (expected: 1024..1048576)");
    }
  }

  @Override
  public String kind() {
    return "weighted";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new WeightedPolicy(this);
  }
}

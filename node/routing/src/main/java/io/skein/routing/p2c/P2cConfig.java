package io.skein.routing.p2c;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of `least-request`.
///
/// @param choices how many are drawn and compared, 2 to 16. More: load is more even while what this
///   node knows is fresh and its own; nodes that know the same run to the same endpoint
public record P2cConfig(int choices) implements PolicyConfig {
  /// Two.
  public static final P2cConfig DEFAULT = new P2cConfig(2);

  public P2cConfig {
    if (choices < 2 || choices > 16) {
      throw new IllegalArgumentException("choices: " + choices + " (expected: 2..16)");
    }
  }

  @Override
  public String kind() {
    return "least-request";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new P2cPolicy(this);
  }
}

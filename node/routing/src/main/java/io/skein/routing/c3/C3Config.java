package io.skein.routing.c3;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of `c3`.
///
/// @param exponent b of the queue term, 1 to 8. Higher: long queues are avoided more strictly.
///   Lower: a fast endpoint keeps its traffic longer
public record C3Config(int exponent) implements PolicyConfig {
  /// Cubic.
  public static final C3Config DEFAULT = new C3Config(3);

  public C3Config {
    if (exponent < 1 || exponent > 8) {
      throw new IllegalArgumentException("exponent: " + exponent + " (expected: 1..8)");
    }
  }

  @Override
  public String kind() {
    return "c3";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new C3Policy(this);
  }
}

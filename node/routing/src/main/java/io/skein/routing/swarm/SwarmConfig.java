package io.skein.routing.swarm;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of `swarm`.
///
/// @param floor τmin as a share of the candidates' mean pheromone, 0.001 to 1. Higher: a bad
///   endpoint keeps more traffic and its recovery is seen sooner
/// @param ceiling τmax as a multiple of that mean, 1 to 100. Higher: the best attract more, and
///   more than they can carry
/// @param pheromone α, how much the pheromone counts, 0 to 4
/// @param load β, how much the load counts, 0 to 8. 0: it is not looked at
public record SwarmConfig(double floor, double ceiling, int pheromone, int load)
    implements PolicyConfig {
  /// A twentieth, twice, 1, 2.
  public static final SwarmConfig DEFAULT = new SwarmConfig(0.05, 2, 1, 2);

  public SwarmConfig {
    require(floor >= 0.001 && floor <= 1, "floor", floor, "0.001..1");
    require(ceiling >= 1 && ceiling <= 100, "ceiling", ceiling, "1..100");
    require(pheromone >= 0 && pheromone <= 4, "pheromone", pheromone, "0..4");
    require(load >= 0 && load <= 8, "load", load, "0..8");
  }

  @Override
  public String kind() {
    return "swarm";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new SwarmPolicy(this);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

package io.skein.routing.skein;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of the `skein` policy.
///
/// @param floorNanos latencies below this count as this: what is faster is not worth routing by.
///   Lower: small differences concentrate traffic. Higher: real differences go unused. At least 1.
/// @param initialLatencyNanos latency assumed when neither of two candidates was ever measured. It
///   only weighs against a peer's distance. At least 1.
/// @param reputationFloor least reputation by which a cost is divided, in (0, 1]. Lower: an
///   endpoint of ill repute starves. Higher: reputation matters less.
/// @param sharpness how strictly the cheaper of two is preferred: the dearer one, drawn first, is
///   kept with probability (cheaper ÷ dearer)^sharpness. 1 to 16. Low: a slow endpoint keeps
///   getting requests. High: of two nearly equal endpoints one takes nearly everything.
/// @param probeFloor share of choices that look for an endpoint whose measure is old, in [0, 1)
/// @param probeAgeNanos how old a measure must be for that. Longer: a recovered endpoint is found
///   later. Shorter: a slow one hurts more requests; at most about one per age, endpoint and node.
public record SkeinConfig(
    long floorNanos,
    long initialLatencyNanos,
    double reputationFloor,
    int sharpness,
    double probeFloor,
    long probeAgeNanos)
    implements PolicyConfig {
  /// 1 ms, 10 ms, 1/32, 4, 2 %, 1 s.
  public static final SkeinConfig DEFAULT =
      new SkeinConfig(1_000_000, 10_000_000, 1 / 32.0, 4, 0.02, 1_000_000_000);

  public SkeinConfig {
    require(floorNanos >= 1, "floorNanos", floorNanos, ">= 1");
    require(initialLatencyNanos >= 1, "initialLatencyNanos", initialLatencyNanos, ">= 1");
    require(
        reputationFloor > 0 && reputationFloor <= 1, "reputationFloor", reputationFloor, "(0, 1]");
    require(sharpness >= 1 && sharpness <= 16, "sharpness", sharpness, "1..16");
    require(probeFloor >= 0 && probeFloor < 1, "probeFloor", probeFloor, "[0, 1)");
    require(probeAgeNanos >= 0, "probeAgeNanos", probeAgeNanos, ">= 0");
  }

  @Override
  public String kind() {
    return "skein";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new SkeinPolicy(this);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

package io.skein.routing.ringhash;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;
import io.skein.routing.hash.LoadBound;

/// Knobs of `ring-hash`.
///
/// @param points on the ring for a candidate of mean weight, 1 to 10,000. More: shares are more
///   even (they differ by about 1 ÷ √points) and the ring takes longer to make. All together are at
///   most [#MOST_POINTS]
/// @param loadBound the most that a candidate may hold, as a multiple of its share of all requests
///   in flight, 1 to 100; 0: no bound. Lower: load is more even. Higher: more keys stay at home
public record RingHashConfig(int points, double loadBound) implements PolicyConfig {
  /// 160 points, no bound.
  public static final RingHashConfig DEFAULT = new RingHashConfig(160, LoadBound.NONE);

  /// The most points of one ring.
  public static final int MOST_POINTS = 1 << 17;

  public RingHashConfig {
    if (points < 1 || points > 10_000) {
      throw new IllegalArgumentException("points: " + points + " (expected: 1..10000)");
    }
    if (!LoadBound.valid(loadBound)) {
      throw new IllegalArgumentException(
          "loadBound: " + loadBound + " (expected: 0, or 1 to " + LoadBound.MOST + ")");
    }
  }

  @Override
  public String kind() {
    return "ring-hash";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new RingHashPolicy(this);
  }
}

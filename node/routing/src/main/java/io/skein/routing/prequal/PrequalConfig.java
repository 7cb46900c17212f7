package io.skein.routing.prequal;

import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;

/// Knobs of `prequal`.
///
/// @param probes asked with each request, 1 to 16. More: fresher answers, more asking
/// @param pool most answers kept, 2 to 64; never more than half of the candidates. More: a better
///   choice among older answers
/// @param maxAgeNanos age at which an answer is worth nothing, 1 ms to 1 min
/// @param hotQuantile Q_RIF, 0 to 1: answers above this quantile of recent RIFs are hot. 0: only
///   RIF counts. 1: only latency counts
/// @param removals answers removed with each request, 0 to 8
/// @param maxUses most uses of one answer, 1 to 64: the bound of the paper's formula where its
///   divisor is near 0 or below
public record PrequalConfig(
    int probes, int pool, long maxAgeNanos, double hotQuantile, int removals, int maxUses)
    implements PolicyConfig {
  /// 3 probes, 16 answers, 1 s, 0.84, one removal, 8 uses.
  public static final PrequalConfig DEFAULT = new PrequalConfig(3, 16, 1_000_000_000L, 0.84, 1, 8);

  /// The most answers of one pool.
  public static final int MOST_POOL = 64;

  public PrequalConfig {
    require(probes >= 1 && probes <= 16, "probes", probes, "1..16");
    require(pool >= 2 && pool <= MOST_POOL, "pool", pool, "2.." + MOST_POOL);
    require(
        maxAgeNanos >= 1_000_000L && maxAgeNanos <= 60_000_000_000L,
        "maxAgeNanos",
        maxAgeNanos,
        "10^6..6*10^10");
    require(hotQuantile >= 0 && hotQuantile <= 1, "hotQuantile", hotQuantile, "0..1");
    require(removals >= 0 && removals <= 8, "removals", removals, "0..8");
    require(maxUses >= 1 && maxUses <= 64, "maxUses", maxUses, "1..64");
  }

  /// Answers kept for `n` candidates.
  public int poolFor(int n) {
    return Math.max(2, Math.min(pool, n / 2));
  }

  /// Uses of one answer, b of the formula, for `n` candidates; a fraction is rounded at random.
  public double usesFor(int n) {
    double arriving = (1 - (double) Math.min(poolFor(n), n) / Math.max(1, n)) * probes - removals;
    return arriving <= 2.0 / maxUses ? maxUses : Math.max(1, 2 / arriving);
  }

  @Override
  public String kind() {
    return "prequal";
  }

  @Override
  public Policy policy(Surroundings surroundings) {
    return new PrequalPolicy(this, surroundings.prober());
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}

package io.skein.reputation.evidence;

import java.util.Arrays;

/// Weights of raters, with each token's nodes held to a quarter of the whole.
///
/// From four tokens on, the groups' weights `w₁ ≥ w₂ ≥ …` are cut to a cap `C` such that no group
/// has more than a quarter of what remains after the cut. With the `c` heaviest groups cut, the
/// whole is `rest + c·C = 4·C`, hence `C = rest / (4 − c)`; the smallest `c` whose next group is
/// within its cap is taken, and `c = 3` always is. With three tokens or fewer no cut can achieve a
/// quarter, and none is made.
///
/// Within a group the cut is shared in proportion. Weights leave here multiplied by [#SCALE], so
/// that the divisions by up to 4 lose nothing and the proportional one at most 1 part in 1,024.
public final class TokenShares {
  /// What a weight of 1 becomes.
  static final long SCALE = 12L << 10;

  private TokenShares() {}

  /// @param weights each rater's weight, 0 to 4; or 0 to 4,000 of at most 4,096 raters
  /// @param groups each rater's token as a number from 0 to `groupCount` − 1
  public static long[] of(int[] weights, int[] groups, int groupCount) {
    long[] sums = new long[groupCount];
    for (int i = 0; i < weights.length; i++) {
      sums[groups[i]] += weights[i] * SCALE;
    }
    long cap = cap(sums);
    long[] shares = new long[weights.length];
    for (int i = 0; i < weights.length; i++) {
      long share = weights[i] * SCALE;
      long sum = sums[groups[i]];
      shares[i] = sum <= cap ? share : share * cap / sum;
    }
    return shares;
  }

  private static long cap(long[] sums) {
    long[] sorted = Arrays.stream(sums).filter(sum -> sum > 0).sorted().toArray();
    if (sorted.length < 4) {
      return Long.MAX_VALUE;
    }
    long rest = Arrays.stream(sorted).sum();
    for (int cut = 0; cut < 3; cut++) {
      int next = sorted.length - 1 - cut;
      if (sorted[next] * (4 - cut) <= rest) {
        return rest / (4 - cut);
      }
      rest -= sorted[next];
    }
    return rest;
  }
}

package io.skein.reputation.evidence;

import java.util.Arrays;

/// Weights of raters, with each token's nodes held to a quarter of the whole.
///
/// From four tokens on, the groups' weights `w₁ ≥ w₂ ≥ …` are cut to a cap `C` such that no group
/// has more than a quarter of what remains after the cut. With the `c` heaviest groups cut, the
/// whole is `rest + c·C = 4·C`, hence `C = rest / (4 − c)`; the smallest `c` whose next group is
/// within its cap is taken, and `c = 3` always is.
///
/// With three tokens or fewer no cut alone can achieve a quarter. Where the mesh has four that
/// could have spoken, each that spoke gets a quarter and what is left belongs to those that were
/// silent, for the caller to say what silence says. Where it has not, nothing is cut: its few
/// tokens are all there is to hear.
///
/// Within a group the cut is shared in proportion. Weights leave here multiplied by [#SCALE], so
/// that the divisions by up to 4 lose nothing and the proportional one at most 1 part in 1,024; or,
/// where some were silent, such that a quarter is [#QUARTER].
///
/// @param each each rater's weight, in the order they came in
/// @param silent the weight of tokens that did not speak
public record TokenShares(long[] each, long silent) {
  /// Tokens from which on each can be held to a quarter.
  public static final int TOKENS = 4;

  /// What a weight of 1 becomes.
  public static final long SCALE = 12L << 10;

  /// A quarter of the weight where fewer than [#TOKENS] spoke of four.
  public static final long QUARTER = 1L << 28;

  /// @param weights each rater's weight, 0 to 4; or 0 to 4,000 of at most 4,096 raters
  /// @param groups each rater's token as a number from 0 to `groupCount` − 1
  /// @param held whether at least [#TOKENS] tokens speak of anything at all
  public static TokenShares of(int[] weights, int[] groups, int groupCount, boolean held) {
    long[] sums = new long[groupCount];
    for (int i = 0; i < weights.length; i++) {
      sums[groups[i]] += weights[i] * SCALE;
    }
    long[] sorted = Arrays.stream(sums).filter(sum -> sum > 0).sorted().toArray();
    boolean even = held && sorted.length > 0 && sorted.length < TOKENS;
    long cap = even ? QUARTER : cap(sorted);
    long[] shares = new long[weights.length];
    for (int i = 0; i < weights.length; i++) {
      long share = weights[i] * SCALE;
      long sum = sums[groups[i]];
      shares[i] = sum > cap || even && sum > 0 ? share * cap / sum : share;
    }
    return new TokenShares(shares, even ? (TOKENS - sorted.length) * QUARTER : 0);
  }

  private static long cap(long[] sorted) {
    if (sorted.length < TOKENS) {
      return Long.MAX_VALUE;
    }
    long rest = Arrays.stream(sorted).sum();
    for (int cut = 0; cut < TOKENS - 1; cut++) {
      int next = sorted.length - 1 - cut;
      if (sorted[next] * (TOKENS - cut) <= rest) {
        return rest / (TOKENS - cut);
      }
      rest -= sorted[next];
    }
    return rest;
  }
}

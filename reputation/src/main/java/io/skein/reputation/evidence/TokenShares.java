package io.skein.reputation.evidence;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Weights of raters, with each branch's held to that of one rater and each token's to a quarter of
/// the whole.
///
/// A branch weighs as much as the heaviest of its raters, which share that in proportion, rounded
/// up: whom a member lets in adds nothing to it.
///
/// From four tokens on, the tokens' weights `w₁ ≥ w₂ ≥ …` are cut to a cap `C` such that no token
/// has more than a quarter of what remains after the cut. With the `c` heaviest tokens cut, the
/// whole is `rest + c·C = 4·C`, hence `C = rest / (4 − c)`; the smallest `c` whose next token is
/// within its cap is taken, and `c = 3` always is.
///
/// With three tokens or fewer no cut alone can achieve a quarter. Where the mesh has four that
/// could have spoken, each that spoke gets a quarter and what is left belongs to those that were
/// silent, for the caller to say what silence says. Where it has not, no token is cut: its few
/// tokens are all there is to hear.
///
/// Within a token the cut is shared in proportion. Weights leave here multiplied by [#SCALE], so
/// that the divisions by up to 4 lose nothing and the proportional one at most 1 part in 1,024 of a
/// rater that is alone in its branch; or, where some were silent, such that a quarter is
/// [#QUARTER].
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
  /// @param origins as whom each rater counts
  /// @param held whether at least [#TOKENS] tokens speak of anything at all
  public static TokenShares of(int[] weights, List<Origin> origins, boolean held) {
    long[] shares = ofBranches(weights, origins);
    Map<Integer, Long> sums = new HashMap<>();
    for (int i = 0; i < shares.length; i++) {
      sums.merge(origins.get(i).token(), shares[i], Long::sum);
    }
    long[] sorted = sorted(sums.values());
    boolean even = held && sorted.length > 0 && sorted.length < TOKENS;
    long cap = even ? QUARTER : cap(sorted);
    for (int i = 0; i < shares.length; i++) {
      long sum = sums.getOrDefault(origins.get(i).token(), 0L);
      if (sum > cap || even && sum > 0) {
        shares[i] = shares[i] * cap / sum;
      }
    }
    return new TokenShares(shares, even ? (TOKENS - sorted.length) * QUARTER : 0);
  }

  private static long[] ofBranches(int[] weights, List<Origin> origins) {
    Map<Integer, Long> sums = new HashMap<>();
    Map<Integer, Integer> heaviest = new HashMap<>();
    for (int i = 0; i < weights.length; i++) {
      int branch = origins.get(i).branch();
      sums.merge(branch, (long) weights[i], Long::sum);
      heaviest.merge(branch, weights[i], Math::max);
    }
    long[] shares = new long[weights.length];
    for (int i = 0; i < shares.length; i++) {
      int branch = origins.get(i).branch();
      long most = heaviest.getOrDefault(branch, 0) * SCALE;
      shares[i] = Math.ceilDiv(weights[i] * most, Math.max(1, sums.getOrDefault(branch, 0L)));
    }
    return shares;
  }

  private static long[] sorted(Collection<Long> sums) {
    return sums.stream().mapToLong(Long::longValue).filter(sum -> sum > 0).sorted().toArray();
  }

  private static long cap(long[] sorted) {
    if (sorted.length < TOKENS) {
      return Long.MAX_VALUE;
    }
    long rest = 0;
    for (long sum : sorted) {
      rest += sum;
    }
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

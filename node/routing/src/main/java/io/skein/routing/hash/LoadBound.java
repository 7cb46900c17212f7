package io.skein.routing.hash;

import io.skein.routing.candidate.CandidateSet;

/// The bound of consistent hashing with bounded loads: nobody holds more than ⌈c · (m + 1) · w ÷ W⌉
/// requests, m being those in flight now. Somebody always has room, for c ≥ 1. Immutable.
///
/// Source: V. Mirrokni, M. Thorup, M. Zadimoghaddam, SODA 2018, with weights.
public final class LoadBound {
  /// No bound.
  public static final double NONE = 0;

  /// The greatest factor; with more the bound hardly ever applies.
  public static final double MOST = 100;

  private final double factor;

  /// @param factor [#NONE], or 1 to [#MOST]
  public LoadBound(double factor) {
    if (!valid(factor)) {
      throw new IllegalArgumentException(
          "load-bound: " + factor + " (expected: 0, or 1 to " + MOST + ")");
    }
    this.factor = factor;
  }

  /// Whether a factor is one.
  public static boolean valid(double factor) {
    return factor == NONE || (factor >= 1 && factor <= MOST);
  }

  /// Whether a candidate may take one more request. Looks at all candidates only if this one is
  /// busy.
  ///
  /// @param skip position of a candidate that is not to take it, or [CandidateSet#NONE]: its
  ///   requests and its weight do not count
  public boolean fits(CandidateSet candidates, int i, int skip, long nowNanos) {
    if (factor == NONE) {
      return true;
    }
    int held = candidates.get(i).load().rif(nowNanos);
    if (held == 0) {
      return true;
    }
    long all = 0;
    long weights = 0;
    for (int j = 0; j < candidates.size(); j++) {
      if (j != skip) {
        all += candidates.get(j).load().rif(nowNanos);
        weights += candidates.get(j).weight();
      }
    }
    return held + 1 <= Math.ceil(factor * (all + 1) * candidates.get(i).weight() / weights);
  }
}

package io.skein.routing.p2c;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import java.util.random.RandomGenerator;

/// The power of two choices: draw two different candidates by weight, keep the better one. What
/// "better" means is the policy's affair.
///
/// Drawing first is what keeps many nodes with the same stale view from all running to the same
/// best endpoint: with n candidates the best one is seen by only about 2/n of the choices.
///
/// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS
/// 12(10), 2001.
public final class TwoChoices {
  private TwoChoices() {}

  /// Which of two drawn candidates to keep.
  public interface Preference {
    /// True to keep `first`. On a tie answer true: which came first was drawn by weight.
    boolean keepsFirst(
        Candidate first,
        Candidate second,
        CandidateSet candidates,
        long nowNanos,
        RandomGenerator random);
  }

  /// Chooses among the eligible candidates, never `tried`.
  public static Decision choose(
      CandidateSet candidates,
      Candidate tried,
      long nowNanos,
      RandomGenerator random,
      Preference preference) {
    int skip = candidates.indexOf(tried);
    int i = candidates.draw(skip, CandidateSet.NONE, random);
    if (i < 0) {
      return candidates.whyNone();
    }
    Candidate first = candidates.get(i);
    int j = candidates.draw(skip, i, random);
    if (j < 0) {
      return first.chosen();
    }
    Candidate second = candidates.get(j);
    return preference.keepsFirst(first, second, candidates, nowNanos, random)
        ? first.chosen()
        : second.chosen();
  }
}

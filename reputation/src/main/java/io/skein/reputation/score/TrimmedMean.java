package io.skein.reputation.score;

import java.util.Arrays;

/// The mean of the middle half of the weight: a quarter is cut at the low end and a quarter at the
/// high end, an opinion on the boundary in part. Raters who together hold at most a quarter of the
/// weight cannot move it beyond what the others said.
final class TrimmedMean {
  private static final int INDEX_BITS = 32;

  private TrimmedMean() {}

  /// The mean in Q30, rounded down. The total weight must be positive and at most 2^31.
  ///
  /// @param opinionsQ30 each 0 to 2^30
  static long of(long[] opinionsQ30, long[] weights) {
    long[] kept = kept(opinionsQ30, weights);
    long total = 0;
    long sum = 0;
    for (int i = 0; i < kept.length; i++) {
      total += weights[i];
      sum += kept[i] * opinionsQ30[i];
    }
    return sum / (2 * total);
  }

  /// What the cut leaves of each weight, in quarters of a unit, so that a quarter of the total is
  /// whole.
  static long[] kept(long[] opinionsQ30, long[] weights) {
    long[] order = new long[opinionsQ30.length];
    long total = 0;
    for (int i = 0; i < order.length; i++) {
      order[i] = opinionsQ30[i] << INDEX_BITS | i;
      total += weights[i];
    }
    if (total <= 0 || total > 1L << 31) {
      throw new IllegalArgumentException("total weight: " + total + " (expected: 1..2^31)");
    }
    Arrays.sort(order);
    long[] kept = new long[order.length];
    long cut = total;
    long end = 3 * total;
    long at = 0;
    for (long entry : order) {
      int i = (int) entry;
      long next = at + 4 * weights[i];
      kept[i] = Math.max(0, Math.min(next, end) - Math.max(at, cut));
      at = next;
    }
    return kept;
  }
}

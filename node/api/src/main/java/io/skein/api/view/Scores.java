package io.skein.api.view;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Scores on their way to people: Q30 integers become decimals with nine places.
public final class Scores {
  private static final BigDecimal ONE = BigDecimal.valueOf(1L << 30);

  private Scores() {}

  /// The decimal of a Q30 integer, rounded half to even: a function of the integer alone, so that
  /// equal scores look equal on every node.
  ///
  /// @throws IllegalArgumentException unless `q30` lies in 0..2^30
  public static BigDecimal ofQ30(long q30) {
    if (q30 < 0 || q30 > 1L << 30) {
      throw new IllegalArgumentException("q30: " + q30 + " (expected: 0..2^30)");
    }
    return BigDecimal.valueOf(q30).divide(ONE, 9, RoundingMode.HALF_EVEN);
  }
}

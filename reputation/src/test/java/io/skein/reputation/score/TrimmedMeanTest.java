package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TrimmedMeanTest {
  @Test
  void cutsAQuarterAtEachEnd() {
    assertEquals(25, TrimmedMean.of(new long[] {1_000, 20, 0, 30}, new long[] {1, 1, 1, 1}));
    assertEquals(7, TrimmedMean.of(new long[] {7}, new long[] {5}));
    assertEquals(15, TrimmedMean.of(new long[] {20, 10}, new long[] {3, 3}));
  }

  @Test
  void cutsAnOpinionOnTheBoundaryInPart() {
    // Of 3, the middle 1.5: a quarter of 0, all of 12, a quarter of 24.
    assertEquals(12, TrimmedMean.of(new long[] {0, 12, 24}, new long[] {1, 1, 1}));
    // Weights 1, 1, 4 of 6: 1.5 are cut low: half of 12 stays, and 2.5 of 24.
    assertEquals(22, TrimmedMean.of(new long[] {0, 12, 24}, new long[] {1, 1, 4}));
  }

  @Test
  void holdsTheLargestSumsItAllows() {
    long one = 1L << 30;
    assertEquals(one, TrimmedMean.of(new long[] {one, one}, new long[] {1L << 30, 1L << 30}));
    assertThrows(
        IllegalArgumentException.class, () -> TrimmedMean.of(new long[] {1}, new long[] {0}));
  }
}

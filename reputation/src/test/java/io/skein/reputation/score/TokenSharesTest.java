package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.reputation.evidence.TokenShares;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenSharesTest {
  private static final long S = TokenShares.SCALE;

  @Test
  void fourTokensShareAlike() {
    int[] weights = {4, 4, 4, 4, 1, 2, 4};
    int[] groups = {0, 0, 0, 0, 1, 2, 3};
    // The lightest of four decides: each has 1.
    assertArrayEquals(
        new long[] {S / 4, S / 4, S / 4, S / 4, S, S, S},
        TokenShares.of(weights, groups, 4, false).each());
  }

  @Test
  void oneHeavyTokenOfFiveIsCutToAThirdOfTheRest() {
    int[] weights = {4, 4, 4, 3, 3, 3, 3};
    int[] groups = {0, 0, 0, 1, 2, 3, 4};
    // 12 against 12: cut to 12/3 = 4 of 16.
    long[] shares = TokenShares.of(weights, groups, 5, false).each();
    assertArrayEquals(new long[] {16_384, 16_384, 16_384, 3 * S, 3 * S, 3 * S, 3 * S}, shares);
  }

  @Test
  void ofFewerThanFourTokensEachHasAQuarterAndTheSilentTheRest() {
    for (int groupCount = 1; groupCount <= 3; groupCount++) {
      int[] weights = {4, 1, 2, 3, 4, 4};
      int[] groups = new int[weights.length];
      for (int i = 0; i < groups.length; i++) {
        groups[i] = Math.min(i, groupCount - 1);
      }
      TokenShares held = TokenShares.of(weights, groups, groupCount, true);
      assertEquals((4 - groupCount) * TokenShares.QUARTER, held.silent());
      long[] sums = new long[groupCount];
      for (int i = 0; i < groups.length; i++) {
        sums[groups[i]] += held.each()[i];
      }
      for (long sum : sums) {
        assertEquals(TokenShares.QUARTER, sum, weights.length);
        assertTrue(sum <= TokenShares.QUARTER);
      }
    }
  }

  @Test
  void whereFewerThanFourSpeakOfAnythingNothingIsCut() {
    TokenShares free = TokenShares.of(new int[] {4, 4, 4, 1}, new int[] {0, 0, 0, 1}, 2, false);
    assertArrayEquals(new long[] {4 * S, 4 * S, 4 * S, S}, free.each());
    assertEquals(0, free.silent());
  }

  @Test
  void noTokenEverHasMoreThanAQuarterAndNoneIsCutWithoutNeed() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int groupCount = 4 + random.nextInt(6);
      int raters = groupCount + random.nextInt(20);
      int[] weights = new int[raters];
      int[] groups = new int[raters];
      for (int i = 0; i < raters; i++) {
        weights[i] = 1 + random.nextInt(4);
        groups[i] = i < groupCount ? i : random.nextInt(groupCount);
      }
      long[] shares = TokenShares.of(weights, groups, groupCount, false).each();
      long total = Arrays.stream(shares).sum();
      long[] sums = new long[groupCount];
      for (int i = 0; i < raters; i++) {
        sums[groups[i]] += shares[i];
        assertTrue(shares[i] > 0 && shares[i] <= weights[i] * S, "seed " + seed);
      }
      for (long sum : sums) {
        // Members' shares are rounded down, by less than one unit each.
        assertTrue(4 * sum <= total + 4L * raters, "seed " + seed);
      }
      long[] uncut = new long[groupCount];
      for (int i = 0; i < raters; i++) {
        uncut[groups[i]] += weights[i] * S;
      }
      long largest = Arrays.stream(uncut).max().orElseThrow();
      if (4 * largest <= Arrays.stream(uncut).sum()) {
        assertArrayEquals(uncut, sums, "seed " + seed);
      }
    }
  }

  @Test
  void quartersAreOpenBelow() {
    assertEquals(1, Passes.quarter(0));
    assertEquals(1, Passes.quarter(1L << 28));
    assertEquals(2, Passes.quarter((1L << 28) + 1));
    assertEquals(2, Passes.quarter(1L << 29));
    assertEquals(3, Passes.quarter((1L << 29) + 1));
    assertEquals(4, Passes.quarter(1L << 30));
  }
}

package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.reputation.evidence.Origin;
import io.skein.reputation.evidence.TokenShares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSharesTest {
  private static final long S = TokenShares.SCALE;

  @Test
  void fourTokensShareAlike() {
    int[] weights = {4, 4, 4, 4, 1, 2, 4};
    List<Origin> each = alone(0, 0, 0, 0, 1, 2, 3);
    // The lightest of four decides: each has 1.
    assertArrayEquals(
        new long[] {S / 4, S / 4, S / 4, S / 4, S, S, S},
        TokenShares.of(weights, each, false).each());
  }

  @Test
  void oneHeavyTokenOfFiveIsCutToAThirdOfTheRest() {
    int[] weights = {4, 4, 4, 3, 3, 3, 3};
    List<Origin> each = alone(0, 0, 0, 1, 2, 3, 4);
    // 12 against 12: cut to 12/3 = 4 of 16.
    long[] shares = TokenShares.of(weights, each, false).each();
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
      TokenShares held = TokenShares.of(weights, alone(groups), true);
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
    TokenShares free = TokenShares.of(new int[] {4, 4, 4, 1}, alone(0, 0, 0, 1), false);
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
      long[] shares = TokenShares.of(weights, alone(groups), false).each();
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
  void aBranchWeighsWhatItsHeaviestDoes() {
    int[] weights = {1, 4, 3, 2, 2, 0};
    List<Origin> origins =
        List.of(
            new Origin(0, 0),
            new Origin(0, 0),
            new Origin(0, 0),
            new Origin(0, 1),
            new Origin(1, 2),
            new Origin(1, 3));
    // 8 in one branch weigh 4.
    long[] shares = TokenShares.of(weights, origins, false).each();
    assertArrayEquals(new long[] {S / 2, 2 * S, 3 * S / 2, 2 * S, 2 * S, 0}, shares);
    // Of four, each a quarter: in the first 4 and 2 share one.
    TokenShares held = TokenShares.of(weights, origins, true);
    long q = TokenShares.QUARTER;
    assertArrayEquals(new long[] {q / 12, q / 3, q / 4, q / 3, q, 0}, held.each());
    assertEquals(2 * q, held.silent());
  }

  @ParameterizedTest(name = "{0} in one branch")
  @ValueSource(ints = {1, 2, 61, 1_000, 12_289, OpinionTable.MAX_RATERS})
  void howeverManyItIsAndEachIsHeard(int raters) {
    int[] weights = new int[raters];
    Arrays.fill(weights, 1);
    List<Origin> origins = Collections.nCopies(raters, new Origin(0, 0));
    long[] shares = TokenShares.of(weights, origins, false).each();
    long sum = Arrays.stream(shares).sum();
    // Rounded up, by less than one unit each.
    assertTrue(sum >= S && sum < S + raters, "sum: " + sum);
    assertTrue(Arrays.stream(shares).allMatch(share -> share > 0));
  }

  /// Each in a branch of its own.
  private static List<Origin> alone(int... tokens) {
    List<Origin> origins = new ArrayList<>();
    for (int token : tokens) {
      origins.add(new Origin(token, origins.size()));
    }
    return origins;
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

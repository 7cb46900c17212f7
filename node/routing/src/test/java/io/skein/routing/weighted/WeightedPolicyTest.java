package io.skein.routing.weighted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightedPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new WeightedPolicy(WeightedConfig.DEFAULT);
  }

  @Test
  void eachPeriodHasExactShares() {
    CandidateSet set = Candidates.weighted(10, 20, 50);
    Policy policy = policy();
    for (int period = 0; period < 5; period++) {
      int[] counts = new int[3];
      for (int turn = 0; turn < 8; turn++) {
        Decision.Chosen chosen = (Decision.Chosen) choose(policy, set, Policy.NOT_TRIED, 0);
        counts[set.indexOf(chosen.candidate())]++;
      }
      assertArrayEquals(new int[] {1, 2, 5}, counts);
    }
  }

  @Test
  void noneIsEverMoreThanOneTurnAheadOrBehind() {
    int[] weights = {1, 7, 13, 29, 3};
    CandidateSet set = Candidates.weighted(weights);
    Period period = new Period(set, 1 << 16);
    assertEquals(53, period.length());
    SplittableRandom atZero = new SplittableRandom(1);
    int[] counts = new int[5];
    for (int turn = 1; turn <= 53 * 3; turn++) {
      counts[period.next(atZero)]++;
      for (int i = 0; i < 5; i++) {
        // Twice one turn: the period begins anywhere.
        assertEquals((double) turn * weights[i] / 53, counts[i], 2, "turn " + turn);
      }
    }
  }

  @Test
  void weightsWithoutACommonDivisorAreScaledToTheLongestPeriod() {
    CandidateSet set = Candidates.weighted(99_991, 49_999, 3);
    Period period = new Period(set, 1_024);
    assertTrue(period.length() <= 1_024, "length " + period.length());
    int[] counts = new int[3];
    for (int turn = 0; turn < period.length(); turn++) {
      counts[period.next(random)]++;
    }
    assertEquals(1, counts[2]);
    assertEquals(2.0, (double) counts[0] / counts[1], 0.01);
  }

  @Test
  void aSnapshotWithTheSameWeightsGoesOnWhereTheLastOneWas() {
    Policy policy = policy();
    int[] counts = new int[3];
    for (int turn = 0; turn < 80; turn++) {
      CandidateSet set = Candidates.weighted(1, 2, 5);
      Decision.Chosen chosen = (Decision.Chosen) choose(policy, set, Policy.NOT_TRIED, 0);
      counts[set.indexOf(chosen.candidate())]++;
    }
    assertArrayEquals(new int[] {10, 20, 50}, counts);
    CandidateSet changed = Candidates.weighted(1, 1, 2);
    assertEquals(0.5, share(policy, changed, 2, 400, 0));
  }
}

package io.skein.routing.p2c;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import org.junit.jupiter.api.Test;

class P2cPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new P2cPolicy();
  }

  @Test
  void ofTwoTakesTheOneWithLessInFlightForItsWeight() {
    CandidateSet set = Candidates.weighted(1, 4);
    Policy policy = policy();
    for (int k = 0; k < 3; k++) {
      set.get(1).load().dispatched();
    }
    set.get(0).load().dispatched();
    assertEquals(1, share(policy, set, 1, 1_000, 0));
    for (int k = 0; k < 2; k++) {
      set.get(1).load().dispatched();
    }
    assertEquals(1, share(policy, set, 0, 1_000, 0));
  }

  @Test
  void theMostLoadedIsNeverChosen() {
    CandidateSet set = Candidates.alike(5);
    set.get(2).load().dispatched();
    assertEquals(0, share(policy(), set, 2, 10_000, 0));
  }
}

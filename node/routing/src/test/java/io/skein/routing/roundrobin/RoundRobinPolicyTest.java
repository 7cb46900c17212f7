package io.skein.routing.roundrobin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import org.junit.jupiter.api.Test;

class RoundRobinPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new RoundRobinPolicy();
  }

  @Test
  void takesTurns() {
    CandidateSet set = Candidates.alike(3);
    Policy policy = policy();
    for (int k = 0; k < 30; k++) {
      assertEquals(set.get(k % 3).chosen(), choose(policy, set, Policy.NOT_TRIED, 0));
    }
  }

  @Test
  void aRetryTakesNobodysTurn() {
    CandidateSet set = Candidates.alike(3);
    Policy policy = policy();
    for (int k = 0; k < 30; k++) {
      assertEquals(set.get(k % 3).chosen(), choose(policy, set, Policy.NOT_TRIED, 0));
      choose(policy, set, set.get(k % 3), 0);
    }
  }
}

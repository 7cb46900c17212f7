package io.skein.routing.swarm;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import org.junit.jupiter.api.Test;

class SwarmPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new SwarmPolicy(SwarmConfig.DEFAULT);
  }

  @Test
  void followsThePheromoneBetweenItsBounds() {
    CandidateSet set = Candidates.alike(4);
    Policy policy = policy();
    policy.prepare(set);
    for (int i = 0; i < 4; i++) {
      Candidates.answered(set.get(i), (i == 3 ? 1_000 : 10) * MILLI, SECOND);
    }
    // Three ways have 100, one has 1; the floor is a twentieth of the mean of 75.25.
    assertEquals(3.76 / 303.76, share(policy, set, 3, 40_000, SECOND), 0.004);
  }

  @Test
  void whatWasLaidEvaporatesByATenthASecond() {
    CandidateSet set = Candidates.alike(1);
    policy().prepare(set);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    assertEquals(100, set.get(0).load().trail().level(SECOND), 0.1);
    assertEquals(34.9, set.get(0).load().trail().level(11 * SECOND), 0.1);
    assertEquals(100, set.get(0).load().trail().laid(1));
    assertEquals(0, set.get(0).load().trail().laid(2));
    assertEquals(0, set.get(0).load().trail().laid(65));
  }

  @Test
  void aFailureLaysNothing() {
    CandidateSet set = Candidates.alike(2);
    policy().prepare(set);
    Candidates.failed(set.get(0), SECOND);
    assertEquals(0, set.get(0).load().trail().level(SECOND));
  }
}

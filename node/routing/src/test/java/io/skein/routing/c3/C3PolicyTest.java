package io.skein.routing.c3;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import org.junit.jupiter.api.Test;

class C3PolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new C3Policy(C3Config.DEFAULT);
  }

  @Test
  void costsResponseTimesTheCubeOfTheQueue() {
    CandidateSet set = Candidates.alike(2);
    C3Policy policy = new C3Policy(C3Config.DEFAULT);
    policy.choose(Candidates.GET, set, Policy.NOT_TRIED, SECOND, random);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    assertEquals(10 * MILLI, policy.cost(set.get(0), set, SECOND), 1);
    set.get(0).load().dispatched();
    set.get(0).load().dispatched();
    assertEquals(27 * 10 * MILLI, policy.cost(set.get(0), set, SECOND), 1);
  }

  @Test
  void countsWhatOthersHaveThereAndWhatTheyMeasure() {
    CandidateSet set = Candidates.alike(2);
    C3Policy policy = new C3Policy(C3Config.DEFAULT);
    policy.cost(set.get(0), set, SECOND);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    set.get(0).load().heard(3, 2, 4 * MILLI, SECOND);
    set.get(0).load().dispatched();
    // R - 1/mu + (1 + os n + q)^3 / mu, with R 10 ms, 1/mu 4 ms, os 1, n 3, q 3.
    assertEquals((10 - 4 + 343 * 4) * MILLI, policy.cost(set.get(0), set, SECOND), 1);
    // What was heard is forgotten after a second, what was measured fades.
    long later = 3 * SECOND;
    assertEquals(
        8 * 10 * MILLI * Math.exp(-0.2), policy.cost(set.get(0), set, later), 0.001 * MILLI);
  }

  @Test
  void theAverageKeepsNineTenths() {
    CandidateSet set = Candidates.alike(1);
    C3Policy policy = new C3Policy(C3Config.DEFAULT);
    policy.cost(set.get(0), set, SECOND);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    Candidates.answered(set.get(0), 20 * MILLI, SECOND);
    assertEquals(11 * MILLI, policy.cost(set.get(0), set, SECOND), 1);
  }
}

package io.skein.routing.peakewma;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import org.junit.jupiter.api.Test;

class PeakEwmaPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new PeakEwmaPolicy();
  }

  @Test
  void takesTheSmallerProductOfLatencyAndLoad() {
    CandidateSet set = Candidates.alike(2);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    Candidates.answered(set.get(1), 25 * MILLI, SECOND);
    assertEquals(1, share(policy(), set, 0, 1_000, SECOND));
    set.get(0).load().dispatched();
    assertEquals(1, share(policy(), set, 0, 1_000, SECOND));
    set.get(0).load().dispatched();
    assertEquals(1, share(policy(), set, 1, 1_000, SECOND));
  }

  @Test
  void sendsOneRequestToTheUnprovenAndWaitsForItsAnswer() {
    CandidateSet set = Candidates.alike(2);
    Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    assertEquals(1, share(policy(), set, 1, 1_000, SECOND));
    set.get(1).load().dispatched();
    assertEquals(0, share(policy(), set, 1, 1_000, SECOND));
  }
}

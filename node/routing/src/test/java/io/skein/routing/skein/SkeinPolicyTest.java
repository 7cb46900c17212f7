package io.skein.routing.skein;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.LoadReport;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SkeinPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new SkeinPolicy(SkeinConfig.DEFAULT);
  }

  // The share of one of two that costs `ratio` times as much as the other, `ratio` >= 1.
  private static double softened(double ratio) {
    return 0.5 * Math.pow(ratio, -4);
  }

  private static CandidateSet two(long firstNanos, long secondNanos) {
    CandidateSet set = Candidates.alike(2);
    Candidates.answered(set.get(0), firstNanos, SECOND);
    Candidates.answered(set.get(1), secondNanos, SECOND);
    return set;
  }

  @Test
  void weighsLatencies() {
    assertEquals(
        softened(1.1), share(policy(), two(11 * MILLI, 10 * MILLI), 0, 40_000, SECOND), 0.01);
    assertEquals(
        softened(2), share(policy(), two(20 * MILLI, 10 * MILLI), 0, 40_000, SECOND), 0.01);
    assertEquals(
        softened(10), share(policy(), two(100 * MILLI, 10 * MILLI), 0, 40_000, SECOND), 0.01);
  }

  @Test
  void doesNotRouteByLatenciesUnderTheFloor() {
    assertEquals(0.5, share(policy(), two(50_000, 500_000), 0, 40_000, SECOND), 0.02);
  }

  @Test
  void weighsTheQueue() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    set.get(0).load().dispatched();
    assertEquals(softened(2), share(policy(), set, 0, 40_000, SECOND), 0.01);
  }

  @Test
  void weighsReputationDownToItsFloor() {
    CandidateSet set =
        new CandidateSet(
            List.of(
                Candidates.reputed("half", 1, true, 1L << 29),
                Candidates.reputed("full", 1, true, 1L << 30),
                Candidates.reputed("none", 1, true, 0)));
    for (int i = 0; i < 3; i++) {
      Candidates.answered(set.get(i), 10 * MILLI, SECOND);
    }
    CandidateSet halfAndFull = new CandidateSet(List.of(set.get(0), set.get(1)));
    assertEquals(softened(2), share(policy(), halfAndFull, 0, 40_000, SECOND), 0.01);
    // Of three, each pair is drawn in a third of the choices.
    assertEquals(0, share(policy(), set, 2, 40_000, SECOND), 0.001);
    assertTrue(
        choose(policy(), new CandidateSet(List.of(set.get(2))), Policy.NOT_TRIED, SECOND)
            instanceof Decision.Chosen);
  }

  @Test
  void leavesRoomToWhoSaysHowBusyItIs() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    set.get(0).load().told(new LoadReport(0.5, 0, 0, 0, 0, new TreeMap<>()), SECOND);
    assertEquals(softened(2), share(policy(), set, 0, 40_000, SECOND), 0.01);
    set.get(0).load().told(new LoadReport(7, 0, 0, 0, 0, new TreeMap<>()), SECOND);
    assertEquals(softened(10), share(policy(), set, 0, 40_000, SECOND), 0.01);
    long later = SECOND + EndpointLoad.REPORT_NANOS + 1;
    assertEquals(0.5, share(policy(), two(later), 0, 40_000, later), 0.02);
  }

  /// Two alike, of which the first said long ago that it was busy.
  private static CandidateSet two(long nowNanos) {
    CandidateSet set = Candidates.alike(2);
    for (int i = 0; i < 2; i++) {
      Candidates.answered(set.get(i), 10 * MILLI, nowNanos);
    }
    set.get(0).load().told(new LoadReport(0.9, 0, 0, 0, 0, new TreeMap<>()), SECOND);
    return set;
  }

  @Test
  void avoidsWhoFailsFast() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    Candidates.failed(set.get(0), SECOND);
    assertEquals(0, share(policy(), set, 0, 40_000, 3 * SECOND));
  }

  @Test
  void givesAnUnknownOneItsShareAndNoMore() {
    CandidateSet set = Candidates.alike(4);
    for (int i = 1; i < 4; i++) {
      Candidates.answered(set.get(i), 10 * MILLI, SECOND);
    }
    assertEquals(0.25, share(policy(), set, 0, 40_000, SECOND), 0.02);
    for (int k = 0; k < 5; k++) {
      set.get(0).load().dispatched();
    }
    assertTrue(share(policy(), set, 0, 40_000, SECOND) < 0.005);
  }

  @Test
  void findsAForgottenOneButNotAFailingOne() {
    CandidateSet set = two(400 * MILLI, 4 * MILLI);
    long later = SECOND + SECOND / 2;
    assertEquals(0, share(policy(), set, 0, 40_000, later), 0.0001);
    long muchLater = 3 * SECOND;
    Candidates.answered(set.get(1), 4 * MILLI, muchLater);
    // Half of the 2 % draw it.
    assertEquals(0.01, share(policy(), set, 0, 40_000, muchLater), 0.003);
    set.get(0).load().dispatched();
    assertEquals(0, share(policy(), set, 0, 40_000, muchLater), 0.0001);
    set.get(0).load().completed(MILLI, true, SECOND);
    assertEquals(0, share(policy(), set, 0, 40_000, muchLater));
  }

  @Test
  void aPeerIsNeverNearerThanItsDistance() {
    Candidate far = Candidates.peer("far", 80 * MILLI);
    Candidate near = Candidates.peer("near", 20 * MILLI);
    CandidateSet set = new CandidateSet(List.of(far, near));
    double unknown = share(policy(), set, 0, 40_000, SECOND);
    // Both are assumed to answer in 10 ms: 90 against 30 ms. Half of the probes go there, too.
    assertEquals(0.01 + 0.98 * softened(3), unknown, 0.004);
    Candidates.answered(far, 85 * MILLI, SECOND);
    Candidates.answered(near, 25 * MILLI, SECOND);
    long muchLater = 100 * SECOND;
    far.load().dispatched();
    near.load().dispatched();
    // Decayed to nothing, but for the trip: 81 against 21 ms.
    assertEquals(softened(81 / 21.0), share(policy(), set, 0, 40_000, muchLater), 0.01);
  }

  @Test
  void refusesImpossibleKnobs() {
    assertThrows(IllegalArgumentException.class, () -> new SkeinConfig(0, 1, 0.5, 4, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new SkeinConfig(1, 0, 0.5, 4, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new SkeinConfig(1, 1, 0, 4, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new SkeinConfig(1, 1, 0.5, 17, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new SkeinConfig(1, 1, 0.5, 4, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new SkeinConfig(1, 1, 0.5, 4, 0, -1));
  }
}

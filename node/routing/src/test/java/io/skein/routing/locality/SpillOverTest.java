package io.skein.routing.locality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpillOverTest {
  private static final long MILLI = 1_000_000;
  private static final long TRIP = 70 * MILLI;

  private final SpillOver spill = new SpillOver();
  private final Candidate here = Candidates.endpoint("here", 1, true);
  private final CandidateSet local = new CandidateSet(List.of(here));
  private Candidate away = Candidates.peer("away", TRIP);
  // A monotonic clock may be anywhere, below zero too.
  private long now = -5_000 * MILLI;

  /// Seconds of 1,000 answers here and 20 away each, of these latencies.
  private void pass(double seconds, double hereMillis, double awayMillis) {
    for (int step = 0; step < seconds * 10; step++) {
      spill.look(local, new CandidateSet(List.of(away)), now);
      now += 100 * MILLI;
      answers(here, 100, hereMillis);
      answers(away, 2, awayMillis);
    }
    spill.look(local, new CandidateSet(List.of(away)), now);
  }

  private void answers(Candidate from, int count, double millis) {
    for (int i = 0; i < count; i++) {
      from.load().dispatched();
      from.load().completed((long) (millis * MILLI), false, now);
    }
  }

  @Test
  void nothingLeavesWhileStayingCostsLessThanTheTrip() {
    pass(30, 20, 90);
    assertEquals(0, spill.share());
    assertEquals(0, spill.utilisation(), 0.01);
    assertEquals(1_000, spill.perSecond(), 10);
    // √(1.1 · 20 · 90) = 44.5 ms is where it begins.
    pass(30, 40, 90);
    assertEquals(0, spill.share());
    assertEquals(0.5, spill.utilisation(), 0.1);
  }

  @Test
  void whatIsTooMuchLeavesWithinSecondsAndComesBackSlowly() {
    pass(10, 20, 90);
    pass(2, 120, 90);
    double after = spill.share();
    assertTrue(after > 0.5 && after <= 0.95, "" + after);
    pass(2, 20, 90);
    double back = spill.share();
    assertTrue(back < after && back > after - 0.2, after + " to " + back);
    pass(20, 20, 90);
    assertEquals(0, spill.share());
  }

  // Requests go on to come, 100 a second, and none is answered.
  private void standStill(Candidate at, double seconds) {
    for (int step = 0; step < seconds * 10; step++) {
      for (int i = 0; i < 10; i++) {
        at.load().dispatched(now);
        now += 10 * MILLI;
      }
      spill.look(local, new CandidateSet(List.of(away)), now);
    }
  }

  @Test
  void whereAllStandStillMostLeaveAtOnceAndComeBackWithTheFirstAnswer() {
    away = Candidates.peer("away", MILLI);
    pass(10, 5, 6);
    standStill(here, 0.1);
    assertEquals(0, spill.share(), "within patience");
    standStill(here, 0.3);
    assertTrue(spill.share() > 0.8, "" + spill.share());
    standStill(here, 1);
    assertEquals(0.99, spill.share(), 0.001);
    here.load().completed(10 * MILLI, false, now);
    now += 100 * MILLI;
    spill.look(local, new CandidateSet(List.of(away)), now);
    assertTrue(spill.share() < 0.1, "" + spill.share());
  }

  @Test
  void aSlowBeginningOfPeersMakesNobodyPatient() {
    away = Candidates.peer("away", MILLI);
    pass(5, 5, 1_000);
    pass(2, 5, 6);
    standStill(here, 0.4);
    assertTrue(spill.share() > 0.5, "" + spill.share());
  }

  @Test
  void oneThatAnswersHereOrNobodyWhoAnswersThereKeepsThem() {
    Candidate other = Candidates.endpoint("other", 1, true);
    CandidateSet both = new CandidateSet(List.of(here, other));
    away = Candidates.peer("away", MILLI);
    pass(10, 5, 6);
    answers(other, 1, 5);
    standStill(here, 1);
    spill.look(both, new CandidateSet(List.of(away)), now += 100 * MILLI);
    assertEquals(0, spill.share(), "the other answers");
    standStill(away, 1);
    assertEquals(0, spill.share(), "nobody answers there");
  }

  @Test
  void slowRequestsAmongQuickOnesAreNoStandstill() {
    away = Candidates.peer("away", MILLI);
    pass(5, 5, 6);
    here.load().dispatched(now);
    pass(5, 5, 6);
    assertEquals(0, spill.share());
  }

  @Test
  void theNearerThePeersTheSoonerItBegins() {
    away = Candidates.peer("away", MILLI);
    pass(10, 20, 21);
    assertEquals(0, spill.share());
    pass(2, 34, 21);
    assertTrue(spill.share() > 0, "" + spill.share());
  }

  @Test
  void noMoreThanHalfLeavesWhileStayingIsStillQuickerThanGoing() {
    pass(10, 20, 90);
    pass(20, 60, 90);
    assertEquals(0.5, spill.share(), 1e-9);
  }

  @Test
  void nothingLeavesForPeersThatReachNothingElse() {
    away = Candidates.peer("away", TRIP).sparing(1, 0);
    pass(10, 20, 90);
    pass(10, 400, 90);
    assertEquals(0, spill.share());
    assertTrue(spill.utilisation() > 0.5, "" + spill.utilisation());
  }

  @Test
  void aServiceThatIsSlowerEverywhereIsNotCalledBusyForLong() {
    pass(10, 20, 90);
    // Slower by its nature, with peers at 100 ms + 70 ms as well.
    pass(600, 100, 170);
    assertEquals(0, spill.share(), 0.01);
  }

  @Test
  void anOverloadThatLastsDoesNotBecomeTheUsual() {
    pass(10, 20, 90);
    pass(600, 60, 90);
    assertTrue(spill.share() > 0.4, "" + spill.share());
  }

  @Test
  void failuresTellNothing() {
    pass(10, 20, 90);
    for (int i = 0; i < 1_000; i++) {
      here.load().dispatched();
      here.load().completed(1, true, now);
    }
    pass(3, 20, 90);
    assertEquals(0, spill.share());
    assertEquals(0, spill.utilisation(), 0.01);
  }
}

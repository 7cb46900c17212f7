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
import io.skein.routing.candidate.Hearsay;
import io.skein.routing.candidate.LoadReport;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.PolicyContract;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SkeinPolicyTest extends PolicyContract {
  @Override
  protected Policy policy() {
    return new SkeinPolicy(SkeinConfig.DEFAULT);
  }

  private static CandidateSet two(long firstNanos, long secondNanos) {
    CandidateSet set = Candidates.alike(2);
    Candidates.answered(set.get(0), firstNanos, SECOND);
    Candidates.answered(set.get(1), secondNanos, SECOND);
    return set;
  }

  @Test
  void nearlyEqualOnesShareAndAClearlyBetterOneIsTaken() {
    assertEquals(0.5, share(policy(), two(119 * MILLI, 100 * MILLI), 0, 40_000, SECOND), 0.01);
    assertEquals(0, share(policy(), two(121 * MILLI, 100 * MILLI), 0, 40_000, SECOND));
    assertEquals(0, share(policy(), two(1_000 * MILLI, 100 * MILLI), 0, 40_000, SECOND));
  }

  @Test
  void doesNotRouteByLatenciesUnderTheFloor() {
    assertEquals(0.5, share(policy(), two(50_000, 500_000), 0, 40_000, SECOND), 0.02);
  }

  @Test
  void weighsTheQueue() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    set.get(0).load().dispatched();
    assertEquals(0, share(policy(), set, 0, 40_000, SECOND));
    set.get(1).load().dispatched();
    assertEquals(0.5, share(policy(), set, 0, 40_000, SECOND), 0.01);
  }

  /// A crowd is measured by what is usual: fifteen where the others have fourteen are none.
  @Test
  void aCrowdIsWhatOthersDoNotHave() {
    CandidateSet set = two(10 * MILLI, 11 * MILLI);
    for (int i = 0; i < 15; i++) {
      set.get(0).load().dispatched();
    }
    for (int i = 0; i < 14; i++) {
      set.get(1).load().dispatched();
    }
    assertEquals(0.5, share(policy(), set, 0, 40_000, SECOND), 0.01);
  }

  @Test
  void anEndpointThatStallsIsLeftBeforeItsFirstLateAnswer() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    set.get(0).load().dispatched(SECOND);
    set.get(1).load().dispatched(SECOND);
    set.get(1).load().completed(10 * MILLI, false, SECOND + 10 * MILLI);
    long soon = SECOND + 30 * MILLI;
    set.get(1).load().dispatched(soon);
    assertEquals(0, share(policy(), set, 0, 10_000, soon));
    // What was given up there frees its place.
    set.get(0).load().abandoned(SECOND);
    set.get(1).load().abandoned(soon);
    assertEquals(0.5, share(policy(), set, 0, 10_000, soon), 0.02);
  }

  @Test
  void whatATooSlowTryHadCountsAndIsNoFailure() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    set.get(0).load().dispatched(SECOND);
    set.get(0).load().unanswered(50 * MILLI, SECOND + 50 * MILLI);
    set.get(0).load().abandoned(SECOND);
    assertEquals(0, set.get(0).load().failuresInRow());
    assertEquals(0, set.get(0).load().inFlight());
    assertEquals(0, share(policy(), set, 0, 10_000, SECOND + 50 * MILLI));
  }

  private static CandidateSet priced(
      double first, double second, long firstNanos, long secondNanos) {
    CandidateSet set =
        new CandidateSet(
            List.of(
                Candidates.endpoint("a").priced(first), Candidates.endpoint("b").priced(second)));
    Candidates.answered(set.get(0), firstNanos, SECOND);
    Candidates.answered(set.get(1), secondNanos, SECOND);
    return set;
  }

  @Test
  void twiceThePriceMustBeTwiceAsQuick() {
    assertEquals(
        0, share(policy(), priced(2, 1, 10 * MILLI, 10 * MILLI), 0, 10_000, SECOND), "dearer");
    assertEquals(
        0.5, share(policy(), priced(2, 1, 10 * MILLI, 20 * MILLI), 0, 40_000, SECOND), 0.01);
    assertEquals(1, share(policy(), priced(2, 1, 10 * MILLI, 30 * MILLI), 0, 10_000, SECOND));
    // Only what they cost relative to each other counts.
    assertEquals(
        0.5, share(policy(), priced(50, 50, 10 * MILLI, 10 * MILLI), 0, 40_000, SECOND), 0.01);
  }

  @Test
  void howMuchAPriceCountsIsAKnob() {
    Policy deaf = new SkeinPolicy(SkeinConfig.DEFAULT.weighing(0, 1));
    assertEquals(0.5, share(deaf, priced(9, 1, 10 * MILLI, 10 * MILLI), 0, 40_000, SECOND), 0.01);
    Policy thrifty = new SkeinPolicy(SkeinConfig.DEFAULT.weighing(2, 1));
    assertEquals(
        0.5, share(thrifty, priced(2, 1, 10 * MILLI, 40 * MILLI), 0, 40_000, SECOND), 0.01);
    assertEquals(0, share(thrifty, priced(2, 1, 10 * MILLI, 30 * MILLI), 0, 10_000, SECOND));
  }

  @Test
  void whoIsForecastToBeFullCostsMoreBeforeItIs() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    for (int i = 0; i < 2; i++) {
      set.get(i).load().told(new LoadReport(0, 0, 0.5, 0, 0, new TreeMap<>()), SECOND);
    }
    assertEquals(0.5, share(policy(), set, 0, 40_000, SECOND), 0.01);
    set.get(0).load().foreseen(1.2, SECOND);
    assertEquals(0, share(policy(), set, 0, 10_000, SECOND));
    assertTrue(
        policy().explain(Candidates.GET, 0, set, SECOND, new SplittableRandom(1)).lines().stream()
                .mapToDouble(line -> line.cost().orElseThrow())
                .max()
                .orElseThrow()
            > 40);
    // That load may fall is no reason to send more, and an old forecast is none.
    set.get(0).load().foreseen(0.1, SECOND);
    assertEquals(0.5, share(policy(), set, 0, 40_000, SECOND), 0.01);
    set.get(0).load().foreseen(1.2, SECOND);
    assertEquals(0.5, share(policy(), set, 0, 40_000, 7 * SECOND), 0.01);
    Policy deaf = new SkeinPolicy(SkeinConfig.DEFAULT.weighing(1, 0));
    assertEquals(0.5, share(deaf, set, 0, 40_000, SECOND), 0.01);
  }

  @Test
  void listensToOthersWhileTheirWordIsFresh() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    Policy policy = policy();
    policy.prepare(set);
    set.get(0).load().heard(20, 3, 10 * MILLI, SECOND);
    set.get(1).load().heard(0, 3, 10 * MILLI, SECOND);
    assertEquals(0, share(policy, set, 0, 10_000, SECOND));
    // A queue of 10 ms forgets itself.
    assertEquals(0.5, share(policy, set, 0, 10_000, SECOND + 100 * MILLI), 0.02);
    // An alarm stays for as long as it counts.
    set.get(0).load().heard(1, 3, 500 * MILLI, SECOND);
    assertEquals(0, share(policy, set, 0, 10_000, SECOND + 900 * MILLI));
    assertEquals(0.5, share(policy, set, 0, 10_000, SECOND + 1_100 * MILLI), 0.02);
  }

  @Test
  void saysHowSureItIs() {
    CandidateSet set = Candidates.alike(2);
    Policy policy = policy();
    policy.prepare(set);
    assertEquals(0, policy.confidence(set.get(0), SECOND));
    for (int i = 0; i < 36; i++) {
      Candidates.answered(set.get(0), 10 * MILLI, SECOND);
    }
    assertEquals(0.9, policy.confidence(set.get(0), SECOND), 0.01);
    assertEquals(
        0.9 / Math.E, policy.confidence(set.get(0), SECOND + EndpointLoad.DECAY_NANOS), 0.01);
    set.get(1).load().heard(1, 1, 10 * MILLI, SECOND);
    assertEquals(1, policy.confidence(set.get(1), SECOND), 0.01);
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
    assertEquals(0, share(policy(), halfAndFull, 0, 40_000, SECOND));
    assertEquals(0, share(policy(), set, 2, 40_000, SECOND));
    assertTrue(
        choose(policy(), new CandidateSet(List.of(set.get(2))), Policy.NOT_TRIED, SECOND)
            instanceof Decision.Chosen);
  }

  @Test
  void leavesRoomToWhoSaysHowBusyItIs() {
    CandidateSet set = two(10 * MILLI, 10 * MILLI);
    set.get(0).load().told(new LoadReport(0.5, 0, 0, 0, 0, new TreeMap<>()), SECOND);
    assertEquals(0, share(policy(), set, 0, 40_000, SECOND));
    set.get(0).load().told(new LoadReport(7, 0, 0, 0, 0, new TreeMap<>()), SECOND);
    assertEquals(0, share(policy(), set, 0, 40_000, SECOND));
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
    CandidateSet set = two(8 * MILLI, 4 * MILLI);
    long later = SECOND + SECOND / 2;
    assertEquals(0, share(policy(), set, 0, 40_000, later), 0.0001);
    long muchLater = 3 * SECOND;
    Candidates.answered(set.get(1), 4 * MILLI, muchLater);
    // Half of the 2 % draw it, and the usual is 0.8 of what it takes: 6.5 (decayed) and 4.
    assertEquals(0.008, share(policy(), set, 0, 40_000, muchLater), 0.003);
    set.get(0).load().dispatched();
    assertEquals(0, share(policy(), set, 0, 40_000, muchLater), 0.0001);
    set.get(0).load().completed(MILLI, true, SECOND);
    assertEquals(0, share(policy(), set, 0, 40_000, muchLater));
  }

  @Test
  void oneLookCountsForAll() {
    CandidateSet set = two(8 * MILLI, 4 * MILLI);
    EndpointLoad forgotten = set.get(0).load();
    long now = 6 * SECOND;
    Candidates.answered(set.get(1), 4 * MILLI, now);
    // Half of the 2 % draw it, and the usual is three quarters of what others expect.
    forgotten.heard(0, 1, 8.0 * MILLI, 0, 0, 3 * SECOND, now);
    assertEquals(0.0075, share(policy(), set, 0, 400_000, now), 0.0005, "seen long ago");
    forgotten.heard(0, 1, 8.0 * MILLI, 0, 0, SECOND, now);
    assertEquals(0.0075 / 8, share(policy(), set, 0, 400_000, now), 0.0002, "seen a second ago");
    forgotten.heard(1, 1, 8.0 * MILLI, 0, 0, 3 * SECOND, now);
    assertEquals(0.0075 / 8, share(policy(), set, 0, 400_000, now), 0.0002, "somebody else looks");
    forgotten.dispatched(now);
    assertEquals(0, share(policy(), set, 0, 40_000, now), "one look at a time");
  }

  @Test
  void whatAPeerSaysOfItselfDoesNotCountAsALook() {
    CandidateSet set =
        new CandidateSet(List.of(Candidates.peer("slow", 0), Candidates.peer("quick", 0)));
    long now = 6 * SECOND;
    Candidates.answered(set.get(0), 8 * MILLI, SECOND);
    Candidates.answered(set.get(1), 4 * MILLI, now);
    set.get(0).load().heard(5, 1, 8.0 * MILLI, now);
    assertEquals(0.0075, share(policy(), set, 0, 400_000, now), 0.0005);
  }

  /// It says whatever keeps the others away, while these remember that it was slow.
  @Test
  void aLiarCannotKeepOthersFromLooking() {
    CandidateSet set = two(8 * MILLI, 4 * MILLI);
    long now = 6 * SECOND;
    Candidates.answered(set.get(1), 4 * MILLI, now);
    Hearsay said = new Hearsay();
    for (int i = 0; i < 9; i++) {
      said.add(0, 8.0 * MILLI, 8.0 * MILLI, 0, 5 * SECOND, 0);
    }
    said.add(1_000, 3_600.0 * SECOND, 3_600.0 * SECOND, 3_600 * SECOND, 0, 0);
    said.tell(set.get(0).load(), now);
    double least = 0.0075 / 8 / Hearsay.BEYOND;
    assertTrue(share(policy(), set, 0, 2_000_000, now) >= least / 2);
  }

  @Test
  void aPeerIsNeverNearerThanItsDistance() {
    Candidate far = Candidates.peer("far", 80 * MILLI);
    Candidate near = Candidates.peer("near", 20 * MILLI);
    CandidateSet set = new CandidateSet(List.of(far, near));
    double unknown = share(policy(), set, 0, 40_000, SECOND);
    // Both are assumed to answer in 10 ms: 90 against 30 ms. Half of the probes go there, too.
    assertEquals(0.01, unknown, 0.004);
    Candidates.answered(far, 85 * MILLI, SECOND);
    Candidates.answered(near, 25 * MILLI, SECOND);
    long muchLater = 100 * SECOND;
    far.load().dispatched();
    near.load().dispatched();
    // Decayed to nothing, but for the trip: 81 against 21 ms.
    assertEquals(0, share(policy(), set, 0, 40_000, muchLater), 0.0001);
  }

  @Test
  void refusesImpossibleKnobs() {
    SkeinConfig d = SkeinConfig.DEFAULT;
    assertThrows(
        IllegalArgumentException.class,
        () -> new SkeinConfig(1, 3, 0.2, 2, 1, 1, 0.5, 0.02, d.probeAgeNanos(), 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 0, 0.2, 2, 1, 1, 0.5, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 3, -1, 2, 1, 1, 0.5, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 3, 0.2, 9, 1, 1, 0.5, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 3, 0.2, 2, 0, 1, 0.5, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 3, 0.2, 2, 1, 0, 0.5, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 3, 0.2, 2, 1, 1, 0, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new SkeinConfig(8, 3, 0.2, 2, 1, 1, 0.5, 1, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new SkeinConfig(8, 3, 0.2, 2, 1, 1, 0.5, 0, -1, 1, 1));
  }
}

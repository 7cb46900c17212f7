package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Observation;
import io.skein.routing.ejection.OutlierConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HealerTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long PROBE_TIMEOUT = 2 * SECOND;
  private static final Observation FINE = new Observation(100, 0, 0, 0, Long.MAX_VALUE, 10 * MILLI);
  private static final Observation DEAD = new Observation(50, 3, 3, 3, MILLI, 10 * MILLI);
  private static final Observation FAILING = new Observation(0, 9, 9, 0, MILLI, 0);
  private static final Observation SLOW =
      new Observation(100, 0, 0, 0, Long.MAX_VALUE, 100 * MILLI);

  private final Healer healer = new Healer(HealerConfig.DEFAULT, 0);
  private final Map<String, EndpointFacts> endpoints = new TreeMap<>();
  private final Map<String, Verdict> verdicts = new TreeMap<>();

  private void see(String id, Observation seen, ProbeResults probes) {
    endpoints.put(id, new EndpointFacts("shop", Set.of("self"), seen, probes, 0, PROBE_TIMEOUT));
  }

  private void see(String id, Observation seen) {
    see(id, seen, ProbeResults.NONE);
  }

  private List<Action> step(long nowNanos) {
    return healer.step(
        Facts.of("self", Set.of("self"), endpoints, verdicts, Set.of(), Set.of(), Map.of()),
        nowNanos);
  }

  private List<Action> shared(long nowNanos) {
    return step(nowNanos).stream().filter(action -> !(action instanceof ProbeDue)).toList();
  }

  @Test
  void decidesOnceAndAgainOnlyWhenTheVerdictNeverArrives() {
    see("a", DEAD);
    see("b", FINE);
    assertEquals(
        List.of(new SetAside("a", Ailment.DEAD, "3 connections failed in a row")), step(SECOND));
    assertEquals(List.of(), step(SECOND + 500 * MILLI));
    assertEquals(1, step(2 * SECOND).size());
  }

  @Test
  void leavesAloneWhatItCannotReach() {
    endpoints.put("a", new EndpointFacts("shop", Set.of("other"), DEAD, ProbeResults.NONE, 0, 0));
    assertEquals(List.of(), step(SECOND));
  }

  @Test
  void theLastOneStaysUnlessItIsDead() {
    see("a", FAILING);
    assertEquals(List.of(), step(SECOND));
    see("a", DEAD);
    assertEquals(1, step(2 * SECOND).size());
  }

  @Test
  void ofTwoFailingOnesOneStays() {
    see("a", FAILING);
    see("b", FAILING);
    assertEquals(1, step(SECOND).size());
  }

  @Test
  void whatOnlyGoneNodesReachIsNoRemainder() {
    see("a", FAILING);
    endpoints.put(
        "b",
        new EndpointFacts("shop", Set.of("gone"), Observation.NOTHING, ProbeResults.NONE, 0, 0));
    assertEquals(List.of(), step(SECOND));
  }

  @Test
  void slowMustPersistAndHalfMustRemain() {
    see("a", SLOW);
    see("b", FINE);
    assertEquals(List.of(), step(SECOND));
    assertEquals(List.of(), step(SECOND + 900 * MILLI));
    assertEquals(1, step(2 * SECOND).size());
    verdicts.put("c", new Verdict(Ailment.DEAD, 0, "r", "self"));
    see("c", Observation.NOTHING);
    Healer fresh = new Healer(HealerConfig.DEFAULT, 0);
    for (long t = 0; t < 10; t++) {
      List<Action> actions =
          fresh.step(
              Facts.of("self", Set.of("self"), endpoints, verdicts, Set.of(), Set.of(), Map.of()),
              t * SECOND);
      assertTrue(actions.stream().noneMatch(SetAside.class::isInstance), actions.toString());
    }
  }

  private List<Action> step(Situation situation, long nowNanos) {
    return healer.step(
        Facts.of("self", Set.of("self"), endpoints, verdicts, Set.of(), Set.of(), Map.of()),
        situation,
        nowNanos);
  }

  private static Situation situation(
      int patience, Set<ActionKind> acting, Map<String, Verdict> shifted) {
    return new Situation(
        patience,
        Strengths.FIRST,
        acting,
        new TreeMap<>(shifted),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }

  private static final Set<ActionKind> ALL = EnumSet.allOf(ActionKind.class);

  @Test
  void whoDoubtsItselfWaitsBeforeItAccuses() {
    see("a", DEAD);
    see("b", FINE);
    Situation starved = situation(4, ALL, Map.of());
    assertEquals(List.of(), step(starved, SECOND));
    assertEquals(List.of(), step(starved, SECOND + 599 * MILLI));
    assertEquals(1, step(starved, SECOND + 600 * MILLI).size());
  }

  @Test
  void whatIsOnlyToBeObservedIsToldOnceAMinute() {
    see("a", DEAD);
    see("b", FINE);
    Situation watching = situation(1, Set.of(ActionKind.SHIFT), Map.of());
    Action told =
        new Action.Observed(
            ActionKind.SET_ASIDE, "a", "endpoint-dead", "3 connections failed in a row");
    assertEquals(List.of(told), step(watching, SECOND));
    assertEquals(List.of(), step(watching, 60 * SECOND));
    assertEquals(List.of(told), step(watching, 61 * SECOND));
  }

  @Test
  void aSlowOneThatCannotBeSparedIsShiftedAwayFromUntilItIsInRange() {
    see("a", SLOW);
    see("b", FINE);
    see("c", Observation.NOTHING);
    see("d", Observation.NOTHING);
    verdicts.put("c", new Verdict(Ailment.DEAD, 0, "r", "self"));
    verdicts.put("d", new Verdict(Ailment.DEAD, 0, "r", "self"));
    shared(SECOND);
    List<Action> actions = shared(2 * SECOND);
    assertEquals(1, actions.size(), actions::toString);
    assertTrue(actions.getFirst() instanceof Action.Shift shift && shift.endpoint().equals("a"));
    Situation shifted =
        situation(1, ALL, Map.of("a", new Verdict(Ailment.SLOW, 2 * SECOND, "s", "self")));
    assertEquals(List.of(), notProbes(step(shifted, 3 * SECOND)));
    // Slow still, and nothing more can be done.
    assertEquals(List.of(), notProbes(step(shifted, 30 * SECOND)));
    see("a", FINE);
    assertEquals(List.of(), notProbes(step(shifted, 31 * SECOND)));
    assertEquals(
        List.of(new Action.Unshift("a", "s", "its answers are in range again")),
        notProbes(step(shifted, 36 * SECOND)));
  }

  @Test
  void aShiftInVainIsFollowedBySettingAside() {
    see("a", SLOW);
    see("b", FINE);
    see("c", FINE);
    Situation shifted = situation(1, ALL, Map.of("a", new Verdict(Ailment.SLOW, 0, "s", "self")));
    for (long second = 0; second < 10; second++) {
      assertEquals(List.of(), notProbes(step(shifted, second * SECOND)));
    }
    List<Action> actions = notProbes(step(shifted, 10 * SECOND));
    assertTrue(actions.size() == 1 && actions.getFirst() instanceof SetAside, actions::toString);
  }

  @Test
  void whatMadeThingsWorseIsNotTriedAgain() {
    see("a", SLOW);
    see("b", FINE);
    see("c", FINE);
    step(0);
    healer.hold("a", ActionKind.SET_ASIDE, 0);
    List<Action> actions = step(SECOND);
    assertTrue(
        actions.size() == 1 && actions.getFirst() instanceof Action.Shift, actions::toString);
    healer.hold("a", ActionKind.SHIFT, SECOND);
    assertEquals(List.of(), step(10 * SECOND));
  }

  @Test
  void aSickNodeIsAvoidedAndReadmittedAndHalfOfAllStay() {
    Diagnosis full = new Diagnosis.NodeOutOfDisk("n1", false, 0);
    TreeMap<String, Diagnosis> sick = new TreeMap<>(Map.of("n1", full));
    TreeMap<String, String> avoided = new TreeMap<>();
    Set<String> live = Set.of("self", "n1", "n2");
    List<Action> actions = nodes(live, sick, avoided, 10 * SECOND);
    assertEquals(List.of(new Action.Avoid("n1", full)), actions);
    avoided.put("n1", "r1");
    sick.put("n2", new Diagnosis.NodeClockSkewed("n2", 9_000, 3));
    assertEquals(List.of(), nodes(live, sick, avoided, 20 * SECOND), "one of three may go");
    sick.clear();
    assertEquals(List.of(), nodes(live, sick, avoided, 30 * SECOND));
    assertEquals(List.of(new Action.Readmit("n1", "r1")), nodes(live, sick, avoided, 38 * SECOND));
  }

  /// It may have seen a second before the owner that the node is well again.
  @Test
  void whoIsNotTheOwnerReadmitsOnlyOnceItMustHaveHeardFromTheOwner() {
    Set<String> live = Set.of("self", "n1", "n2", "n3", "n4", "n5");
    TreeMap<String, String> avoided = new TreeMap<>();
    List<Action> own = new ArrayList<>();
    List<Action> others = new ArrayList<>();
    for (String node : live) {
      TreeSet<String> able = new TreeSet<>(live);
      able.remove(node);
      if (!node.equals("self")) {
        avoided.put(node, "r-" + node);
        (Rendezvous.rank(node, "self", able) == 0 ? own : others)
            .add(new Action.Readmit(node, "r-" + node));
      }
    }
    assertTrue(!own.isEmpty() && !others.isEmpty(), () -> own + " and " + others);
    assertEquals(List.of(), nodes(live, new TreeMap<>(), avoided, 0));
    assertEquals(Set.copyOf(own), Set.copyOf(nodes(live, new TreeMap<>(), avoided, 5 * SECOND)));
    own.stream().map(Action.Readmit.class::cast).forEach(done -> avoided.remove(done.node()));
    assertEquals(
        Set.copyOf(others), Set.copyOf(nodes(live, new TreeMap<>(), avoided, 12 * SECOND)));
  }

  // Twice, so that every rank has had its turn.
  private List<Action> nodes(
      Set<String> live,
      TreeMap<String, Diagnosis> sick,
      TreeMap<String, String> avoided,
      long now) {
    Situation situation =
        new Situation(1, Strengths.FIRST, ALL, new TreeMap<>(), sick, avoided, new TreeMap<>());
    Facts facts = Facts.of("self", live, Map.of(), Map.of(), Set.of(), Set.of(), Map.of());
    List<Action> actions = new ArrayList<>(healer.step(facts, situation, now));
    actions.addAll(healer.step(facts, situation, now + 700 * MILLI));
    return actions;
  }

  private static List<Action> notProbes(List<Action> actions) {
    return actions.stream().filter(action -> !(action instanceof ProbeDue)).toList();
  }

  @Test
  void badProbesAreASignalToo() {
    see("a", Observation.NOTHING, new ProbeResults(10, 0, 3, true, 0));
    see("b", FINE);
    assertEquals(
        List.of(new SetAside("a", Ailment.DEAD, "3 probes failed in a row")), step(SECOND));
  }

  @Test
  void goodProbesFromBeforeTheVerdictDoNotCount() {
    see("a", FAILING, new ProbeResults(100, 100, 0, false, MILLI));
    see("b", FINE);
    verdicts.put("a", new Verdict(Ailment.FAILING, SECOND, "r", "self"));
    for (long t = 1; t < 30; t++) {
      assertEquals(List.of(), shared(t * SECOND));
    }
    see("a", FAILING, new ProbeResults(103, 103, 0, false, MILLI));
    assertEquals(List.of(new Restore("a", "r", "3 good probes in a row")), shared(30 * SECOND));
  }

  @Test
  void aProbeWhoseResultNeverComesIsRepeatedSoonAfterItsTimeOut() {
    verdicts.put("a", new Verdict(Ailment.FAILING, 0, "r", "self"));
    see("a", DEAD);
    List<Long> asked = new ArrayList<>();
    for (long ms = 0; ms < 10_000; ms += 50) {
      if (step(ms * MILLI).contains(new ProbeDue("a"))) {
        asked.add(ms);
      }
    }
    assertTrue(asked.size() >= 3, "asked at " + asked);
    for (int i = 1; i < asked.size(); i++) {
      long pause = (asked.get(i) - asked.get(i - 1)) * MILLI;
      assertTrue(pause > PROBE_TIMEOUT && pause < 2 * PROBE_TIMEOUT, "asked at " + asked);
    }
  }

  @Test
  void probesBackOffWhileBadAndHurryWhileGood() {
    see("b", FINE);
    verdicts.put("a", new Verdict(Ailment.FAILING, 0, "r", "self"));
    List<Long> at = new ArrayList<>();
    int probes = 0;
    for (long ms = 0; ms < 25_000; ms += 100) {
      see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, false, 0));
      if (step(ms * MILLI).contains(new ProbeDue("a"))) {
        at.add(ms);
        probes++;
      }
    }
    // Results arrive one step later.
    assertEquals(List.of(500L, 1_600L, 3_700L, 7_800L, 12_900L, 18_000L, 23_100L), at);
    int good = 0;
    List<Long> then = new ArrayList<>();
    long restoredAt = 0;
    for (long ms = 25_000; ms < 40_000 && restoredAt == 0; ms += 100) {
      see("a", Observation.NOTHING, new ProbeResults(probes + good, good, 0, false, MILLI));
      List<Action> actions = step(ms * MILLI);
      if (actions.contains(new ProbeDue("a"))) {
        then.add(ms);
        good++;
      }
      if (actions.stream().anyMatch(Restore.class::isInstance)) {
        restoredAt = ms;
      }
    }
    assertEquals(List.of(28_200L, 28_800L, 29_400L), then);
    assertEquals(29_500, restoredAt);
  }

  @Test
  void whoWasDeadForTwoSecondsIsBackInHalfASecond() {
    see("b", FINE);
    verdicts.put("a", new Verdict(Ailment.DEAD, 0, "r", "self"));
    assertEquals(2_600, firstDecision("a", 0, 2_000, 0), 100);
  }

  /// As a node does it: every 100 ms, 10 ms after a good probe, and when the next of a row is due.
  private long backMillis(Ailment verdict, long returnsMillis) {
    return backMillis(verdict, Observation.NOTHING, returnsMillis);
  }

  private long backMillis(Ailment verdict, Observation seen, long returnsMillis) {
    see("b", FINE);
    verdicts.put("a", new Verdict(verdict, 0, "r", "self"));
    int good = 0;
    int all = 0;
    long look = 0;
    for (long ms = 0; ms < 60_000; ms += 10) {
      boolean hurries = healer.hurriesAtNanos() <= ms * MILLI;
      if (ms % 100 != 0 && ms != look && !hurries) {
        continue;
      }
      see("a", seen, new ProbeResults(all, good, good == 0 ? all : 0, good == 0, MILLI));
      for (Action action : step(ms * MILLI)) {
        if (action instanceof Restore) {
          return ms - returnsMillis;
        }
        if (action.equals(new ProbeDue("a"))) {
          all++;
          good = ms >= returnsMillis ? good + 1 : 0;
          look = good > 0 ? ms + 10 : look;
        }
      }
    }
    return Long.MAX_VALUE;
  }

  @Test
  void aRowOfGoodProbesIsNotHeldUpByTicks() {
    for (long returns = 2_000; returns < 2_400; returns += 10) {
      long back = new HealerTest().backMillis(Ailment.DEAD, returns);
      // A quarter of a second until it is asked, as long again for want of a tick, 0.2 s for the
      // row.
      assertTrue(back <= 650, returns + ": " + back);
    }
  }

  @Test
  void whoFailedAsItWentDownIsBackAsOneThatWasDead() {
    assertTrue(backMillis(Ailment.FAILING, 2_000) <= 1_000, "it refused meanwhile");
  }

  /// Where the verdict comes late, the first probe finds it back already.
  @Test
  void whoRefusedAtLastIsBackAsOneThatWasDeadThoughNoProbeSawIt() {
    Observation wentDown = new Observation(50, 6, 6, 1, MILLI, 0);
    long back = backMillis(Ailment.FAILING, wentDown, 0);
    assertTrue(back >= 1_000 && back <= 1_100, "back " + back);
  }

  @Test
  void whoFailsAndAnswersProbesStaysOutAsLongAsEver() {
    assertTrue(backMillis(Ailment.FAILING, 0) >= 5_000);
  }

  @Test
  void theLongerSomebodyIsDeadTheRarerTheProbes() {
    see("b", FINE);
    verdicts.put("a", new Verdict(Ailment.DEAD, 0, "r", "self"));
    List<Long> at = new ArrayList<>();
    int probes = 0;
    for (long ms = 0; ms < 70_000; ms += 100) {
      see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, true, 0));
      if (step(ms * MILLI).contains(new ProbeDue("a"))) {
        at.add(ms);
        probes++;
      }
    }
    assertEquals(100L, at.getFirst());
    for (int i = 1; i < at.size(); i++) {
      long pause = at.get(i) - at.get(i - 1);
      assertTrue(pause <= Math.min(5_100, at.get(i - 1) / 8 + 200), at.get(i) + " ms: " + at);
    }
    assertTrue(probes < 45, "probes " + probes);
  }

  @Test
  void failuresFromBeforeItCameBackDoNotCount() {
    see("a", DEAD);
    see("b", FINE);
    verdicts.put("a", new Verdict(Ailment.DEAD, SECOND, "r", "self"));
    step(SECOND);
    verdicts.remove("a");
    see("a", new Observation(0, 5, 5, 5, SECOND, 0));
    assertEquals(List.of(), step(2 * SECOND));
    see("a", new Observation(0, 6, 6, 6, 0, 0));
    assertEquals(1, step(3 * SECOND).size());
  }

  @Test
  void theLeastGraveComesBackWhenAllAreSetAside() {
    see("a", Observation.NOTHING);
    see("b", Observation.NOTHING);
    see("c", Observation.NOTHING);
    verdicts.put("a", new Verdict(Ailment.DEAD, 0, "ra", "x"));
    verdicts.put("b", new Verdict(Ailment.FAILING, 0, "rb", "x"));
    verdicts.put("c", new Verdict(Ailment.SLOW, 0, "rc", "x"));
    assertEquals(
        List.of(new Restore("c", "rc", "nothing else is left of its service")), shared(SECOND));
  }

  @Test
  void actionsAreLimitedAndNoneIsForgotten() {
    for (int i = 0; i < 60; i++) {
      see("e" + i, DEAD);
    }
    int decided = 0;
    for (long t = 1; t <= 10; t++) {
      List<Action> actions = step(t * SECOND);
      assertTrue(actions.size() <= (t == 1 ? 20 : 5), "second " + t + ": " + actions.size());
      for (Action action : actions) {
        decided++;
        String id = ((SetAside) action).endpoint();
        verdicts.put(id, new Verdict(Ailment.DEAD, t * SECOND, "r", "self"));
        endpoints.remove(id);
      }
    }
    assertEquals(60, decided);
  }

  @Test
  void namesTheShadowsThatLive() {
    Facts facts =
        Facts.of(
            "self",
            Set.of("self", "b"),
            Map.of(),
            Map.of(),
            Set.of("gone"),
            Set.of(),
            Map.of("gone", List.of("a", "b")));
    List<Action> actions = healer.step(facts, SECOND);
    actions = actions.isEmpty() ? healer.step(facts, 2 * SECOND) : actions;
    assertEquals(List.of(new CoverNode("gone", List.of("b"))), actions);
  }

  @Test
  void refusesImpossibleKnobs() {
    AsideConfig aside = AsideConfig.DEFAULT;
    OutlierConfig outliers = OutlierConfig.DEFAULT;
    assertThrows(
        IllegalArgumentException.class, () -> new HealerConfig(outliers, aside, -1, 4, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new HealerConfig(outliers, aside, 0, 4, 0, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new AsideConfig(0, 0, 0, 0, 0, 10, 9, 1, 3));
    assertThrows(
        IllegalArgumentException.class, () -> new AsideConfig(0, 0, 0, 0, 0, 10, 10, 1, 0));
  }

  /// Steps every 100 ms, with probes answered as `answers` says from then on, until something
  /// shared is decided.
  private long firstDecision(String id, long fromMillis, long answersFromMillis, int probes) {
    int good = 0;
    int all = probes;
    for (long ms = fromMillis; ms < fromMillis + 120_000; ms += 100) {
      see(
          id,
          Observation.NOTHING,
          new ProbeResults(all, good, good == 0 ? all : 0, good == 0, MILLI));
      for (Action action : step(ms * MILLI)) {
        if (action instanceof Restore) {
          return ms;
        }
        if (action.equals(new ProbeDue(id))) {
          all++;
          good = ms >= answersFromMillis ? good + 1 : 0;
        }
      }
    }
    return Long.MAX_VALUE;
  }

  /// An endpoint that relapsed five times: its least time has doubled to 32 s.
  private void relapse(String id, Runnable others) {
    others.run();
    for (int i = 0; i < 6; i++) {
      verdicts.put(id, new Verdict(Ailment.DEAD, i * SECOND, "r", "self"));
      see(id, Observation.NOTHING);
      step(i * SECOND);
      if (i < 5) {
        verdicts.remove(id);
        step(i * SECOND + 500 * MILLI);
      }
    }
  }

  @Test
  void aRelapseCostsTimeWhileEnoughOthersAreLeft() {
    relapse("a", () -> see("b", FINE));
    assertTrue(firstDecision("a", 5_100, 5_100, 0) >= 37_000);
  }

  @Test
  void ofAServiceWithNobodyLeftWhoeverAnswersOneProbeIsBack() {
    relapse("a", () -> {});
    long back = firstDecision("a", 5_100, 20_000, 0);
    assertTrue(back >= 20_000 && back <= 21_300, back + " ms");
  }

  @Test
  void whereFewAreLeftARelapseDoesNotCount() {
    relapse(
        "a",
        () -> {
          see("b", FINE);
          see("c", Observation.NOTHING);
          verdicts.put("c", new Verdict(Ailment.DEAD, 0, "r", "self"));
        });
    long back = firstDecision("a", 5_100, 20_000, 0);
    assertTrue(back >= 20_200 && back <= 22_500, back + " ms");
  }

  @Test
  void aPauseThatGrewEndsWhenTheLastOthersGo() {
    see("b", FINE);
    verdicts.put("a", new Verdict(Ailment.DEAD, 0, "r", "self"));
    int probes = 0;
    for (long ms = 0; ms < 23_200; ms += 100) {
      see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, true, 0));
      if (step(ms * MILLI).contains(new ProbeDue("a"))) {
        probes++;
      }
    }
    // The next one would come at 28.2 s.
    see("a", Observation.NOTHING, new ProbeResults(probes, 0, probes, true, 0));
    step(23_200 * MILLI);
    verdicts.put("b", new Verdict(Ailment.DEAD, 23_300 * MILLI, "r", "self"));
    long back = firstDecision("a", 23_300, 23_300, probes);
    assertTrue(back <= 24_500, back + " ms");
  }
}

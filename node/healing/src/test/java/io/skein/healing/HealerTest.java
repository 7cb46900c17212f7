package io.skein.healing;

import static io.skein.healing.Ward.DEAD;
import static io.skein.healing.Ward.FAILING;
import static io.skein.healing.Ward.FINE;
import static io.skein.healing.Ward.MILLI;
import static io.skein.healing.Ward.SECOND;
import static io.skein.healing.Ward.SLOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Observation;
import io.skein.routing.ejection.OutlierConfig;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HealerTest {
  private static final Set<ActionKind> ALL = EnumSet.allOf(ActionKind.class);

  private final Ward ward = new Ward();

  @Test
  void decidesOnceAndAgainOnlyWhenTheVerdictNeverArrives() {
    ward.see("a", DEAD);
    ward.see("b", FINE);
    assertEquals(
        List.of(new SetAside("a", Ailment.DEAD, "3 connections failed in a row")),
        ward.step(SECOND));
    assertEquals(List.of(), ward.step(SECOND + 500 * MILLI));
    assertEquals(1, ward.step(2 * SECOND).size());
  }

  @Test
  void leavesAloneWhatItCannotReach() {
    ward.endpoints.put(
        "a", new EndpointFacts("shop", Set.of("other"), DEAD, ProbeResults.NONE, 0, 0));
    assertEquals(List.of(), ward.step(SECOND));
  }

  @Test
  void theLastOneStaysUnlessItIsDead() {
    ward.see("a", FAILING);
    assertEquals(List.of(), ward.step(SECOND));
    ward.see("a", DEAD);
    assertEquals(1, ward.step(2 * SECOND).size());
  }

  @Test
  void ofTwoFailingOnesOneStays() {
    ward.see("a", FAILING);
    ward.see("b", FAILING);
    assertEquals(1, ward.step(SECOND).size());
  }

  @Test
  void whatOnlyGoneNodesReachIsNoRemainder() {
    ward.see("a", FAILING);
    ward.endpoints.put(
        "b",
        new EndpointFacts("shop", Set.of("gone"), Observation.NOTHING, ProbeResults.NONE, 0, 0));
    assertEquals(List.of(), ward.step(SECOND));
  }

  @Test
  void slowMustPersistAndHalfMustRemain() {
    ward.see("a", SLOW);
    ward.see("b", FINE);
    assertEquals(List.of(), ward.step(SECOND));
    assertEquals(List.of(), ward.step(SECOND + 900 * MILLI));
    assertEquals(1, ward.step(2 * SECOND).size());
    ward.verdicts.put("c", new Verdict(Ailment.DEAD, 0, "r", "self"));
    ward.see("c", Observation.NOTHING);
    Healer fresh = new Healer(HealerConfig.DEFAULT, 0);
    for (long t = 0; t < 10; t++) {
      List<Action> actions = fresh.step(ward.facts(), t * SECOND);
      assertTrue(actions.stream().noneMatch(SetAside.class::isInstance), actions.toString());
    }
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

  @Test
  void whoDoubtsItselfWaitsBeforeItAccuses() {
    ward.see("a", DEAD);
    ward.see("b", FINE);
    Situation starved = situation(4, ALL, Map.of());
    assertEquals(List.of(), ward.step(starved, SECOND));
    assertEquals(List.of(), ward.step(starved, SECOND + 599 * MILLI));
    assertEquals(1, ward.step(starved, SECOND + 600 * MILLI).size());
  }

  @Test
  void whatIsOnlyToBeObservedIsToldOnceAMinute() {
    ward.see("a", DEAD);
    ward.see("b", FINE);
    Situation watching = situation(1, Set.of(ActionKind.SHIFT), Map.of());
    Action told =
        new Action.Observed(
            ActionKind.SET_ASIDE, "a", "endpoint-dead", "3 connections failed in a row");
    assertEquals(List.of(told), ward.step(watching, SECOND));
    assertEquals(List.of(), ward.step(watching, 60 * SECOND));
    assertEquals(List.of(told), ward.step(watching, 61 * SECOND));
  }

  @Test
  void aSlowOneThatCannotBeSparedIsShiftedAwayFromUntilItIsInRange() {
    ward.see("a", SLOW);
    ward.see("b", FINE);
    ward.see("c", Observation.NOTHING);
    ward.see("d", Observation.NOTHING);
    ward.verdicts.put("c", new Verdict(Ailment.DEAD, 0, "r", "self"));
    ward.verdicts.put("d", new Verdict(Ailment.DEAD, 0, "r", "self"));
    ward.shared(SECOND);
    List<Action> actions = ward.shared(2 * SECOND);
    assertEquals(1, actions.size(), actions::toString);
    assertTrue(actions.getFirst() instanceof Action.Shift shift && shift.endpoint().equals("a"));
    Situation shifted =
        situation(1, ALL, Map.of("a", new Verdict(Ailment.SLOW, 2 * SECOND, "s", "self")));
    assertEquals(List.of(), Ward.notProbes(ward.step(shifted, 3 * SECOND)));
    // Slow still, and nothing more can be done.
    assertEquals(List.of(), Ward.notProbes(ward.step(shifted, 30 * SECOND)));
    ward.see("a", FINE);
    assertEquals(List.of(), Ward.notProbes(ward.step(shifted, 31 * SECOND)));
    assertEquals(
        List.of(new Action.Unshift("a", "s", "its answers are in range again")),
        Ward.notProbes(ward.step(shifted, 36 * SECOND)));
  }

  @Test
  void aShiftInVainIsFollowedBySettingAside() {
    ward.see("a", SLOW);
    ward.see("b", FINE);
    ward.see("c", FINE);
    Situation shifted = situation(1, ALL, Map.of("a", new Verdict(Ailment.SLOW, 0, "s", "self")));
    for (long second = 0; second < 10; second++) {
      assertEquals(List.of(), Ward.notProbes(ward.step(shifted, second * SECOND)));
    }
    List<Action> actions = Ward.notProbes(ward.step(shifted, 10 * SECOND));
    assertTrue(actions.size() == 1 && actions.getFirst() instanceof SetAside, actions::toString);
  }

  @Test
  void whatMadeThingsWorseIsNotTriedAgain() {
    ward.see("a", SLOW);
    ward.see("b", FINE);
    ward.see("c", FINE);
    ward.step(0);
    ward.healer.hold("a", ActionKind.SET_ASIDE, 0);
    List<Action> actions = ward.step(SECOND);
    assertTrue(
        actions.size() == 1 && actions.getFirst() instanceof Action.Shift, actions::toString);
    ward.healer.hold("a", ActionKind.SHIFT, SECOND);
    assertEquals(List.of(), ward.step(10 * SECOND));
  }

  @Test
  void badProbesAreASignalToo() {
    ward.see("a", Observation.NOTHING, new ProbeResults(10, 0, 3, true, 0));
    ward.see("b", FINE);
    assertEquals(
        List.of(new SetAside("a", Ailment.DEAD, "3 probes failed in a row")), ward.step(SECOND));
  }

  @Test
  void failuresFromBeforeItCameBackDoNotCount() {
    ward.see("a", DEAD);
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.DEAD, SECOND, "r", "self"));
    ward.step(SECOND);
    ward.verdicts.remove("a");
    ward.see("a", new Observation(0, 5, 5, 5, SECOND, 0));
    assertEquals(List.of(), ward.step(2 * SECOND));
    ward.see("a", new Observation(0, 6, 6, 6, 0, 0));
    assertEquals(1, ward.step(3 * SECOND).size());
  }

  @Test
  void theLeastGraveComesBackWhenAllAreSetAside() {
    ward.see("a", Observation.NOTHING);
    ward.see("b", Observation.NOTHING);
    ward.see("c", Observation.NOTHING);
    ward.verdicts.put("a", new Verdict(Ailment.DEAD, 0, "ra", "x"));
    ward.verdicts.put("b", new Verdict(Ailment.FAILING, 0, "rb", "x"));
    ward.verdicts.put("c", new Verdict(Ailment.SLOW, 0, "rc", "x"));
    assertEquals(
        List.of(new Restore("c", "rc", "nothing else is left of its service")),
        ward.shared(SECOND));
  }

  @Test
  void actionsAreLimitedAndNoneIsForgotten() {
    for (int i = 0; i < 60; i++) {
      ward.see("e" + i, DEAD);
    }
    int decided = 0;
    for (long t = 1; t <= 10; t++) {
      List<Action> actions = ward.step(t * SECOND);
      assertTrue(actions.size() <= (t == 1 ? 20 : 5), "second " + t + ": " + actions.size());
      for (Action action : actions) {
        decided++;
        String id = ((SetAside) action).endpoint();
        ward.verdicts.put(id, new Verdict(Ailment.DEAD, t * SECOND, "r", "self"));
        ward.endpoints.remove(id);
      }
    }
    assertEquals(60, decided);
  }

  @Test
  void refusesImpossibleKnobs() {
    AsideConfig aside = AsideConfig.DEFAULT;
    OutlierConfig outliers = OutlierConfig.DEFAULT;
    assertThrows(
        IllegalArgumentException.class, () -> new HealerConfig(outliers, aside, -1, 4, 0, 0, 1, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new HealerConfig(outliers, aside, 0, 4, 0, 0, 0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new AsideConfig(0, 0, 0, 0, 0, 0, 10, 9, 1, 3));
    assertThrows(
        IllegalArgumentException.class, () -> new AsideConfig(0, 0, 0, 0, 0, 0, 10, 10, 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new AsideConfig(0, 0, 0, 0, -1, 0, 10, 10, 1, 3));
  }
}

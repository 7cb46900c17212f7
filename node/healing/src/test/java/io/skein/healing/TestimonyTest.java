package io.skein.healing;

import static io.skein.healing.Ward.FINE;
import static io.skein.healing.Ward.MILLI;
import static io.skein.healing.Ward.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.action.Action.Shift;
import io.skein.healing.action.Action.Unshift;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Observation;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Endpoints that answer probes well and requests with failures.
class TestimonyTest {
  private static final Set<ActionKind> ALL = EnumSet.allOf(ActionKind.class);

  private final Ward ward = new Ward();

  private static Observation failed(int inRow, long ageNanos) {
    return new Observation(0, inRow, inRow, 0, ageNanos, 0);
  }

  private static ProbeResults good(int row) {
    return new ProbeResults(row, row, 0, false, MILLI);
  }

  private static Situation situation(Set<ActionKind> acting, Map<String, Verdict> shifted) {
    return new Situation(
        1,
        Strengths.FIRST,
        acting,
        new TreeMap<>(shifted),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }

  @Test
  void requestsThatFailBetweenGoodProbesMakeALiar() {
    ward.see("b", FINE);
    for (int i = 1; i < 5; i++) {
      ward.see("a", failed(i, MILLI), good(10 + i));
      assertEquals(List.of(), ward.shared(i * SECOND));
    }
    ward.see("a", failed(5, MILLI), good(15));
    assertEquals(
        List.of(
            new SetAside("a", Ailment.LYING, "3 good probes in a row, and 5 of 5 requests failed")),
        ward.shared(5 * SECOND));
    Diagnosis found = ward.healer.diagnosis("a").orElseThrow();
    assertEquals("endpoint-lying", found.kind());
    assertEquals("endpoint", found.subjectKind());
  }

  @Test
  void oneBadProbeAmongThemMakesItHonest() {
    ward.see("b", FINE);
    for (int i = 1; i <= 5; i++) {
      ward.see(
          "a", failed(i, MILLI), new ProbeResults(10 + i, i < 3 ? 10 + i : i - 3, 0, false, MILLI));
      for (Action action : ward.shared(i * SECOND)) {
        assertEquals(new SetAside("a", Ailment.FAILING, "5 requests failed in a row"), action);
      }
    }
    assertEquals("endpoint-failing", ward.healer.diagnosis("a").orElseThrow().kind());
  }

  @Test
  void goodProbesAfterTheLastFailureShowThatItIsOver() {
    // Nothing else remains, so it stays in use and failing.
    ward.see("a", failed(5, MILLI), good(10));
    ward.shared(SECOND);
    for (int i = 1; i < 9; i++) {
      ward.see("a", failed(5, i * SECOND), good(10 + i));
      ward.shared((1 + i) * SECOND);
      assertEquals("endpoint-failing", ward.healer.diagnosis("a").orElseThrow().kind());
    }
  }

  /// Set aside as failing, brought back after six seconds by four probes, of which `bad` failed at
  /// first, and failing again at once after `backNanos`.
  private Ailment again(int bad, long backNanos) {
    ward.see("b", FINE);
    ward.see("a", failed(5, MILLI), good(10));
    ward.shared(SECOND);
    ward.verdicts.put("a", new Verdict(Ailment.FAILING, SECOND, "r", "self"));
    ward.see("a", failed(5, 100 * MILLI), good(10));
    ward.shared(SECOND + 100 * MILLI);
    ward.see("a", Observation.NOTHING, new ProbeResults(14, bad == 0 ? 14 : 4 - bad, 0, false, 0));
    ward.shared(7 * SECOND);
    ward.verdicts.remove("a");
    ward.shared(8 * SECOND);
    ward.see("a", failed(5, MILLI), new ProbeResults(14, bad == 0 ? 14 : 4 - bad, 0, false, 0));
    List<Action> actions = ward.shared(8 * SECOND + backNanos);
    assertEquals(1, actions.size(), actions::toString);
    return ((SetAside) actions.getFirst()).diagnosis();
  }

  @Test
  void whoFailsAtItsReturnThoughNoProbeWasBadIsALiar() {
    assertEquals(Ailment.LYING, again(0, SECOND));
  }

  @Test
  void whoFailedAProbeMeanwhileIsHonest() {
    assertEquals(Ailment.FAILING, again(1, SECOND));
  }

  @Test
  void whoServedForLongSinceItsReturnIsHonest() {
    assertEquals(Ailment.FAILING, again(0, 31 * SECOND));
  }

  @Test
  void aLiarComesBackLaterAndOnTrial() {
    ward.see("b", FINE);
    ward.see("c", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.LYING, 0, "r", "self"));
    long backMillis = 0;
    int probes = 0;
    List<Action> back = List.of();
    for (long ms = 0; ms < 60_000 && back.isEmpty(); ms += 100) {
      ward.see("a", Observation.NOTHING, good(probes));
      List<Action> actions = ward.step(ms * MILLI);
      probes += actions.contains(new ProbeDue("a")) ? 1 : 0;
      back = Ward.notProbes(actions);
      backMillis = ms;
    }
    assertEquals(10_000, backMillis, 200);
    assertTrue(back.getFirst() instanceof Restore, back::toString);
    assertEquals(new Shift("a", Ailment.LYING, "on trial: its probes say nothing"), back.getLast());
    ward.verdicts.remove("a");
    Situation trial =
        situation(ALL, Map.of("a", new Verdict(Ailment.LYING, 10 * SECOND, "s", "self")));
    for (long second = 11; second < 40; second++) {
      ward.see("a", Observation.NOTHING, good(probes));
      assertEquals(List.of(), Ward.notProbes(ward.step(trial, second * SECOND)));
    }
    ward.see("a", FINE, good(probes));
    assertEquals(List.of(), Ward.notProbes(ward.step(trial, 40 * SECOND)));
    assertEquals(
        List.of(new Unshift("a", "s", "its requests are answered")),
        Ward.notProbes(ward.step(trial, 45 * SECOND)));
  }

  @Test
  void whereShiftsAreOnlyObservedItComesBackWithAllItsWeight() {
    ward.see("b", FINE);
    ward.verdicts.put("a", new Verdict(Ailment.LYING, 0, "r", "self"));
    ward.see("a", Observation.NOTHING, good(0));
    Situation watching = situation(EnumSet.complementOf(EnumSet.of(ActionKind.SHIFT)), Map.of());
    ward.step(watching, 0);
    ward.see("a", Observation.NOTHING, good(3));
    List<Action> actions = Ward.notProbes(ward.step(watching, 30 * SECOND));
    assertTrue(
        actions.size() == 1 && actions.getFirst() instanceof Restore, () -> actions.toString());
  }

  @Test
  void whereFewAreLeftALiarIsBackAfterTenSecondsHoweverOftenItLied() {
    AsideConfig config = AsideConfig.DEFAULT;
    assertEquals(10 * SECOND, config.leastNanos(Ailment.LYING, 0));
    assertEquals(160 * SECOND, config.leastNanos(Ailment.LYING, 4));
    assertEquals(300 * SECOND, config.leastNanos(Ailment.LYING, 9));
    assertEquals(60 * SECOND, config.leastNanos(Ailment.FAILING, 9));
  }
}

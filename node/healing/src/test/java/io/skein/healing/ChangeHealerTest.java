package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Observed;
import io.skein.healing.action.Action.RollBack;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ServiceFacts;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Strengths;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What is taken back of changes of services, and what is not.
final class ChangeHealerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Figures WELL = new Figures(100, 2, 5_000);
  private static final Figures ILL = new Figures(100, 60, 5_000);
  private static final Figures FEW = new Figures(10, 10, 5_000);
  private static final Set<ActionKind> ALL = EnumSet.allOf(ActionKind.class);

  private final Healer healer = new Healer(HealerConfig.DEFAULT, 0);

  private List<Action> step(ServiceFacts about, long nowNanos, Set<ActionKind> acting) {
    TreeMap<String, ServiceFacts> services = new TreeMap<>(Map.of("web", about));
    Situation situation =
        new Situation(
            1,
            Strengths.FIRST,
            acting,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            services);
    return healer.step(
        Facts.of("self", Set.of("self"), Map.of(), Map.of(), Set.of(), Set.of(), Map.of()),
        situation,
        nowNanos);
  }

  private List<Action> step(String change, boolean revertible, Figures recent, long nowNanos) {
    return step(new ServiceFacts(change, revertible, recent), nowNanos, ALL);
  }

  @Test
  void aChangeAfterWhichMostRequestsFailIsTakenBackOnce() {
    assertEquals(List.of(), step("old", false, Figures.NONE, SECOND));
    assertEquals(List.of(), step("new", true, WELL, 2 * SECOND));
    assertEquals(List.of(), step("new", true, WELL, 4 * SECOND));
    assertEquals(List.of(), step("new", true, ILL, 5 * SECOND));
    assertInstanceOf(Diagnosis.ChangeHarmful.class, healer.diagnoses().getFirst());
    assertEquals(
        List.of(
            new RollBack(
                "web",
                "new",
                "60 of 100 requests failed 4.0 s after a change of the service, hardly any before")),
        step("new", true, ILL, 6 * SECOND));
    assertEquals(List.of(), step("new", true, ILL, 6 * SECOND + SECOND / 2));
    // What it is now was not well before: it is not taken back in turn.
    assertEquals(List.of(), step("old again", true, ILL, 7 * SECOND));
    assertEquals(List.of(), step("old again", true, ILL, 9 * SECOND));
    assertEquals(List.of(), healer.diagnoses());
  }

  @Test
  void whatHasFailedBeforeIsNoChangesFault() {
    step("old", false, Figures.NONE, SECOND);
    step("new", true, ILL, 2 * SECOND);
    assertEquals(List.of(), step("new", true, ILL, 4 * SECOND));
    assertEquals(List.of(), step("new", true, ILL, 6 * SECOND));
  }

  @Test
  void whatFailsAMinuteLaterHasOtherCauses() {
    step("old", false, Figures.NONE, SECOND);
    step("new", true, WELL, 2 * SECOND);
    assertEquals(List.of(), step("new", true, ILL, 63 * SECOND));
    assertEquals(List.of(), step("new", true, ILL, 65 * SECOND));
  }

  @Test
  void aFewRequestsSayNothing() {
    step("old", false, Figures.NONE, SECOND);
    step("new", true, WELL, 2 * SECOND);
    assertEquals(List.of(), step("new", true, FEW, 5 * SECOND));
    assertEquals(List.of(), step("new", true, FEW, 7 * SECOND));
    step("newer", true, FEW, 8 * SECOND);
    assertEquals(List.of(), step("newer", true, ILL, 12 * SECOND));
    assertEquals(List.of(), step("newer", true, ILL, 14 * SECOND));
  }

  @Test
  void whatCannotBeTakenBackIsLeft() {
    step("old", false, Figures.NONE, SECOND);
    step("new", false, WELL, 2 * SECOND);
    assertEquals(List.of(), step("new", false, ILL, 5 * SECOND));
    assertEquals(List.of(), step("new", false, ILL, 7 * SECOND));
  }

  @Test
  void aPassingDipIsNotTheChange() {
    step("old", false, Figures.NONE, SECOND);
    step("new", true, WELL, 2 * SECOND);
    step("new", true, ILL, 5 * SECOND);
    step("new", true, WELL, 5 * SECOND + SECOND / 2);
    assertEquals(List.of(), step("new", true, ILL, 6 * SECOND + SECOND / 4));
  }

  @Test
  void observedItIsToldAndNotDone() {
    Set<ActionKind> others = EnumSet.complementOf(EnumSet.of(ActionKind.ROLL_BACK));
    step(new ServiceFacts("old", false, Figures.NONE), SECOND, others);
    step(new ServiceFacts("new", true, WELL), 2 * SECOND, others);
    step(new ServiceFacts("new", true, ILL), 5 * SECOND, others);
    List<Action> told = step(new ServiceFacts("new", true, ILL), 7 * SECOND, others);
    assertEquals(1, told.size());
    Observed observed = assertInstanceOf(Observed.class, told.getFirst());
    assertEquals(ActionKind.ROLL_BACK, observed.kind());
    assertEquals("change-harmful", observed.diagnosis());
    assertEquals(List.of(), step(new ServiceFacts("new", true, ILL), 9 * SECOND, others));
  }
}

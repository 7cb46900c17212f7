package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.signal.Shedding;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShedHealerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Shedding SHEDS = new Shedding(true, "shed_default", "lag", 0.93);
  private static final Shedding WORSE = new Shedding(true, "refuse_all", "lag", 0.98);
  private static final Shedding CALM = new Shedding(false, "none", "heap", 0.4);

  private final ShedHealer healer = new ShedHealer("n1");
  private Figures load = new Figures(5_000, 10, 900_000);

  private List<Action> step(Shedding now, long millis) {
    return healer.step(now, () -> load, true, () -> true, millis * 1_000_000);
  }

  @Test
  void tellsOfWhatLastsThreeSecondsAndWhatCameOfIt() {
    assertEquals(List.of(), step(CALM, 0));
    assertEquals(List.of(), step(SHEDS, 1_000));
    assertEquals(List.of(), step(WORSE, 3_900));
    assertEquals(
        List.of(
            new Own.Begun(
                ActionKind.SHED,
                "node-overloaded",
                "refuse_all for 3.0 s: lag at 98 %",
                "nothing to be shed within a minute")),
        step(SHEDS, 4_000));
    load = new Figures(2_000, 0, 4_000);
    assertEquals(List.of(), step(CALM, 10_000));
    assertEquals(List.of(), step(SHEDS, 12_000));
    assertEquals(List.of(), step(CALM, 15_000));
    assertEquals(
        List.of(
            new Own.Ended(
                ActionKind.SHED,
                "recovered",
                "shed for 14.0 s, lag at 98 % at most; now heap at 40 %"),
            new Own.Measured(
                ActionKind.SHED,
                "node-overloaded",
                Outcome.WORKED,
                5,
                new Figures(5_000, 10, 900_000),
                new Figures(2_000, 0, 4_000))),
        step(CALM, 18_000));
    assertEquals(List.of(), step(CALM, 30_000));
  }

  @Test
  void whatIsShedForMomentsOnlyIsNotToldOf() {
    for (int i = 0; i < 20; i++) {
      assertEquals(List.of(), step(SHEDS, i * 4_000));
      assertEquals(List.of(), step(SHEDS, i * 4_000 + 2_900));
      assertEquals(List.of(), step(CALM, i * 4_000 + 3_000));
    }
  }

  @Test
  void sheddingThatDoesNotHelpIsToldAsThatOnce() {
    step(SHEDS, 0);
    assertEquals(1, step(SHEDS, 3_000).size());
    assertEquals(List.of(), step(SHEDS, 62_000));
    List<Action> told = step(SHEDS, 63_000);
    assertTrue(
        told.getFirst() instanceof Own.Measured measured && measured.outcome() == Outcome.UNCHANGED,
        told::toString);
    assertEquals(List.of(), step(SHEDS, 200_000));
    step(CALM, 201_000);
    List<Action> end = step(CALM, 204_000);
    assertTrue(end.size() == 1 && end.getFirst() instanceof Own.Ended, end::toString);
  }

  @Test
  void whatIsOverTheLimitIsToldLater() {
    healer.step(SHEDS, () -> load, true, () -> false, 0);
    assertEquals(List.of(), healer.step(SHEDS, () -> load, true, () -> false, 5 * SECOND));
    assertEquals(1, healer.step(SHEDS, () -> load, true, () -> true, 6 * SECOND).size());
  }

  @Test
  void isOnlyToldOfOnceAMinute() {
    int told = 0;
    for (long second = 0; second < 130; second++) {
      for (Action action : healer.step(SHEDS, () -> load, false, () -> true, second * SECOND)) {
        assertTrue(action instanceof Action.Observed, action::toString);
        told++;
      }
    }
    assertEquals(3, told);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void howeverItShedsBeginningsAndEndsAlternateAndAreFew(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Action> changes = new ArrayList<>();
    Shedding now = CALM;
    long lastMillis = -3_000;
    for (long millis = 0; millis < 3_600_000; millis += 250) {
      if (random.nextInt(20) == 0) {
        now = List.of(SHEDS, WORSE, CALM).get(random.nextInt(3));
      }
      for (Action action : step(now, millis)) {
        if (!(action instanceof Own.Measured)) {
          assertTrue(millis - lastMillis >= 3_000, changes::toString);
          lastMillis = millis;
          changes.add(action);
        }
      }
    }
    for (int i = 0; i < changes.size(); i++) {
      assertEquals(i % 2 == 0, changes.get(i) instanceof Own.Begun, changes::toString);
    }
    assertTrue(changes.size() > 20, changes::toString);
  }
}

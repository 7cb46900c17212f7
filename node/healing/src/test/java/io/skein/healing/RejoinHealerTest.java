package io.skein.healing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.diagnosis.Diagnosis.NodeParted;
import io.skein.healing.signal.Parting;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Figures;
import io.skein.healing.swarm.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RejoinHealerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Parting ONE = seen(Set.of("n1", "n2", "n3"), 0);

  private final RejoinHealer healer = new RejoinHealer("n3");

  /// Others that have been heard of for 31 s.
  private static Parting seen(Set<String> view, int largest, String... apart) {
    Map<String, Long> since = new TreeMap<>();
    for (String each : apart) {
      since.put(each, 31 * SECOND);
    }
    return new Parting(new TreeSet<>(view), new TreeMap<>(since), largest);
  }

  private List<Action> step(Parting now, long second) {
    return step(now, true, second);
  }

  private List<Action> step(Parting now, boolean acts, long second) {
    Optional<NodeParted> found =
        now.apart().isEmpty() ? Optional.empty() : Optional.of(NodeParted.of("n3", now));
    return healer.step(found, now, acts, second * SECOND);
  }

  @Test
  void whoIsAloneRejoinsAndTellsWhatCameOfIt() {
    Parting alone = seen(Set.of("n3"), 2, "n1", "n2");
    assertEquals(List.of(), step(ONE, 0));
    assertEquals(
        List.of(
            new Own.Begun(
                ActionKind.REJOIN,
                "node-parted",
                "2 heard of for 31.0 s that are not in the view of 1",
                "within 30 s all that are heard of in one view")),
        step(alone, 1));
    assertEquals(List.of(), step(alone, 2));
    assertEquals(List.of(), step(ONE, 4));
    assertEquals(List.of(), step(ONE, 8));
    assertEquals(
        List.of(
            new Own.Ended(ActionKind.REJOIN, "recovered", "one view of 3 after 3.0 s"),
            new Own.Measured(
                ActionKind.REJOIN,
                "node-parted",
                Outcome.WORKED,
                3,
                new Figures(2, 0, 0),
                new Figures(0, 0, 0))),
        step(ONE, 9));
    assertEquals(List.of(), step(ONE, 10));
  }

  @Test
  void whereSomebodyIsStillApartAfterHalfAMinuteItChangedNothing() {
    step(seen(Set.of("n3"), 2, "n1", "n2"), 0);
    assertEquals(List.of(), step(ONE, 20));
    assertEquals(List.of(), step(seen(Set.of("n2", "n3"), 1, "n1"), 22));
    assertEquals(
        List.of(
            new Own.Ended(
                ActionKind.REJOIN,
                "in-vain",
                "still 1 heard of for 31.0 s that are not in the view of 2"),
            new Own.Measured(
                ActionKind.REJOIN,
                "node-parted",
                Outcome.UNCHANGED,
                30,
                new Figures(2, 0, 0),
                new Figures(1, 0, 0))),
        step(seen(Set.of("n2", "n3"), 1, "n1"), 30));
  }

  @Test
  void theLargerPartNeverRejoins() {
    for (long second = 0; second < 10_000; second++) {
      assertEquals(List.of(), step(seen(Set.of("n2", "n3"), 1, "n0", "n1"), second));
    }
  }

  @Test
  void theThirdOfAPartWaitsForTwoTurns() {
    Parting part = seen(Set.of("n1", "n2", "n3"), 4, "n4", "n5", "n6", "n7");
    assertEquals(List.of(), step(part, 0));
    assertEquals(List.of(), step(part, 19));
    assertEquals(1, step(part, 20).size());
  }

  @Test
  void aTurnBeginsAnewWithEachParting() {
    Parting part = seen(Set.of("n1", "n3"), 4, "n4", "n5", "n6", "n7");
    assertEquals(List.of(), step(part, 0));
    assertEquals(List.of(), step(ONE, 9));
    assertEquals(List.of(), step(part, 10));
    assertEquals(List.of(), step(part, 19));
    assertEquals(1, step(part, 20).size());
  }

  @Test
  void inDoubtTheOneWithTheLowestIdLetsTheOthersGoFirst() {
    assertEquals(1, step(seen(Set.of("n3"), 1, "n2", "n4"), 0).size());
    RejoinHealer lowest = new RejoinHealer("n1");
    Parting alone = seen(Set.of("n1"), 1, "n2", "n4");
    NodeParted found = NodeParted.of("n1", alone);
    for (long second = 0; second < 300; second++) {
      assertEquals(List.of(), lowest.step(Optional.of(found), alone, true, second * SECOND));
    }
    assertEquals(1, lowest.step(Optional.of(found), alone, true, 300 * SECOND).size());
  }

  @Test
  void whatIsInVainIsRepeatedEverMoreRarely() {
    Parting alone = seen(Set.of("n3"), 2, "n1", "n2");
    List<Long> begun = new ArrayList<>();
    for (long second = 0; second < 9_000; second++) {
      for (Action action : step(alone, second)) {
        if (action instanceof Own.Begun) {
          begun.add(second);
        }
      }
    }
    assertEquals(List.of(0L, 120L, 360L, 840L, 1_800L, 3_600L, 5_400L, 7_200L), begun);
    for (long second = 9_000; second < 13_000; second++) {
      step(ONE, second);
    }
    assertEquals(1, step(alone, 13_000).size());
    assertEquals(2, step(ONE, 13_060).size());
    assertEquals(1, step(alone, 13_120).size());
  }

  @Test
  void isOnlyToldOfOnceAMinute() {
    Parting alone = seen(Set.of("n3"), 2, "n1", "n2");
    int told = 0;
    for (long second = 0; second < 130; second++) {
      for (Action action : step(alone, false, second)) {
        assertInstanceOf(Action.Observed.class, action);
        told++;
      }
    }
    assertEquals(3, told);
  }
}

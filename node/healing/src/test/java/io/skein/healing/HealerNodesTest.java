package io.skein.healing;

import static io.skein.healing.Ward.MILLI;
import static io.skein.healing.Ward.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.Facts;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Nodes that are sick, dead or back.
class HealerNodesTest {
  private final Ward ward = new Ward();

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
        new Situation(
            1,
            Strengths.FIRST,
            EnumSet.allOf(ActionKind.class),
            new TreeMap<>(),
            sick,
            avoided,
            new TreeMap<>());
    Facts facts = Facts.of("self", live, Map.of(), Map.of(), Set.of(), Set.of(), Map.of());
    List<Action> actions = new ArrayList<>(ward.healer.step(facts, situation, now));
    actions.addAll(ward.healer.step(facts, situation, now + 700 * MILLI));
    return actions;
  }

  /// Somebody else's view of the mesh lacks the node, and covers it as soon as it is welcomed.
  @Test
  void whoeverOthersCoverAgainAtOnceIsWelcomedEverMoreRarely() {
    List<Long> welcomes = welcomes(100 * MILLI, 120);
    assertEquals(List.of(1L, 1L, 2L, 4L, 8L, 8L), pausesSeconds(welcomes).subList(0, 6));
    assertTrue(welcomes.size() < 20, () -> "in two minutes: " + welcomes.size());
  }

  @Test
  void whoeverIsGoneAgainLaterIsWelcomedAtOnceAgain() {
    List<Long> welcomes = welcomes(4 * SECOND, 60);
    assertTrue(pausesSeconds(welcomes).stream().allMatch(pause -> pause == 4), welcomes::toString);
    assertTrue(welcomes.size() > 10, welcomes::toString);
  }

  /// When a node that is there all the time is welcomed, if it is covered so long after each time.
  private List<Long> welcomes(long coveredAfterNanos, int seconds) {
    List<Long> welcomes = new ArrayList<>();
    long coveredNanos = 0;
    for (long now = 0; now < seconds * SECOND; now += 100 * MILLI) {
      Set<String> covered = now >= coveredNanos ? Set.of("n1") : Set.of();
      Facts facts =
          Facts.of("self", Set.of("self", "n1"), Map.of(), Map.of(), Set.of(), covered, Map.of());
      if (ward.healer.step(facts, now).contains(new Action.WelcomeNode("n1"))) {
        welcomes.add(now);
        coveredNanos = now + coveredAfterNanos;
      }
    }
    return welcomes;
  }

  private static List<Long> pausesSeconds(List<Long> moments) {
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < moments.size(); i++) {
      pauses.add((moments.get(i) - moments.get(i - 1)) / SECOND);
    }
    return pauses;
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
    List<Action> actions = ward.healer.step(facts, SECOND);
    actions = actions.isEmpty() ? ward.healer.step(facts, 2 * SECOND) : actions;
    assertEquals(List.of(new CoverNode("gone", List.of("b"))), actions);
  }
}

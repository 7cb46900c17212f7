package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3", "n4", "n5");
  private static final List<Kind> ALL = List.of(Kind.values());

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1, 2, 3, 77, Long.MAX_VALUE})
  void theSameSeedGivesTheSamePlanAndFaultsNeverOverlap(long seed) {
    Plan plan = Plan.draw(seed, NODES, ALL, 600_000, 0);

    assertEquals(plan, Plan.draw(seed, NODES, ALL, 600_000, 0));
    long free = 0;
    for (Step step : plan.steps()) {
      assertTrue(step.atMillis() >= free, () -> step + " begins too early");
      assertFalse(step.nodes().isEmpty());
      assertTrue(NODES.containsAll(step.nodes()), step::toString);
      free = step.atMillis() + step.lengthMillis() + plan.gapMillis();
    }
    assertTrue(free <= 600_000);
  }

  @ParameterizedTest(name = "{0} ms of faults: the first after {1} ms")
  @CsvSource({"30000, 4000", "160000, 4000", "400000, 10000", "600000, 15000", "3600000, 15000"})
  void theMeshServesForAFortiethOfTheTimeBeforeTheFirstFault(long millis, long first) {
    Plan plan = Plan.draw(1, NODES, ALL, millis, 0);

    assertEquals(first, plan.steps().getFirst().atMillis());
  }

  @Test
  void differentSeedsGiveDifferentPlans() {
    Set<Plan> plans =
        LongStream.range(0, 50)
            .mapToObj(seed -> Plan.draw(seed, NODES, ALL, 600_000, 0))
            .collect(Collectors.toSet());

    assertTrue(plans.size() > 45, () -> plans.size() + " of 50");
  }

  @Test
  void everyKindComesBeforeAnyComesAgain() {
    Plan plan = Plan.draw(5, NODES, ALL, 3_600_000, 0);

    Set<Kind> first = EnumSet.noneOf(Kind.class);
    plan.steps().stream().limit(ALL.size()).forEach(step -> first.add(step.kind()));
    assertEquals(EnumSet.allOf(Kind.class), first);
    assertTrue(plan.steps().size() > ALL.size());
  }

  @Test
  void minoritiesAndMajoritiesAreWhatTheyAreCalled() {
    for (long seed = 0; seed < 100; seed++) {
      for (int nodes = 3; nodes <= 7; nodes++) {
        List<String> names = LongStream.rangeClosed(1, nodes).mapToObj(i -> "n" + i).toList();
        assertTrue(struck(seed, names, Kind.MINORITY) * 2 < nodes);
        assertTrue(struck(seed, names, Kind.KILL_MINORITY) * 2 < nodes);
        assertTrue(struck(seed, names, Kind.KILL_MAJORITY) * 2 > nodes);
        assertEquals(nodes, struck(seed, names, Kind.KILL_ALL));
        assertEquals(1, struck(seed, names, Kind.KILL));
      }
    }
  }

  private static int struck(long seed, List<String> nodes, Kind kind) {
    return Plan.draw(seed, nodes, List.of(kind), 60_000, 0).steps().getFirst().nodes().size();
  }

  @Test
  void theSeedThatIsGoneIsNotTheNodeThatRestartsWithoutIt() {
    for (long seed = 0; seed < 50; seed++) {
      assertNotEquals(
          List.of("n1"),
          Plan.draw(seed, NODES, List.of(Kind.SEED_GONE), 60_000, 0).steps().getFirst().nodes());
    }
  }

  @Test
  void evenTheShortestPlanHasAFault() {
    assertEquals(1, Plan.draw(1, NODES, ALL, 1, 0).steps().size());
  }

  @Test
  void aPlanOfNoKindsHasNoFaultAndLetsTheTimeStand() {
    Plan plan = Plan.draw(1, NODES, List.of(), 3_600_000, 4, OptionalLong.of(60_000));

    assertEquals(List.of(), plan.steps());
    assertEquals(3_600_000, plan.millis());
    assertEquals(Set.of(), plan.preparations());
  }

  @Test
  void companionsAreOfAnotherSortAndChangeNothingElse() {
    for (long seed = 0; seed < 200; seed++) {
      Plan alone = Plan.draw(seed, NODES, ALL, 3_600_000, 0);
      Plan pairs = Plan.draw(seed, NODES, ALL, 3_600_000, 1);

      int found = 0;
      for (int i = 0; i < alone.steps().size(); i++) {
        List<Step> moment = pairs.moments().get(i);
        assertEquals(alone.steps().get(i).kind(), moment.getFirst().kind());
        assertEquals(alone.steps().get(i).atMillis(), moment.getFirst().atMillis());
        if (moment.size() > 1) {
          found++;
          Step with = moment.getLast();
          Kind.Needs needs = with.kind().needs();
          assertNotEquals(needs, moment.getFirst().kind().needs(), with::toString);
          if (needs == Kind.Needs.CLOCK || moment.getFirst().kind() == Kind.STARVE) {
            assertTrue(
                links(with)
                    || links(moment.getFirst())
                    || !moment.getFirst().nodes().containsAll(with.nodes()),
                moment::toString);
          }
        }
      }
      assertTrue(found > alone.steps().size() / 2, () -> "few companions: " + pairs);
    }
  }

  private static boolean links(Step step) {
    return switch (step.kind().needs()) {
      case LINKS, DELAY, LIMIT -> true;
      default -> false;
    };
  }

  @Test
  void theFourthFaultIsTheFirstWithACompanion() {
    List<List<Step>> moments =
        Plan.draw(9, NODES, List.of(Kind.KILL, Kind.HALVES), 600_000, 4).moments();

    assertEquals(
        List.of(1, 1, 1, 2, 1, 1, 1, 2), moments.stream().limit(8).map(List::size).toList());
  }

  @Test
  void faultsLastAsLongAsIsSaidButForShortPauses() {
    Plan plan = Plan.draw(3, NODES, ALL, 7_200_000, 0, OptionalLong.of(60_000));

    for (Step step : plan.steps()) {
      assertEquals(step.kind() == Kind.PAUSE_SHORT ? 2_000 : 60_000, step.lengthMillis());
    }
  }
}

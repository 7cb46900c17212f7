package io.skein.simulator.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.hedge.HedgeConfig;
import io.skein.simulator.balancer.Conduct;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the default policy is held to.
final class DefaultPolicyTest {
  private static final int NIGHTLY_SEEDS = 10;

  // Nodes tell each other five times a second.
  private static Conduct telling(boolean hedging) {
    return new Conduct(
        0,
        1,
        0.2,
        hedging ? Optional.of(HedgeConfig.DEFAULT) : Optional.empty(),
        true,
        Optional.empty(),
        0,
        200 * Workloads.MILLI,
        false,
        false,
        500 * Workloads.MILLI);
  }

  private static long late(int balancers, boolean hedging, long seed) {
    Measures run = Workloads.run(Workloads.buoyant(balancers, telling(hedging)), "skein", seed);
    return run.requests() - run.within();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 30})
  void leavesASlowEndpointBeforeFiftyRequestsAreLate(int balancers) {
    long late = late(balancers, false, 6);
    assertTrue(late <= 50, "late " + late);
  }

  /// Each of thirty knows little of its own: that an answer is late must reach the others.
  @Test
  void thirtyLoseATenthMoreThanOneDoesAtMost() {
    thirtyAndOne(10);
  }

  @Tag("nightly")
  @Test
  void thirtyLoseATenthMoreThanOneDoesAtMostInTwentyRuns() {
    thirtyAndOne(25);
  }

  private static void thirtyAndOne(int lastSeed) {
    long one = 0;
    long thirty = 0;
    for (int seed = 6; seed <= lastSeed; seed++) {
      one += late(1, false, seed);
      thirty += late(30, false, seed);
    }
    assertTrue(thirty <= 1.1 * one, "late " + one + " and " + thirty);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 30})
  void hedgingLeavesFiveLateAtMost(int balancers) {
    long late = late(balancers, true, 6);
    assertTrue(late <= 5, "late " + late);
  }

  @Tag("nightly")
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 30})
  void isLateWithFiftyOnTheMean(int balancers) {
    long late = 0;
    for (int seed = 1; seed <= NIGHTLY_SEEDS; seed++) {
      late += late(balancers, false, seed);
    }
    assertTrue(late <= 50 * NIGHTLY_SEEDS, "late " + late);
  }

  @Test
  void isNotBehindPrequalAndC3WhereCapacitiesTurnRound() {
    Experiment uneven = Workloads.uneven(40);
    double its = p99(uneven, "skein", 6);
    assertTrue(its <= p99(uneven, "prequal", 6), "p99 " + its);
    assertTrue(its <= p99(uneven, "c3", 6), "p99 " + its);
  }

  /// A request that was tried elsewhere must not leave its first endpoint idle.
  @Test
  void hedgingCostsNothingWhereRequestsWaitTheirTurn() {
    double its = p99(Workloads.oneAtATime(telling(true)), "skein", 6);
    double fewest = p99(Workloads.oneAtATime(telling(false)), "least-loaded", 6);
    assertTrue(its <= 1.05 * fewest, "p99 " + its + " against " + fewest);
  }

  @Tag("nightly")
  @Test
  void isAheadOfTheOthersOnPrequalsWorkload() {
    Experiment experiment = Workloads.prequal(100, 100, 60);
    for (int seed = 6; seed <= 8; seed++) {
      Measures run = Workloads.run(experiment, "skein", seed);
      double its = run.latency().quantileNanos(0.99) / 1e6;
      assertEquals(0, run.timedOut(), "deadlines missed");
      assertTrue(its <= p99(experiment, "prequal", seed), "p99 " + its);
      assertTrue(its <= 0.95 * p99(experiment, "c3", seed), "p99 " + its);
      assertTrue(4 * its <= p99(experiment, "least-loaded", seed), "p99 " + its);
    }
  }

  private static double p99(Experiment experiment, String policy, long seed) {
    return Workloads.run(experiment, policy, seed).latency().quantileNanos(0.99) / 1e6;
  }
}

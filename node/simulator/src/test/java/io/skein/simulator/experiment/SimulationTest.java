package io.skein.simulator.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.ejection.OutlierConfig;
import io.skein.routing.hedge.HedgeConfig;
import io.skein.simulator.balancer.Conduct;
import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.endpoint.Trouble;
import io.skein.simulator.workload.ServiceLaw;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SimulationTest {
  private static final long SECOND = Workloads.SECOND;
  private static final long MILLI = Workloads.MILLI;
  private static final Conduct EVERYTHING =
      new Conduct(
          5 * SECOND,
          3,
          0.2,
          Optional.of(HedgeConfig.DEFAULT),
          false,
          Optional.of(new Conduct.Ejection(OutlierConfig.DEFAULT, 5 * SECOND, 200 * MILLI)),
          500 * MILLI,
          300 * MILLI,
          true,
          true,
          500 * MILLI);

  static List<String> policies() {
    return Contenders.names();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void theSameSeedGivesTheSameRun(String policy) {
    Experiment experiment = Workloads.small(EVERYTHING, troubled());
    long first = Workloads.run(experiment, policy, 7).traceHash();
    assertEquals(first, Workloads.run(experiment, policy, 7).traceHash());
    assertNotEquals(first, Workloads.run(experiment, policy, 8).traceHash());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void everyRequestEndsOnce(String policy) {
    Measures run = Workloads.run(Workloads.small(EVERYTHING, troubled()), policy, 3);
    assertEquals(run.requests(), run.good() + run.failed() + run.timedOut());
    assertEquals(0, run.unfinished());
    assertTrue(run.requests() > 5_000, "requests: " + run.requests());
    long sent = 0;
    for (int i = 0; i < 8; i++) {
      sent += run.sent(i);
    }
    assertEquals(run.requests() + run.retries() + run.hedges() - run.nobody(), sent);
  }

  private static List<Trouble> troubled() {
    return List.of(
        new Trouble(2 * SECOND, 8 * SECOND, 2 * SECOND, SECOND, new Trouble.Fails(0.5, MILLI)),
        new Trouble(3 * SECOND, 4 * SECOND, 0, 0, new Trouble.Paused()),
        new Trouble(8 * SECOND, 9 * SECOND, 0, 0, new Trouble.Down()));
  }

  @Test
  void retriesHideFailuresWithinTheirBudget() {
    List<Trouble> failing =
        List.of(new Trouble(0, 100 * SECOND, 0, 0, new Trouble.Fails(0.5, MILLI)));
    Conduct once = Conduct.PLAIN;
    Conduct twice =
        new Conduct(
            0, 2, 0.2, Optional.empty(), false, Optional.empty(), 0, 0, false, false, 500 * MILLI);
    Measures plain = Workloads.run(Workloads.small(once, failing), "round-robin", 1);
    Measures retried = Workloads.run(Workloads.small(twice, failing), "round-robin", 1);
    // One of eight endpoints fails half of what it gets.
    assertEquals(1 / 16.0, (double) plain.failed() / plain.requests(), 0.01);
    assertEquals(0, retried.failed(), retried.requests() * 0.0002);
    assertEquals(1 / 16.0, (double) retried.retries() / retried.requests(), 0.01);
  }

  @Test
  void anEjectedEndpointGetsNothing() {
    List<Trouble> down = List.of(new Trouble(2 * SECOND, 100 * SECOND, 0, 0, new Trouble.Down()));
    Conduct ejecting =
        new Conduct(
            0,
            1,
            0.2,
            Optional.empty(),
            false,
            Optional.of(new Conduct.Ejection(OutlierConfig.DEFAULT, 100 * SECOND, 200 * MILLI)),
            0,
            0,
            false,
            false,
            500 * MILLI);
    Measures run = Workloads.run(Workloads.small(ejecting, down), "round-robin", 1);
    // Three failures on one balancer; the other one hears of it.
    assertTrue(run.failed() <= 20, "failed: " + run.failed());
    assertEquals(2, run.setAside());
  }

  @Test
  void hedgesStayWithinTheirBudget() {
    Conduct hedging =
        new Conduct(
            0,
            1,
            0.2,
            Optional.of(HedgeConfig.DEFAULT),
            false,
            Optional.empty(),
            0,
            0,
            false,
            false,
            500 * MILLI);
    List<Trouble> slow = List.of(new Trouble(0, 100 * SECOND, 0, 0, new Trouble.Slower(20)));
    Measures plain = Workloads.run(Workloads.small(Conduct.PLAIN, slow), "round-robin", 1);
    Measures hedged = Workloads.run(Workloads.small(hedging, slow), "round-robin", 1);
    assertTrue(hedged.hedges() > 20, "hedges: " + hedged.hedges());
    assertTrue(hedged.hedges() <= 0.02 * hedged.requests() + 1, "hedges: " + hedged.hedges());
    assertTrue(hedged.latency().meanNanos() < plain.latency().meanNanos());
  }

  @Test
  void aRegionWithoutEndpointsIsServedByAnother() {
    Capacity capacity = Capacity.unbounded(new ServiceLaw.Constant(10 * MILLI));
    Experiment experiment =
        Workloads.placed(
            List.of(new Experiment.Region("eu", 0.5, 1, 0), new Experiment.Region("us", 0.5, 1, 0)),
            List.of(new Experiment.Distance("us", "eu", 80 * MILLI)),
            List.of(new Experiment.Group("eu-endpoint", "eu", 2, 1, capacity, List.of())));
    Measures run = Workloads.run(experiment, "skein", 1);
    assertEquals(run.requests(), run.good());
    assertEquals(0.5, (double) run.forwards() / run.requests(), 0.05);
    assertEquals(10, run.latency().quantileNanos(0.25) / 1e6, 0.1);
    assertEquals(90, run.latency().quantileNanos(0.75) / 1e6, 0.5);
  }

  @Test
  void whereNobodyHasAnEndpointEverythingFailsAndNothingLoops() {
    Capacity capacity = Capacity.unbounded(new ServiceLaw.Constant(10 * MILLI));
    List<Trouble> down = List.of(new Trouble(0, 100 * SECOND, 0, 0, new Trouble.Down()));
    Experiment experiment =
        Workloads.placed(
            List.of(new Experiment.Region("eu", 0.5, 1, 0), new Experiment.Region("us", 0.5, 1, 0)),
            List.of(new Experiment.Distance("us", "eu", 80 * MILLI)),
            List.of(
                new Experiment.Group("eu-endpoint", "eu", 2, 1, capacity, down),
                new Experiment.Group("us-endpoint", "us", 2, 1, capacity, down)));
    Measures run = Workloads.run(experiment, "skein", 1);
    assertEquals(0, run.good());
    assertEquals(run.requests(), run.failed());
    assertTrue(run.forwards() <= run.requests(), "forwards: " + run.forwards());
  }

  @Test
  void casesAreAllCombinations() {
    Experiment.Variations vary =
        new Experiment.Variations(
            List.of(1, 10),
            List.of(0.5, 1.5),
            List.of(),
            List.of(),
            List.of(true, false),
            List.of());
    List<Case> cases = Case.of(Workloads.varied(List.of("skein", "peak-ewma"), vary));
    assertEquals(16, cases.size());
    assertEquals("balancers 1, hedging on, load 0.5", cases.get(0).label());
    assertEquals(10, cases.get(15).experiment().regions().getFirst().balancers());
    assertEquals(Optional.empty(), cases.get(15).experiment().conduct().hedging());
  }

  @Tag("nightly")
  @Test
  void aMillionRequestsTakeAtMostTenSecondsOfOneCore() {
    Experiment buoyant = Workloads.buoyant(1, Conduct.PLAIN);
    long requests = 0;
    java.lang.management.ThreadMXBean threads =
        java.lang.management.ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime();
    for (int seed = 1; requests < 1_000_000; seed++) {
      requests += Workloads.run(buoyant, "skein", seed).requests();
    }
    double seconds = (threads.getCurrentThreadCpuTime() - began) / 1e9;
    System.out.printf("nightly: %d simulated requests in %.2f s of processor%n", requests, seconds);
    assertTrue(seconds <= 10, "seconds: " + seconds);
  }
}

package io.skein.simulator.experiment;

import static io.skein.simulator.experiment.Workloads.MILLI;
import static io.skein.simulator.experiment.Workloads.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.ejection.OutlierConfig;
import io.skein.simulator.balancer.Conduct;
import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.endpoint.Trouble;
import io.skein.simulator.workload.Demand;
import io.skein.simulator.workload.ServiceLaw;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Three regions, 70 ms apart, with ten endpoints of eight slots and 20 ms each: 4,000 requests a
/// second fit into a region.
final class LocalityTest {
  private static final double FITS = 4_000;

  private static Experiment experiment(
      double[] utilisation, int seconds, Conduct conduct, List<Trouble> troublesOfFirst) {
    double sum = utilisation[0] + utilisation[1] + utilisation[2];
    Capacity capacity =
        new Capacity(
            new ServiceLaw.Exponential(20 * MILLI), 8, 100_000, 0, Capacity.Antagonist.NONE, false);
    return new Experiment(
        "locality",
        "",
        1,
        1,
        seconds * SECOND,
        5 * SECOND,
        SECOND,
        List.of(),
        new Experiment.Workload(Demand.constant(FITS * sum), false, Optional.empty(), 1),
        List.of(
            new Experiment.Region("eu", utilisation[0] / sum, 2, MILLI),
            new Experiment.Region("us", utilisation[1] / sum, 2, MILLI),
            new Experiment.Region("ap", utilisation[2] / sum, 2, MILLI)),
        List.of(
            new Experiment.Distance("eu", "us", 70 * MILLI),
            new Experiment.Distance("eu", "ap", 70 * MILLI),
            new Experiment.Distance("us", "ap", 70 * MILLI)),
        List.of(
            new Experiment.Group("eu", "eu", 10, 1, capacity, troublesOfFirst),
            new Experiment.Group("us", "us", 10, 1, capacity, List.of()),
            new Experiment.Group("ap", "ap", 10, 1, capacity, List.of())),
        conduct,
        Experiment.Variations.NONE);
  }

  // One that ejects tells one endpoint from the others; here all of a region are alike.
  private static Conduct spilling(boolean on, boolean ejecting) {
    Conduct plain = Conduct.PLAIN;
    return new Conduct(
        5 * SECOND,
        2,
        plain.retryBudget(),
        Optional.empty(),
        false,
        ejecting
            ? Optional.of(new Conduct.Ejection(OutlierConfig.DEFAULT, 30 * SECOND, 200 * MILLI))
            : Optional.empty(),
        0,
        0,
        false,
        false,
        plain.pollNanos(),
        on,
        Optional.empty());
  }

  private static Measures run(double... utilisation) {
    return Workloads.run(experiment(utilisation, 10, spilling(true, false), List.of()), "skein", 1);
  }

  @Test
  void whileThereIsHeadroomHereRequestsStay() {
    for (double[] utilisation : new double[][] {{0.4, 0.4, 0.4}, {0.7, 0.3, 0.4}}) {
      Measures measures = run(utilisation);
      double away = (double) measures.forwards() / measures.requests();
      assertTrue(away <= 0.03, away + " away");
      assertEquals(0, measures.failed());
    }
  }

  @Test
  void whatDoesNotFitGoesWhereThereIsRoomAndNoMore() {
    Experiment kept =
        experiment(new double[] {1.2, 0.3, 0.4}, 10, spilling(false, false), List.of());
    Measures measures = run(1.2, 0.3, 0.4);
    double meanMillis = measures.latency().meanNanos() / MILLI;
    // 22 ms for who stays and 92 ms for the fifth of eu's that leaves would be 33 ms.
    assertTrue(meanMillis < 60, meanMillis + " ms");
    assertTrue(Workloads.run(kept, "skein", 1).latency().meanNanos() / MILLI > 500);
    double away = (double) measures.forwards() / measures.requests();
    assertTrue(away > 0.09 && away < 0.2, away + " away");
    double p99 = measures.latency().quantileNanos(0.99) / MILLI;
    assertTrue(p99 < 400, p99 + " ms");
  }

  @Test
  void aLostRegionsRequestsAreElsewhereWithinThreeSecondsAndHardlyOneFails() {
    List<Trouble> lost = List.of(new Trouble(10 * SECOND, 60 * SECOND, 0, 0, new Trouble.Down()));
    Measures measures =
        Workloads.run(
            experiment(new double[] {0.125, 0.125, 0.125}, 30, spilling(true, true), lost),
            "skein",
            1);
    long tries = 0;
    long requests = 0;
    for (int bin = 0; bin < measures.bins(); bin++) {
      if (bin * measures.binNanos() >= 13 * SECOND) {
        tries += measures.sentBy(bin, 0);
        requests += measures.requestsBy(bin);
      }
    }
    // A third of the requests are the lost region's.
    assertTrue(tries <= requests / 3 / 100, tries + " tries there of " + requests);
    assertTrue(
        measures.failed() <= measures.requests() / 1_000,
        measures.failed() + " of " + measures.requests());
  }
}

package io.skein.simulator.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.concurrency.AdaptiveLimitConfig;
import io.skein.simulator.balancer.Conduct;
import io.skein.simulator.endpoint.Capacity;
import io.skein.simulator.workload.Demand;
import io.skein.simulator.workload.ServiceLaw;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What waiting at balancers does for endpoints that share their processors among all they take.
final class LineTest {
  private static final long SECOND = Workloads.SECOND;
  private static final long MILLI = Workloads.MILLI;
  private static final Conduct NO_LINE =
      new Conduct(
          5 * SECOND,
          1,
          0.2,
          Optional.empty(),
          false,
          Optional.empty(),
          0,
          0,
          true,
          true,
          500 * MILLI);

  // Six balancers and endpoints of 2 processors: 148 requests a second is what they can do. For 10
  // of 40 s a quarter more is asked for.
  private static Measures run(Conduct conduct, long seed) {
    Capacity capacity =
        new Capacity(
            new ServiceLaw.Normal(75 * MILLI, 75 * MILLI), 0, 0, 2, Capacity.Antagonist.NONE, true);
    Demand demand =
        new Demand(
            100,
            List.of(new Demand.Step(5 * SECOND, 1.9), new Demand.Step(15 * SECOND, 1)),
            Demand.Burst.NONE,
            Demand.Wave.NONE);
    Experiment experiment =
        new Experiment(
            "line",
            "",
            1,
            1,
            40 * SECOND,
            0,
            0,
            List.of("skein"),
            new Experiment.Workload(demand, false, Optional.empty(), 1),
            List.of(new Experiment.Region("here", 1, 6, 0)),
            List.of(),
            List.of(new Experiment.Group("shared", "here", 6, 1, capacity, List.of())),
            conduct,
            Experiment.Variations.NONE);
    return Workloads.run(experiment, "skein", seed);
  }

  private static Conduct waiting(int places, int most, long patienceNanos) {
    return NO_LINE.limiting(
        new AdaptiveLimitConfig(
            most, most, most, 1.5, 1, 1, 100 * MILLI, 30 * SECOND, places, patienceNanos));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anOverloadThatPatienceOutlastsCostsNobodyHisAnswer(long seed) {
    Measures without = run(NO_LINE, seed);
    Measures with = run(waiting(1_000, 8, 5 * SECOND), seed);
    assertTrue(without.timedOut() > 20, "without a line " + without.timedOut());
    assertEquals(0, with.timedOut() + with.failed());
  }

  @Test
  void whoFindsNoPlaceFailsAtOnceAndWhoWaitedTooLongThen() {
    Measures full = run(waiting(20, 8, 5 * SECOND), 1);
    Measures impatient = run(waiting(1_000, 8, SECOND), 1);
    assertTrue(full.failed() > 0, "of full lines " + full.failed());
    assertTrue(impatient.failed() > 0, "out of patience " + impatient.failed());
    assertEquals(0, full.timedOut() + impatient.timedOut());
    assertEquals(full.requests(), full.good() + full.failed());
    assertEquals(impatient.requests(), impatient.good() + impatient.failed());
  }
}

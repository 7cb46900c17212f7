package io.skein.routing.random;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.QueueSimulation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class RandomSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void sharesAreTheWeightsAndQueuesAreThoseOfChance(long seed) {
    CandidateSet set = Candidates.weighted(1, 1, 2);
    long[] service = {10 * MILLI, 10 * MILLI, 5 * MILLI};
    QueueSimulation run =
        new QueueSimulation(new RandomPolicy(), set, service, 20_000, seed).run(20_000, 200);
    assertEquals(0.25, run.share(0), 0.015);
    assertEquals(0.25, run.share(1), 0.015);
    assertEquals(0.5, run.share(2), 0.015);
    // M/M/1 at half load: the mean of the slow ones is 20 ms, so their 99th percentile 92 ms.
    assertTrue(run.percentileNanos(0.99) > 50 * MILLI, "p99 " + run.percentileNanos(0.99));
    assertTrue(run.percentileNanos(0.99) < 160 * MILLI, "p99 " + run.percentileNanos(0.99));
  }
}

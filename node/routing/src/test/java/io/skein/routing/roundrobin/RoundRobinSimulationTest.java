package io.skein.routing.roundrobin;

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
class RoundRobinSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesASlowEndpointItsFullShareAndPaysForIt(long seed) {
    CandidateSet set = Candidates.weighted(2, 1, 1);
    long[] service = {10 * MILLI, 10 * MILLI, 100 * MILLI};
    QueueSimulation run =
        new QueueSimulation(new RoundRobinPolicy(), set, service, 8_000, seed).run(8_000, 32);
    assertEquals(0.5, run.share(0), 0.001);
    assertEquals(0.25, run.share(1), 0.001);
    assertEquals(0.25, run.share(2), 0.001);
    assertTrue(run.percentileNanos(0.95) > 200 * MILLI);
  }
}

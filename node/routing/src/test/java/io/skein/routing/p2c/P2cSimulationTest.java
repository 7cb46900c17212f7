package io.skein.routing.p2c;

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
class P2cSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void sharesEvenlyUnderLoad(long seed) {
    CandidateSet set = Candidates.alike(5);
    QueueSimulation run =
        new QueueSimulation(
                new P2cPolicy(), set, QueueSimulation.alike(5, 10 * MILLI), 20_000, seed)
            .run(20_000, 400);
    for (int i = 0; i < 5; i++) {
      assertEquals(0.2, run.share(i), 0.02);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSlowEndpointGetsWhatItsQueueCarries(long seed) {
    CandidateSet set = Candidates.alike(5);
    long[] service = QueueSimulation.alike(5, 10 * MILLI);
    service[4] = 100 * MILLI;
    QueueSimulation run =
        new QueueSimulation(new P2cPolicy(), set, service, 20_000, seed).run(20_000, 250);
    // It completes 10 a second at most: 4 % of 250. What it is sent beyond waits in its queue.
    assertTrue(run.share(4) < 0.05, "share " + run.share(4));
    assertEquals(0.24, run.share(0), 0.02);
  }
}

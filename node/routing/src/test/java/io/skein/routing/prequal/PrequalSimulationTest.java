package io.skein.routing.prequal;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Prober;
import io.skein.routing.candidate.QueueSimulation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class PrequalSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSlowEndpointGetsWhatItCarries(long seed) {
    CandidateSet set = Candidates.alike(10);
    long[] service = QueueSimulation.alike(10, 10 * MILLI);
    service[9] = 100 * MILLI;
    QueueSimulation run =
        new QueueSimulation(
                new PrequalPolicy(PrequalConfig.DEFAULT, Prober.DIRECT), set, service, 20_000, seed)
            .run(20_000, 500);
    assertTrue(run.share(9) < 0.025, "share " + run.share(9));
    for (int i = 0; i < 9; i++) {
      assertEquals((1 - run.share(9)) / 9, run.share(i), 0.03);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void equalsShareEvenlyUnderLoad(long seed) {
    CandidateSet set = Candidates.alike(10);
    QueueSimulation run =
        new QueueSimulation(
                new PrequalPolicy(PrequalConfig.DEFAULT, Prober.DIRECT),
                set,
                QueueSimulation.alike(10, 10 * MILLI),
                20_000,
                seed)
            .run(20_000, 700);
    for (int i = 0; i < 10; i++) {
      // It balances latency, not load: who was slow by chance waits for its measure to fade.
      assertEquals(0.1, run.share(i), 0.06);
    }
    assertTrue(run.percentileNanos(0.99) < 150 * MILLI, "p99 " + run.percentileNanos(0.99) / MILLI);
  }
}

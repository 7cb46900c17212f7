package io.skein.routing.weighted;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.QueueSimulation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class WeightedSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void sharesAreTheWeightsWhateverTheLoad(long seed) {
    CandidateSet set = Candidates.weighted(1, 2, 5);
    long[] service = {5 * MILLI, 100 * MILLI, 5 * MILLI};
    QueueSimulation run =
        new QueueSimulation(new WeightedPolicy(WeightedConfig.DEFAULT), set, service, 16_000, seed)
            .run(16_000, 200);
    assertEquals(1 / 8.0, run.share(0), 0.001);
    assertEquals(2 / 8.0, run.share(1), 0.001);
    assertEquals(5 / 8.0, run.share(2), 0.001);
  }
}

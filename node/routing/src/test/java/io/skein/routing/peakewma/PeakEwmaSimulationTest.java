package io.skein.routing.peakewma;

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
class PeakEwmaSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSlowEndpointIsHardlyUsed(long seed) {
    CandidateSet set = Candidates.alike(5);
    long[] service = QueueSimulation.alike(5, 10 * MILLI);
    service[4] = 100 * MILLI;
    QueueSimulation run =
        new QueueSimulation(new PeakEwmaPolicy(), set, service, 20_000, seed).run(20_000, 200);
    assertTrue(run.share(4) < 0.02, "share " + run.share(4));
    for (int i = 0; i < 4; i++) {
      assertEquals(0.25, run.share(i), 0.04);
    }
  }
}

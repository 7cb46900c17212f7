package io.skein.routing.maglev;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.Policy;
import io.skein.routing.candidate.QueueSimulation;
import io.skein.routing.hash.KeyHash;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class MaglevSimulationTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aPopularKeyDoesNotOverrunItsEndpoint(long seed) {
    // A third of all requests have one key; without a bound its endpoint had 40 % of the load.
    CandidateSet set = Candidates.alike(10);
    Policy bounded = new MaglevPolicy(MaglevConfig.DEFAULT);
    SplittableRandom keys = new SplittableRandom(seed);
    Policy skewed =
        (request, candidates, tried, now, random) ->
            bounded.choose(
                request,
                KeyHash.of("k" + (keys.nextInt(3) == 0 ? 0 : keys.nextInt(1_000))),
                candidates,
                tried,
                now,
                random);
    QueueSimulation run =
        new QueueSimulation(skewed, set, QueueSimulation.alike(10, 10 * MILLI), 20_000, seed)
            .run(20_000, 700);
    for (int i = 0; i < 10; i++) {
      assertEquals(0.1, run.share(i), 0.04);
    }
    assertTrue(run.percentileNanos(0.99) < 250 * MILLI, "p99 " + run.percentileNanos(0.99));
  }
}

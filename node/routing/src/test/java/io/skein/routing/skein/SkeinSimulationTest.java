package io.skein.routing.skein;

import static io.skein.routing.candidate.Candidates.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Candidates;
import io.skein.routing.candidate.QueueSimulation;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("sim")
class SkeinSimulationTest {
  private static QueueSimulation of(CandidateSet set, long[] service, int requests, long seed) {
    return new QueueSimulation(new SkeinPolicy(SkeinConfig.DEFAULT), set, service, requests, seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void sharesEvenlyAmongEquals(long seed) {
    CandidateSet set = Candidates.alike(5);
    QueueSimulation run =
        of(set, QueueSimulation.alike(5, 10 * MILLI), 20_000, seed).run(20_000, 300);
    for (int i = 0; i < 5; i++) {
      assertEquals(0.2, run.share(i), 0.04);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSlowEndpointIsMeasuredButHardlyUsed(long seed) {
    CandidateSet set = Candidates.alike(5);
    long[] service = QueueSimulation.alike(5, 10 * MILLI);
    service[4] = 100 * MILLI;
    QueueSimulation run = of(set, service, 20_000, seed).run(20_000, 200);
    // Probes, and what its decaying peaks let through; a fair share were 20 %.
    assertTrue(run.share(4) > 0.001 && run.share(4) < 0.02, "share " + run.share(4));
    assertTrue(run.percentileNanos(0.95) < 60 * MILLI, "p95 " + run.percentileNanos(0.95));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aRecoveredEndpointGetsItsShareBack(long seed) {
    CandidateSet set = Candidates.alike(4);
    long[] service = QueueSimulation.alike(4, 10 * MILLI);
    service[0] = 200 * MILLI;
    QueueSimulation run = of(set, service, 20_000, seed).run(10_000, 150);
    assertTrue(run.share(0) < 0.02, "share while slow " + run.share(0));
    service[0] = 10 * MILLI;
    // 40 s for the peak to decay, then a fair share.
    run.run(6_000, 150);
    assertEquals(0.25, run.run(10_000, 150).share(0), 0.06);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anEndpointThatFailsFastIsLeftAlone(long seed) {
    CandidateSet set = Candidates.alike(6);
    QueueSimulation run =
        of(set, QueueSimulation.alike(6, 10 * MILLI), 20_000, seed).failing(3).run(20_000, 300);
    // Without any ejection: a few failures while its peaks decay.
    assertTrue(run.share(3) < 0.002, "share " + run.share(3));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void heavierOnesCarryMore(long seed) {
    CandidateSet set = Candidates.weighted(1, 3);
    long[] service = {30 * MILLI, 10 * MILLI};
    QueueSimulation run = of(set, service, 20_000, seed).run(20_000, 70);
    assertTrue(run.share(1) > 0.75 && run.share(1) < 0.99, "share " + run.share(1));
  }

  /// Two of four cost twice as much. At a tenth of what the four can do the cheap ones carry six
  /// sevenths; at 90 % everybody is needed, and the dear ones serve nearly as much.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theDearOnesAreUsedWhenTheCheapOnesAreFull(long seed) {
    CandidateSet set =
        new CandidateSet(
            List.of(
                Candidates.endpoint("cheap-0"),
                Candidates.endpoint("cheap-1"),
                Candidates.endpoint("dear-0").priced(2),
                Candidates.endpoint("dear-1").priced(2)));
    QueueSimulation run = of(set, QueueSimulation.alike(4, 10 * MILLI), 20_000, seed);
    // Where a cheap one has a request that the other has not, it is as dear.
    assertEquals(0.15, dear(run.run(20_000, 40)), 0.03);
    assertEquals(0.345, dear(run.run(20_000, 200)), 0.03);
    assertEquals(0.48, dear(run.run(20_000, 360)), 0.03);
  }

  private static double dear(QueueSimulation run) {
    return run.share(2) + run.share(3);
  }

  /// One of three is forecast to be asked for more than it can do, and is as quick as the others
  /// yet: it gets a tenth instead of a third.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whoIsForecastToBeFullIsRelievedBefore(long seed) {
    CandidateSet set = Candidates.alike(3);
    SkeinPolicy policy = new SkeinPolicy(SkeinConfig.DEFAULT);
    QueueSimulation run =
        new QueueSimulation(
            (request, candidates, tried, now, random) -> {
              for (int i = 0; i < 3; i++) {
                candidates.get(i).load().foreseen(i == 0 ? 1.1 : 0.5, now);
              }
              return policy.choose(request, candidates, tried, now, random);
            },
            set,
            QueueSimulation.alike(3, 10 * MILLI),
            20_000,
            seed);
    assertEquals(0.108, run.run(20_000, 150).share(0), 0.03);
  }
}

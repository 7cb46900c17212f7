package io.skein.routing.rate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Five nodes share a limit of 1,000 a second. Each is asked at random (Poisson) with a rate that
/// changes; each tells the others every second, half a second late.
@Tag("sim")
class MeshRateSimulationTest {
  private static final int NODES = 5;
  private static final double LIMIT = 1_000;
  private static final long STEP = MILLI;

  private final MeshShares[] shares = new MeshShares[NODES];
  private final Demand[] demands = new Demand[NODES];
  private final RateGate[] gates = new RateGate[NODES];
  private final Rate[] rates = new Rate[NODES];
  private final double[][] told = new double[NODES][NODES];
  private long now;
  private int split = NODES;

  private void start() {
    for (int i = 0; i < NODES; i++) {
      shares[i] = new MeshShares(MeshRateConfig.DEFAULT);
      demands[i] = new Demand();
      gates[i] = new RateGate(0);
      rates[i] = rate(LIMIT / NODES);
    }
  }

  private static Rate rate(double perSecond) {
    return Rate.perSecond(perSecond, Math.max(1, (int) (perSecond / 10)));
  }

  /// Admitted requests a second while nodes are asked with these rates.
  private double run(double[] asked, int seconds, SplittableRandom random) {
    long admitted = 0;
    long end = now + seconds * SECOND;
    for (; now < end; now += STEP) {
      gossip();
      for (int i = 0; i < NODES; i++) {
        double expected = asked[i] * STEP / SECOND;
        while (expected > 0 && random.nextDouble() < expected) {
          expected -= 1;
          demands[i].asked(now);
          admitted += gates[i].take(rates[i], now) == Rate.ADMITTED ? 1 : 0;
        }
      }
    }
    return (double) admitted / seconds;
  }

  private void gossip() {
    if (now % SECOND == 0) {
      for (int i = 0; i < NODES; i++) {
        for (int j = 0; j < NODES; j++) {
          told[j][i] = demands[i].perSecond(now);
        }
      }
    } else if (now % SECOND == SECOND / 2) {
      for (int i = 0; i < NODES; i++) {
        for (int j = 0; j < NODES; j++) {
          if (i != j && i < split == j < split) {
            shares[i].heard("node-" + j, told[i][j], now);
          }
        }
        rates[i] = rate(shares[i].share(LIMIT, demands[i].perSecond(now), now));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void holdsWithinATenthWhileAllHearEachOther(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    start();
    run(new double[] {400, 400, 400, 400, 400}, 5, random);
    assertEquals(LIMIT, run(new double[] {400, 400, 400, 400, 400}, 20, random), 100);
    // Demand moves to one node: shares follow.
    run(new double[] {900, 20, 900, 20, 20}, 6, random);
    assertEquals(LIMIT, run(new double[] {900, 20, 900, 20, 20}, 20, random), 100);
    run(new double[] {5, 5, 5, 5, 950}, 6, random);
    double few = run(new double[] {5, 5, 5, 5, 900}, 20, random);
    assertEquals(920, few, 60, "below the limit nearly nobody is refused");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void holdsWithinAQuarterDuringASplit(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    start();
    run(new double[] {600, 300, 300, 300, 100}, 10, random);
    split = 2;
    assertEquals(LIMIT, run(new double[] {600, 300, 300, 300, 100}, 10, random), 250);
    assertEquals(LIMIT, run(new double[] {600, 300, 300, 300, 100}, 60, random), 250);
    // Demand grows on both sides: the sum of the shares still holds.
    double grown = run(new double[] {2_000, 2_000, 2_000, 2_000, 2_000}, 60, random);
    assertTrue(grown <= 1.25 * LIMIT, "admitted " + grown);
    split = NODES;
    run(new double[] {600, 600, 600, 600, 600}, 3, random);
    assertEquals(LIMIT, run(new double[] {600, 600, 600, 600, 600}, 20, random), 100);
  }
}

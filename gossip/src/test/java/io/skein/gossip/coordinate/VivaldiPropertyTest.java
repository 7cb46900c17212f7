package io.skein.gossip.coordinate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.transport.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Three regions, 80, 160 and 140 ms apart, nodes of a region 1–3 ms apart, each sample up to 10 %
/// too long and every fiftieth ten times too long.
final class VivaldiPropertyTest {
  private static final double[][] REGION_SECONDS = {
    {0, .080, .160}, {.080, 0, .140}, {.160, .140, 0}
  };
  private static final int NODES = 15;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void predictsRoundTripsBetweenRegions(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Vivaldi> nodes = new ArrayList<>();
    double[] accessSeconds = new double[NODES];
    for (int i = 0; i < NODES; i++) {
      nodes.add(new Vivaldi(random.split()));
      accessSeconds[i] = .0005 + .001 * random.nextDouble();
    }
    for (int round = 0; round < 300; round++) {
      for (int i = 0; i < NODES; i++) {
        int j = (i + 1 + random.nextInt(NODES - 1)) % NODES;
        double rtt = rtt(accessSeconds, i, j) * (1 + .1 * random.nextDouble());
        rtt *= random.nextInt(50) == 0 ? 10 : 1;
        Coordinate remote = Coordinate.decode(nodes.get(j).coordinate().encode()).orElseThrow();
        nodes.get(i).observe(new PeerId(0, j), remote, (long) (rtt * 1e9));
      }
    }
    List<Double> errors = new ArrayList<>();
    List<Double> farErrors = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      for (int j = 0; j < i; j++) {
        double real = rtt(accessSeconds, i, j);
        double predicted = nodes.get(i).coordinate().distanceSeconds(nodes.get(j).coordinate());
        double error = Math.abs(predicted - real) / real;
        errors.add(error);
        if (i % 3 != j % 3) {
          farErrors.add(error);
        }
      }
    }
    errors.sort(null);
    farErrors.sort(null);
    double median = errors.get(errors.size() / 2);
    double far = farErrors.get(farErrors.size() / 2);
    System.out.printf(
        "seed %d: median relative error %.3f, between regions %.3f%n", seed, median, far);
    assertTrue(median < 0.25, "median relative error " + median);
    assertTrue(far < 0.15, "between regions " + far);
  }

  private static double rtt(double[] accessSeconds, int i, int j) {
    return REGION_SECONDS[i % 3][j % 3] + accessSeconds[i] + accessSeconds[j];
  }
}

package io.skein.simulator.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HistogramTest {
  @Test
  void quantilesAreWithinHalfAPercent() {
    SplittableRandom random = new SplittableRandom(1);
    Histogram histogram = new Histogram(7);
    long[] all = new long[50_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = 1 + (long) Math.exp(random.nextDouble() * 24);
      histogram.add(all[i]);
    }
    Arrays.sort(all);
    for (double q : new double[] {0.001, 0.1, 0.5, 0.9, 0.99, 0.999}) {
      double exact = all[(int) Math.ceil(q * all.length) - 1];
      assertEquals(exact, histogram.quantileNanos(q), 1 + exact * 0.005, "q = " + q);
    }
    assertEquals(all[all.length - 1], histogram.quantileNanos(1));
    assertEquals(Arrays.stream(all).average().orElseThrow(), histogram.meanNanos(), 1);
  }

  @Test
  void nothingIsNothing() {
    assertEquals(0, new Histogram(7).quantileNanos(0.99));
    assertEquals(0, new Histogram(7).meanNanos());
  }
}

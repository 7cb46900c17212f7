package io.skein.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LatencyRecorderTest {
  private static final double WIDTH = 1 / 64.0;

  private final LatencyRecorder recorder = new LatencyRecorder();

  @Test
  void withoutLatenciesThereIsNoQuantile() {
    assertEquals(0, recorder.quantileMillis(0.5));
    recorder.record(5_000_000);
    recorder.clear();
    assertEquals(0, recorder.quantileMillis(0.5));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void quantilesAreNeverTooLowAndAtMostABucketTooHigh(long seed) {
    Random random = new Random(seed);
    long[] micros = new long[3_000];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = Math.max(1, Math.round(Math.exp(2.5 * seed + random.nextGaussian())));
      recorder.record(micros[i] * 1_000);
    }
    Arrays.sort(micros);
    for (double q : new double[] {0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
      double exact = micros[(int) Math.ceil(q * micros.length) - 1] / 1_000.0;
      double told = recorder.quantileMillis(q);
      assertTrue(
          told >= exact && told <= exact * (1 + WIDTH) + 0.001,
          () -> "q " + q + ": " + told + " ms instead of " + exact + " ms");
    }
  }

  @Test
  void takesAnyLatency() {
    recorder.record(0);
    assertEquals(0.001, recorder.quantileMillis(1));
    recorder.record(Long.MAX_VALUE);
    assertTrue(recorder.quantileMillis(1) > 60_000);
  }
}

package io.skein.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoltForecasterPropertyTest {
  private static final int SECONDS = 2_500;
  private static final List<Integer> HORIZONS = List.of(1, 5, 10);

  private static List<double[]> family(long seed) {
    return List.of(
        Series.poisson(SECONDS, 5, seed),
        Series.poisson(SECONDS, 200, seed),
        Series.wave(SECONDS, 1_000, seed),
        Series.surges(SECONDS, 400, seed),
        Series.bursts(SECONDS, 10, seed));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void bandsHoldWhatTheyPromise(long seed) {
    for (double[] series : family(seed)) {
      Backtest test = new Backtest(series, HoltConfig.DEFAULT);
      for (int h = 0; h < HORIZONS.size(); h++) {
        // 80 % by definition; counts are whole numbers, so that a band may hold a little more.
        assertEquals(0.80, test.coverage(h), 0.08, "horizon " + HORIZONS.get(h));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void beatsTheGuessThatNothingChanges(long seed) {
    List<double[]> family = family(seed);
    // All but the bursts, where the next second is best guessed by this one.
    for (double[] series : family.subList(0, 4)) {
      assertTrue(new Backtest(series, HoltConfig.DEFAULT).relative() < 0.9);
    }
    assertTrue(new Backtest(family.get(4), HoltConfig.DEFAULT).relative() < 1.2);
  }

  @Test
  void defaultsAreNearTheBestOfAGrid() {
    double best = Double.MAX_VALUE;
    for (double alpha : new double[] {0.1, 0.3, 0.6}) {
      for (double beta : new double[] {0, 0.02, 0.2}) {
        for (double damping : new double[] {0.8, 0.95}) {
          best = Math.min(best, relative(new HoltConfig(alpha, beta, damping, 60, HORIZONS)));
        }
      }
    }
    double defaults =
        relative(
            new HoltConfig(
                HoltConfig.DEFAULT.alpha(),
                HoltConfig.DEFAULT.beta(),
                HoltConfig.DEFAULT.damping(),
                60,
                HORIZONS));
    assertTrue(defaults < best * 1.05, "defaults " + defaults + ", best " + best);
  }

  private static double relative(HoltConfig config) {
    return family(9).stream()
        .mapToDouble(series -> new Backtest(series, config).relative())
        .average()
        .orElseThrow();
  }
}

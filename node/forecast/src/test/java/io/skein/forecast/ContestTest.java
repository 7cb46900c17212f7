package io.skein.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContestTest {
  private final Contest contest = new Contest(HoltConfig.DEFAULT);

  private double error(Model model, int seconds) {
    return contest.lately(seconds).getOrDefault(model, Score.NONE).error().orElseThrow();
  }

  private void observe(double... values) {
    for (double value : values) {
      contest.observe(value);
    }
  }

  @Test
  void thePreferredModelSpeaksFirst() {
    assertEquals(Model.HOLT_DAMPED, contest.speaking());
    assertEquals(List.of(), contest.forecast("shop", "requests/s").horizons());
    observe(10);
    assertEquals("holt-damped", contest.forecast("shop", "requests/s").model());
  }

  @Test
  void whoeverSpeaksHasSeenEverything() {
    for (int t = 0; t < 100; t++) {
      observe(t);
    }
    contest.speaks(Model.LAST_VALUE);
    Forecast forecast = contest.forecast("shop", "requests/s");
    assertEquals("last-value", forecast.model());
    // It stays as it is, and by past errors it rises in five seconds.
    assertEquals(104, forecast.horizons().get(1).p50(), 4);
    assertTrue(forecast.accuracy().isPresent());
  }

  @Test
  void errorsAreThoseOfTheLastSeconds() {
    for (int t = 0; t < 200; t++) {
      observe(t < 100 ? t % 2 * 100 : 50);
    }
    assertEquals(0, error(Model.LAST_VALUE, 60), 0.3);
    assertTrue(error(Model.LAST_VALUE, 190) > 0.3);
    assertEquals(
        new Score(0, 0), contest.lately(0).getOrDefault(Model.LAST_VALUE, new Score(1, 1)));
  }

  @Test
  void whereNothingCameThereIsNoError() {
    for (int t = 0; t < 60; t++) {
      observe(0);
    }
    for (Map.Entry<Model, Score> each : contest.lately(60).entrySet()) {
      assertEquals(OptionalDouble.empty(), each.getValue().error(), each.getKey()::word);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void stepsAreGuessedBetterByTheLastValueAndRampsByTheTrend(long seed) {
    for (double value : Series.steps(2_000, 25, 500, seed)) {
      observe(value);
    }
    assertTrue(error(Model.LAST_VALUE, 300) < 0.8 * error(Model.HOLT_DAMPED, 300));
    Contest ramps = new Contest(HoltConfig.DEFAULT);
    for (double value : Series.surges(2_000, 400, seed)) {
      ramps.observe(value);
    }
    Map<Model, Score> scores = ramps.lately(300);
    assertTrue(
        scores.getOrDefault(Model.HOLT_DAMPED, Score.NONE).missed()
            < scores.getOrDefault(Model.LAST_VALUE, Score.NONE).missed(),
        scores::toString);
  }

  @Test
  void refusesWhatIsNoLoad() {
    assertThrows(IllegalArgumentException.class, () -> contest.observe(-1));
    assertThrows(IllegalArgumentException.class, () -> contest.observe(Double.NaN));
  }
}

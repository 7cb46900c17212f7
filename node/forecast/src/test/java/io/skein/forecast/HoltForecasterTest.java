package io.skein.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HoltForecasterTest {
  private final HoltForecaster forecaster = new HoltForecaster(HoltConfig.DEFAULT);

  private Forecast after(double... values) {
    for (double value : values) {
      forecaster.observe(value);
    }
    return forecaster.forecast("shop", "requests/s");
  }

  @Test
  void saysNothingBeforeTheFirstValue() {
    Forecast forecast = after();
    assertEquals(List.of(), forecast.horizons());
    assertEquals(OptionalDouble.empty(), forecast.accuracy());
    assertEquals("shop", forecast.subject());
    assertEquals("requests/s", forecast.unit());
    assertEquals(Model.HOLT_DAMPED.word(), forecast.model());
  }

  @Test
  void predictsOneFiveAndTenSeconds() {
    List<Integer> seconds = after(100).horizons().stream().map(Horizon::seconds).toList();
    assertEquals(List.of(1, 5, 10), seconds);
  }

  @Test
  void startsWithTheBandOfIndependentArrivals() {
    Horizon next = after(100).horizons().getFirst();
    assertEquals(100, next.p50());
    assertEquals(100 - 12.816, next.p10(), 0.01);
    assertEquals(100 + 12.816, next.p90(), 0.01);
  }

  @Test
  void aConstantIsPredictedExactly() {
    for (int t = 0; t < 60; t++) {
      forecaster.observe(40);
    }
    for (Horizon horizon : after().horizons()) {
      assertEquals(40, horizon.p10(), 1e-9);
      assertEquals(40, horizon.p90(), 1e-9);
    }
    assertEquals(0, after().accuracy().orElseThrow(), 1e-9);
  }

  @Test
  void followsARamp() {
    for (int t = 0; t < 200; t++) {
      forecaster.observe(100 + 5 * t);
    }
    double last = 100 + 5 * 199;
    Horizon far = after().horizons().getLast();
    // "It stays as it is" would be 50 off.
    assertEquals(last + 50, far.p50(), 25);
  }

  @Test
  void isNeverBelowZeroAndQuantilesAreInOrder() {
    for (int t = 0; t < 300; t++) {
      forecaster.observe(t < 100 ? 1_000 - 10 * t : t % 7 == 0 ? 3 : 0);
      for (Horizon horizon : after().horizons()) {
        assertTrue(horizon.p10() >= 0);
        assertTrue(horizon.p10() <= horizon.p50() && horizon.p50() <= horizon.p90());
      }
    }
  }

  @Test
  void silenceHasNoAccuracy() {
    for (int t = 0; t < 100; t++) {
      forecaster.observe(0);
    }
    assertEquals(OptionalDouble.empty(), after().accuracy());
  }

  @Test
  void refusesWhatIsNoLoad() {
    assertThrows(IllegalArgumentException.class, () -> forecaster.observe(-1));
    assertThrows(IllegalArgumentException.class, () -> forecaster.observe(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> forecaster.observe(Double.POSITIVE_INFINITY));
  }

  @Test
  void refusesImpossibleKnobs() {
    List<Integer> h = List.of(1);
    assertThrows(IllegalArgumentException.class, () -> new HoltConfig(0, 0.1, 0.9, 300, h));
    assertThrows(IllegalArgumentException.class, () -> new HoltConfig(0.3, 2, 0.9, 300, h));
    assertThrows(IllegalArgumentException.class, () -> new HoltConfig(0.3, 0.1, 1.1, 300, h));
    assertThrows(IllegalArgumentException.class, () -> new HoltConfig(0.3, 0.1, 0.9, 19, h));
    assertThrows(
        IllegalArgumentException.class, () -> new HoltConfig(0.3, 0.1, 0.9, 300, List.of(5, 1)));
    assertThrows(
        IllegalArgumentException.class, () -> new HoltConfig(0.3, 0.1, 0.9, 300, List.of()));
  }
}

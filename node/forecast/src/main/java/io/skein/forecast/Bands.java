package io.skein.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;

/// Quantiles at each horizon around what a model predicts.
///
/// They are those of the errors that its predictions for the same horizon really had, newest last;
/// until [#MIN_ERRORS] are known, those of a Poisson count (±1.28 · √value). Medians are corrected
/// by the median error.
final class Bands {
  /// Errors from which on they make the quantiles.
  static final int MIN_ERRORS = 20;

  private static final double POISSON_P90 = 1.2816;

  private final List<HorizonErrors> errors = new ArrayList<>();
  private List<Horizon> horizons = List.of();

  Bands(HoltConfig config) {
    for (int seconds : config.horizonsSeconds()) {
      errors.add(new HorizonErrors(seconds, config.residuals()));
    }
  }

  /// The value of this second is known, before anything is predicted from it.
  ///
  /// @throws IllegalArgumentException if it is negative or not finite
  void settle(double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("value: " + value + " (expected: finite, >= 0)");
    }
    for (HorizonErrors horizon : errors) {
      horizon.settle(value);
    }
  }

  /// Predicts.
  ///
  /// @param ahead what is expected so many seconds from now
  void predict(IntToDoubleFunction ahead) {
    List<Horizon> bands = new ArrayList<>();
    for (HorizonErrors horizon : errors) {
      double point = Math.max(0, ahead.applyAsDouble(horizon.seconds()));
      Horizon band = band(horizon, point);
      horizon.predicted(point, band.p50());
      bands.add(band);
    }
    horizons = List.copyOf(bands);
  }

  private static Horizon band(HorizonErrors horizon, double point) {
    double scale = HorizonErrors.scale(point);
    if (horizon.count() < MIN_ERRORS) {
      double spread = POISSON_P90 * scale;
      return new Horizon(horizon.seconds(), Math.max(0, point - spread), point, point + spread);
    }
    double[] sorted = horizon.sorted();
    return new Horizon(
        horizon.seconds(),
        Math.max(0, point + scale * HorizonErrors.quantile(sorted, 0.1)),
        Math.max(0, point + scale * HorizonErrors.quantile(sorted, 0.5)),
        Math.max(0, point + scale * HorizonErrors.quantile(sorted, 0.9)));
  }

  Forecast forecast(String subject, String unit, Model model) {
    return new Forecast(subject, unit, horizons, model.word(), accuracy());
  }

  private OptionalDouble accuracy() {
    HorizonErrors middle = middle();
    return middle.count() < MIN_ERRORS
        ? OptionalDouble.empty()
        : middle.score(middle.count()).error();
  }

  Score lately(int seconds) {
    return middle().score(seconds);
  }

  private HorizonErrors middle() {
    return errors.get(errors.size() / 2);
  }
}

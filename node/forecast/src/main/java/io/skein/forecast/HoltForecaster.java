package io.skein.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Predicts a series of values ≥ 0 that arrive once a second, by double exponential smoothing with
/// a damped trend. Confined to one thread. A value costs a few sorts of the newest errors, about 50
/// µs.
///
/// The idea. A level follows the series, a trend follows the level's slope [1]; the trend is damped
/// by φ for each second ahead [2], because short ramps in traffic end:
///
/// ```
/// level  = α · value + (1 − α) · (level + φ · trend)
/// trend  = β · (level − previous level) + (1 − β) · φ · trend
/// ahead h: level + (φ + φ² + … + φ^h) · trend
/// ```
///
/// The quantiles are those of the errors that predictions for the same horizon really had, newest
/// last; until [#MIN_ERRORS] are known, those of a Poisson count (±1.28 · √value). Medians are
/// corrected by the median error.
///
/// 1. C. C. Holt, "Forecasting seasonals and trends by exponentially weighted moving averages",
///    1957. 2. E. S. Gardner, E. McKenzie, "Forecasting trends in time series", Management Science
///    31(10), 1985.
public final class HoltForecaster {
  /// Name of the model.
  public static final String MODEL = "holt-damped";

  /// Errors from which on they make the quantiles.
  public static final int MIN_ERRORS = 20;

  private static final double POISSON_P90 = 1.2816;

  private final HoltConfig config;
  private final List<HorizonErrors> errors = new ArrayList<>();
  private List<Horizon> horizons = List.of();
  private double level;
  private double trend;
  private long seen;

  public HoltForecaster(HoltConfig config) {
    this.config = config;
    for (int seconds : config.horizonsSeconds()) {
      errors.add(new HorizonErrors(seconds, config.residuals()));
    }
  }

  /// The value of the second that just ended.
  ///
  /// @throws IllegalArgumentException if it is negative or not finite
  public void observe(double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("value: " + value + " (expected: finite, >= 0)");
    }
    for (HorizonErrors horizon : errors) {
      horizon.settle(value);
    }
    smooth(value);
    List<Horizon> ahead = new ArrayList<>();
    for (HorizonErrors horizon : errors) {
      double point = Math.max(0, ahead(horizon.seconds()));
      Horizon band = band(horizon, point);
      horizon.predicted(point, band.p50());
      ahead.add(band);
    }
    horizons = List.copyOf(ahead);
  }

  private void smooth(double value) {
    if (seen++ == 0) {
      level = value;
      return;
    }
    double before = level;
    double damped = config.damping() * trend;
    // The mean of the first values is a better start than the very first of them.
    double alpha = Math.max(config.alpha(), 1.0 / seen);
    level = alpha * value + (1 - alpha) * (level + damped);
    trend = config.beta() * (level - before) + (1 - config.beta()) * damped;
  }

  private double ahead(int seconds) {
    double phi = config.damping();
    double sum = phi == 1 ? seconds : phi * (1 - Math.pow(phi, seconds)) / (1 - phi);
    return level + sum * trend;
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

  /// The newest prediction; without horizons before the first value.
  ///
  /// @param subject what the series is of
  /// @param unit unit of the values
  public Forecast forecast(String subject, String unit) {
    return new Forecast(subject, unit, horizons, MODEL, accuracy());
  }

  private OptionalDouble accuracy() {
    HorizonErrors middle = errors.get(errors.size() / 2);
    double error = middle.count() < MIN_ERRORS ? Double.NaN : middle.relativeError();
    return Double.isFinite(error) ? OptionalDouble.of(error) : OptionalDouble.empty();
  }
}

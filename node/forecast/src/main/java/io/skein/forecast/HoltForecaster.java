package io.skein.forecast;

/// Predicts by double exponential smoothing with a damped trend. A value costs a few sorts of the
/// newest errors, about 50 µs.
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
/// 1. C. C. Holt, "Forecasting seasonals and trends by exponentially weighted moving averages",
///    1957. 2. E. S. Gardner, E. McKenzie, "Forecasting trends in time series", Management Science
///    31(10), 1985.
public final class HoltForecaster implements Forecaster {
  private final HoltConfig config;
  private final Bands bands;
  private double level;
  private double trend;
  private long seen;

  public HoltForecaster(HoltConfig config) {
    this.config = config;
    this.bands = new Bands(config);
  }

  @Override
  public void observe(double value) {
    bands.settle(value);
    smooth(value);
    bands.predict(this::ahead);
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

  @Override
  public Forecast forecast(String subject, String unit) {
    return bands.forecast(subject, unit, Model.HOLT_DAMPED);
  }

  @Override
  public Score lately(int seconds) {
    return bands.lately(seconds);
  }
}

package io.skein.forecast;

/// Predicts that it stays as it is: what a model must beat to be worth its knobs. Traffic that
/// steps between two rates it guesses better than one that smooths, as the steps are smoothed away.
public final class LastValueForecaster implements Forecaster {
  private final Bands bands;

  /// @param config horizons and how many errors to keep; there is nothing to smooth
  public LastValueForecaster(HoltConfig config) {
    this.bands = new Bands(config);
  }

  @Override
  public void observe(double value) {
    bands.settle(value);
    bands.predict(_ -> value);
  }

  @Override
  public Forecast forecast(String subject, String unit) {
    return bands.forecast(subject, unit, Model.LAST_VALUE);
  }

  @Override
  public Score lately(int seconds) {
    return bands.lately(seconds);
  }
}

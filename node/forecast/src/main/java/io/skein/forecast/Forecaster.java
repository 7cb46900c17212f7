package io.skein.forecast;

/// Predicts a series of values ≥ 0 that arrive once a second. Confined to one thread.
public sealed interface Forecaster permits HoltForecaster, LastValueForecaster {
  /// The value of the second that just ended.
  ///
  /// @throws IllegalArgumentException if it is negative or not finite
  void observe(double value);

  /// The newest prediction; without horizons before the first value.
  ///
  /// @param subject what the series is of
  /// @param unit unit of the values
  Forecast forecast(String subject, String unit);

  /// How wrong the medians for the middle horizon were that came due in the last seconds.
  ///
  /// @param seconds at most as many as there are errors kept
  Score lately(int seconds);
}

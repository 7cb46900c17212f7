package io.skein.forecast;

/// A way to predict. The first is the one to prefer.
public enum Model {
  /// Double exponential smoothing with a damped trend, see [HoltForecaster].
  HOLT_DAMPED("holt-damped"),
  /// It stays as it is, see [LastValueForecaster].
  LAST_VALUE("last-value");

  private final String word;

  Model(String word) {
    this.word = word;
  }

  /// The word for it in forecasts and for people.
  public String word() {
    return word;
  }
}

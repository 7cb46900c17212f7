package io.skein.forecast;

import java.util.EnumMap;
import java.util.Map;

/// All models over one series; one of them speaks, the others are computed in its shadow, so that
/// their errors can be compared. Who speaks is decided elsewhere. Confined to one thread.
public final class Contest {
  private final HoltForecaster holt;
  private final LastValueForecaster lastValue;
  private Model speaking = Model.HOLT_DAMPED;

  /// @param config of the smoothing; horizons and kept errors count for all models
  public Contest(HoltConfig config) {
    this.holt = new HoltForecaster(config);
    this.lastValue = new LastValueForecaster(config);
  }

  private Forecaster of(Model model) {
    return switch (model) {
      case HOLT_DAMPED -> holt;
      case LAST_VALUE -> lastValue;
    };
  }

  /// The value of the second that just ended.
  ///
  /// @throws IllegalArgumentException if it is negative or not finite
  public void observe(double value) {
    for (Model model : Model.values()) {
      of(model).observe(value);
    }
  }

  /// The newest prediction of the model that speaks; without horizons before the first value.
  ///
  /// @param subject what the series is of
  /// @param unit unit of the values
  public Forecast forecast(String subject, String unit) {
    return of(speaking).forecast(subject, unit);
  }

  /// Has a model speak from now on.
  public void speaks(Model model) {
    speaking = model;
  }

  /// The model that speaks.
  public Model speaking() {
    return speaking;
  }

  /// How wrong each model was in the last seconds, whether it spoke or not.
  public Map<Model, Score> lately(int seconds) {
    Map<Model, Score> scores = new EnumMap<>(Model.class);
    for (Model model : Model.values()) {
      scores.put(model, of(model).lately(seconds));
    }
    return scores;
  }
}

package io.skein.forecast;

import java.util.List;

/// Runs a forecaster over a series and keeps score for each horizon.
final class Backtest {
  private static final int WARM_UP = 400;

  final double[] errors;
  final double[] naiveErrors;
  final double[] covered;
  int predictions;

  Backtest(double[] series, HoltConfig config) {
    HoltForecaster forecaster = new HoltForecaster(config);
    int horizons = config.horizonsSeconds().size();
    errors = new double[horizons];
    naiveErrors = new double[horizons];
    covered = new double[horizons];
    int last = config.horizonsSeconds().getLast();
    for (int t = 0; t < series.length - last; t++) {
      forecaster.observe(series[t]);
      if (t >= WARM_UP) {
        score(series, t, forecaster.forecast("x", "requests/s").horizons());
      }
    }
  }

  private void score(double[] series, int t, List<Horizon> horizons) {
    predictions++;
    for (int i = 0; i < horizons.size(); i++) {
      Horizon horizon = horizons.get(i);
      double actual = series[t + horizon.seconds()];
      errors[i] += Math.abs(actual - horizon.p50());
      naiveErrors[i] += Math.abs(actual - series[t]);
      covered[i] += actual >= horizon.p10() && actual <= horizon.p90() ? 1 : 0;
    }
  }

  /// Error relative to that of "it stays as it is".
  double relative(int horizon) {
    return errors[horizon] / naiveErrors[horizon];
  }

  double relative() {
    double sum = 0;
    for (int i = 0; i < errors.length; i++) {
      sum += relative(i);
    }
    return sum / errors.length;
  }

  double coverage(int horizon) {
    return covered[horizon] / predictions;
  }
}

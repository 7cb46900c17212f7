package io.skein.routing.predict;

/// Recursive least squares with a forgetting factor: what the filter is compared with.
final class ForgettingLeastSquares {
  private final int features;
  private final double keep;
  private final double[] weights;
  private final double[] covariance;

  /// @param keep the forgetting factor, 1 forgetting nothing
  ForgettingLeastSquares(int features, double keep) {
    this.features = features;
    this.keep = keep;
    weights = new double[features];
    covariance = new double[features * features];
    for (int i = 0; i < features; i++) {
      covariance[i * features + i] = 1;
    }
  }

  void start(int feature, double weight) {
    weights[feature] = weight;
  }

  double mean(int[] at, double[] values) {
    double sum = 0;
    for (int i = 0; i < at.length; i++) {
      sum += weights[at[i]] * values[i];
    }
    return sum;
  }

  void learn(int[] at, double[] values, double innovation) {
    double[] gain = new double[features];
    double spread = keep;
    for (int i = 0; i < features; i++) {
      for (int j = 0; j < at.length; j++) {
        gain[i] += covariance[i * features + at[j]] * values[j];
      }
    }
    for (int j = 0; j < at.length; j++) {
      spread += gain[at[j]] * values[j];
    }
    for (int i = 0; i < features; i++) {
      weights[i] += gain[i] / spread * innovation;
      for (int j = 0; j < features; j++) {
        covariance[i * features + j] =
            (covariance[i * features + j] - gain[i] * gain[j] / spread) / keep;
      }
    }
  }
}

package io.skein.routing.predict;

/// A Kalman filter for the weights of a linear model that walk at random; the formula stands at the
/// package. Rows of features are sparse: positions and values. One thread.
///
/// Cost of learning one row of k features: k·d for the gain, d² for the covariance; at d = 32 about
/// a fifth of a microsecond. 8·d² bytes.
final class LatencyFilter {
  /// The most features.
  static final int MOST_FEATURES = 32;

  /// By how much of the noise's variance each weight may move from one sample to the next. Higher:
  /// a change is followed sooner, and chance is followed too. At 0.0004 a class that makes up a
  /// tenth of the requests moves by 1/10 of what one of its own was off.
  static final double WALK = 0.0004;

  private static final double PRIOR_VARIANCE = 1;

  private final int features;
  private final double walk;
  private final double[] weights;
  private final double[] covariance;
  private final double[] gain;

  /// @param features length of a row, 1 to [#MOST_FEATURES]
  /// @param walk see [#WALK]; at least 0
  LatencyFilter(int features, double walk) {
    if (features < 1 || features > MOST_FEATURES) {
      throw new IllegalArgumentException("features: " + features + " (expected: 1..32)");
    }
    if (!(walk >= 0)) {
      throw new IllegalArgumentException("walk: " + walk + " (expected: >= 0)");
    }
    this.features = features;
    this.walk = walk;
    this.weights = new double[features];
    this.covariance = new double[features * features];
    this.gain = new double[features];
    for (int i = 0; i < features; i++) {
      covariance[i * features + i] = PRIOR_VARIANCE;
    }
  }

  /// Where the walk begins.
  void start(int feature, double weight) {
    weights[feature] = weight;
  }

  double weight(int feature) {
    return weights[feature];
  }

  /// The covariance of two sums of weights.
  double covariance(int[] first, int[] second) {
    double sum = 0;
    for (int i : first) {
      for (int j : second) {
        sum += covariance[i * features + j];
      }
    }
    return sum;
  }

  double mean(int[] at, double[] values) {
    double sum = 0;
    for (int i = 0; i < at.length; i++) {
      sum += weights[at[i]] * values[i];
    }
    return sum;
  }

  /// How uncertain [#mean] is, as a variance.
  double variance(int[] at, double[] values) {
    double sum = 0;
    for (int i = 0; i < at.length; i++) {
      for (int j = 0; j < at.length; j++) {
        sum += values[i] * values[j] * covariance[at[i] * features + at[j]];
      }
    }
    return sum;
  }

  /// Learns that the row had an answer that was off [#mean] by `innovation`.
  ///
  /// @param noise variance of answers about their mean, above 0
  void learn(int[] at, double[] values, double innovation, double noise) {
    // Where nothing is observed the doubt grows towards the prior and no further.
    double step = walk * noise;
    double kept = 1 / (1 + step / PRIOR_VARIANCE);
    for (int i = 0; i < features; i++) {
      double sum = 0;
      for (int j = 0; j < at.length; j++) {
        sum += covariance[i * features + at[j]] * values[j];
      }
      gain[i] = kept * sum;
    }
    for (int j = 0; j < at.length; j++) {
      gain[at[j]] += kept * step * values[j];
    }
    double spread = noise;
    for (int j = 0; j < at.length; j++) {
      spread += gain[at[j]] * values[j];
    }
    for (int i = 0; i < features; i++) {
      double part = gain[i] / spread;
      weights[i] += part * innovation;
      int row = i * features;
      for (int j = 0; j < features; j++) {
        covariance[row + j] = kept * covariance[row + j] - part * gain[j];
      }
      covariance[row + i] += kept * step;
    }
  }
}

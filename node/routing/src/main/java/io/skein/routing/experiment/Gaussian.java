package io.skein.routing.experiment;

/// The normal distribution and the beta function, in logarithms.
final class Gaussian {
  private static final double[] LANCZOS = {
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7
  };

  private Gaussian() {}

  /// ln Φ(z). W. Cody's bounds are not needed here: M. Abramowitz, I. Stegun, 7.1.26 (error below
  /// 1.5e-7), and the tail's asymptotic series below −5.
  static double logCdf(double z) {
    if (z < -5) {
      double square = z * z;
      return -0.5 * square
          - Math.log(-z)
          - 0.5 * Math.log(2 * Math.PI)
          + Math.log1p(-1 / square + 3 / (square * square));
    }
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + 0.3275911 * x);
    double tail =
        0.5
            * t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
            * Math.exp(-x * x);
    return z >= 0 ? Math.log1p(-tail) : Math.log(tail);
  }

  /// ln B(x, y), x and y > 0.
  static double logBeta(double x, double y) {
    return logGamma(x) + logGamma(y) - logGamma(x + y);
  }

  /// ln Γ(x), x ≥ 0.5: C. Lanczos 1964 with g = 7, n = 9.
  static double logGamma(double x) {
    double at = x - 1;
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (at + i);
    }
    double t = at + 7.5;
    return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(t) - t + Math.log(sum);
  }
}

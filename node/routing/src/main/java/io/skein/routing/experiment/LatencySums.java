package io.skein.routing.experiment;

/// What is remembered of the batches' differences in latency: sums, which add up over nodes.
///
/// A batch's difference is d = mean of logarithms in the treatment − the same in the control; its
/// weight w = n₁n₀ ÷ (n₁ + n₀), the inverse of its variance but for a factor; its scale s what w·d
/// was like in the batches before it. With a = w ÷ s and y = a·d, for a margin m:
///
/// S = Σ(y − m·a), V = Σ(y − m·a)²
///
/// If each y − m·a is, given the past, symmetric about 0 or something smaller, exp(λS − λ²V ÷ 2) is
/// a supermartingale for every λ ≥ 0, whatever the variance and the tails (V. de la Peña, "A
/// general class of exponential inequalities for martingales and ratios", Annals of Probability
/// 1999). Mixed over λ by half a normal distribution of variance 1/ρ (Howard et al. 2021, Prop. 6):
///
/// E = 2 √(ρ ÷ (V + ρ)) · exp(S² ÷ 2(V + ρ)) · Φ(S ÷ √(V + ρ)), ρ = [#RHO]
///
/// which needs no estimate of the variance to be valid. ρ = 5 makes it strongest at about 60
/// batches, and costs little elsewhere. The price of knowing nothing about the differences: one
/// batch cannot make it more than twice as strong, so that α = 0.5 % takes some 15 batches, however
/// bad the treatment is.
///
/// @param batches counted in the sums; a node's first [Trial#LEARNING] only teach the scale
/// @param a Σa
/// @param aa Σa²
/// @param y Σy
/// @param yy Σy²
/// @param ay Σa·y
/// @param lagged Σ of y times the y before it
public record LatencySums(
    long batches, double a, double aa, double y, double yy, double ay, double lagged) {
  /// No batch.
  public static final LatencySums NONE = new LatencySums(0, 0, 0, 0, 0, 0, 0);

  static final double RHO = 5;
  private static final double MOST_CORRELATION = 0.9;
  private static final int LEAST_FOR_CORRELATION = 8;

  public LatencySums plus(LatencySums other) {
    return new LatencySums(
        batches + other.batches,
        a + other.a,
        aa + other.aa,
        y + other.y,
        yy + other.yy,
        ay + other.ay,
        lagged + other.lagged);
  }

  /// One batch more.
  LatencySums with(double nextA, double nextY, double lastY) {
    return new LatencySums(
        batches + 1,
        a + nextA,
        aa + nextA * nextA,
        y + nextY,
        yy + nextY * nextY,
        ay + nextA * nextY,
        lagged + nextY * lastY);
  }

  /// The effect as a difference of logarithms; 0 without batches.
  public double effect() {
    return a > 0 ? y / a : 0;
  }

  /// Logarithm of the evidence that the treatment is slower than the control by more than `margin`.
  ///
  /// @param margin as a difference of logarithms
  double slower(double margin) {
    return mixture(y - margin * a, yy - 2 * margin * ay + margin * margin * aa);
  }

  /// Logarithm of the evidence that it is faster.
  double faster() {
    return mixture(-y, yy);
  }

  /// Half the width of the interval about [#effect] that holds the true one at all times but with
  /// probability `alpha`; infinite without batches.
  double halfWidth(double alpha) {
    if (a <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double mean = effect();
    double spread = inflation() * Math.max(0, yy - 2 * mean * ay + mean * mean * aa);
    return Math.sqrt((spread + RHO) * Math.log((spread + RHO) / (RHO * alpha * alpha))) / a;
  }

  private double mixture(double sum, double squares) {
    double v = inflation() * Math.max(0, squares) + RHO;
    double z = sum / Math.sqrt(v);
    return Math.log(2) + 0.5 * Math.log(RHO / v) + 0.5 * z * z + Gaussian.logCdf(z);
  }

  /// By how much batches that resemble the ones before them make the variance of their sum greater.
  double inflation() {
    if (batches < LEAST_FOR_CORRELATION) {
      return 1;
    }
    double mean = y / batches;
    double variance = yy / batches - mean * mean;
    double covariance = lagged / batches - mean * mean;
    if (variance <= 0) {
      return 1;
    }
    double r = Math.clamp(covariance / variance, 0, MOST_CORRELATION);
    return (1 + r) / (1 - r);
  }
}

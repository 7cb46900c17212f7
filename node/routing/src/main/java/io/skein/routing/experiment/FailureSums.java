package io.skein.routing.experiment;

/// What is remembered of the arms' failures: counts, which add up over nodes.
///
/// The evidence that the treatment fails more often than the control by more than a margin m is the
/// likelihood of the counts under any two probabilities, mixed by a beta distribution for each,
/// over the greatest they have under any with p₁ ≤ p₀ + m: universal inference (L. Wasserman, A.
/// Ramdas, S. Balakrishnan, "Universal inference", PNAS 2020, §8), exact at all times for
/// independent answers. The mixture is Beta(½, 10): failures are rare.
///
/// Failures come in bursts. Its logarithm is therefore divided by the dispersion: how much more the
/// batches' differences scatter about their mean than chance makes them (quasi-likelihood: P.
/// McCullagh, J. Nelder, "Generalized Linear Models", 1989, §4.5), at least 1. A burst of one
/// client scatters; a treatment that keeps failing does not, and bursts that hit both arms at once
/// cancel.
///
/// @param batches counted in the sums
/// @param treated answers of the treatment
/// @param treatedFailed those that failed
/// @param controlled answers of the control
/// @param controlledFailed those that failed
/// @param w Σw, the batches' weights
/// @param ww Σw²
/// @param wd Σw·d of their differences in the share of failures
/// @param wwd Σw²·d
/// @param wwdd Σw²·d²
/// @param chance Σ of the w²·d² that chance is expected to make
public record FailureSums(
    long batches,
    long treated,
    long treatedFailed,
    long controlled,
    long controlledFailed,
    double w,
    double ww,
    double wd,
    double wwd,
    double wwdd,
    double chance) {
  /// No batch.
  public static final FailureSums NONE = new FailureSums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final double PRIOR_FAILED = 0.5;
  private static final double PRIOR_GOOD = 10;
  private static final int LEAST_BATCHES = 3;
  private static final int STEPS = 60;

  public FailureSums plus(FailureSums other) {
    return new FailureSums(
        batches + other.batches,
        treated + other.treated,
        treatedFailed + other.treatedFailed,
        controlled + other.controlled,
        controlledFailed + other.controlledFailed,
        w + other.w,
        ww + other.ww,
        wd + other.wd,
        wwd + other.wwd,
        wwdd + other.wwdd,
        chance + other.chance);
  }

  /// One batch more, in which both arms have answers.
  FailureSums with(ArmCounts.Taken control, ArmCounts.Taken treatment) {
    double n1 = treatment.requests();
    double n0 = control.requests();
    double weight = n1 * n0 / (n1 + n0);
    double share1 = treatment.failed() / n1;
    double share0 = control.failed() / n0;
    double d = share1 - share0;
    double square = weight * weight;
    return new FailureSums(
        batches + 1,
        treated + treatment.requests(),
        treatedFailed + treatment.failed(),
        controlled + control.requests(),
        controlledFailed + control.failed(),
        w + weight,
        ww + square,
        wd + weight * d,
        wwd + square * d,
        wwdd + square * d * d,
        chance
            + square
                * (share1 * (1 - share1) / Math.max(1, n1 - 1)
                    + share0 * (1 - share0) / Math.max(1, n0 - 1)));
  }

  /// Share of the treatment's answers that failed; 0 without any.
  public double treatedShare() {
    return treated == 0 ? 0 : (double) treatedFailed / treated;
  }

  /// The same of the control's.
  public double controlledShare() {
    return controlled == 0 ? 0 : (double) controlledFailed / controlled;
  }

  /// Logarithm of the evidence that the treatment fails more often by more than `margin`.
  double worse(double margin) {
    if (batches < LEAST_BATCHES || treatedShare() <= controlledShare() + margin) {
      return 0;
    }
    return evidence(margin);
  }

  /// Logarithm of the evidence that it fails less often.
  double better() {
    if (batches < LEAST_BATCHES || treatedShare() >= controlledShare()) {
      return 0;
    }
    return evidence(0);
  }

  private double evidence(double margin) {
    double any =
        Gaussian.logBeta(treatedFailed + PRIOR_FAILED, treated - treatedFailed + PRIOR_GOOD)
            + Gaussian.logBeta(
                controlledFailed + PRIOR_FAILED, controlled - controlledFailed + PRIOR_GOOD)
            - 2 * Gaussian.logBeta(PRIOR_FAILED, PRIOR_GOOD);
    double found = any - greatest(margin);
    return found > 0 ? found / dispersion() : found;
  }

  /// The greatest logarithm of the likelihood where the treatment's probability is the control's
  /// and the margin: the logarithm is concave, so thirds find it.
  private double greatest(double margin) {
    double low = 0;
    double high = 1 - margin;
    for (int i = 0; i < STEPS; i++) {
      double third = (high - low) / 3;
      if (likelihood(low + third, margin) < likelihood(high - third, margin)) {
        low += third;
      } else {
        high -= third;
      }
    }
    return likelihood((low + high) / 2, margin);
  }

  private double likelihood(double p, double margin) {
    return times(treatedFailed, p + margin)
        + times(treated - treatedFailed, 1 - p - margin)
        + times(controlledFailed, p)
        + times(controlled - controlledFailed, 1 - p);
  }

  private static double times(long count, double probability) {
    return count == 0 ? 0 : count * Math.log(Math.max(probability, 0));
  }

  /// How many times more the batches scatter than by chance; at least 1.
  double dispersion() {
    if (batches < 2 || chance <= 0) {
      return 1;
    }
    double mean = wd / w;
    double scatter = wwdd - 2 * mean * wwd + mean * mean * ww;
    return Math.max(1, scatter / chance * batches / (batches - 1));
  }
}

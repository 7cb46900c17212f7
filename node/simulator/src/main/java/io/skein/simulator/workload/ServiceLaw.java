package io.skein.simulator.workload;

import java.util.random.RandomGenerator;

/// How long serving one request takes, queueing aside. Immutable.
public sealed interface ServiceLaw {
  /// Draws one time, at least 1 ns.
  long drawNanos(RandomGenerator random);

  /// The mean of what is drawn.
  double meanNanos();

  /// Always the same.
  record Constant(long nanos) implements ServiceLaw {
    @Override
    public long drawNanos(RandomGenerator random) {
      return Math.max(1, nanos);
    }

    @Override
    public double meanNanos() {
      return nanos;
    }
  }

  /// Normal; what falls below 0 counts as 0, which makes the mean of what is drawn larger than
  /// `mean`.
  record Normal(long mean, long deviation) implements ServiceLaw {
    @Override
    public long drawNanos(RandomGenerator random) {
      return Math.max(1, (long) (mean + deviation * random.nextGaussian()));
    }

    // mean·Φ(mean ÷ deviation) + deviation·φ(mean ÷ deviation)
    @Override
    public double meanNanos() {
      if (deviation == 0) {
        return mean;
      }
      double z = (double) mean / deviation;
      double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      return mean * below(z) + deviation * density;
    }

    // Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17; error below 7.5e-8.
    private static double below(double z) {
      double t = 1 / (1 + 0.2316419 * z);
      double tail =
          t
              * (0.319381530
                  + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
      return 1 - Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * tail;
    }
  }

  /// Exponential.
  record Exponential(long mean) implements ServiceLaw {
    @Override
    public long drawNanos(RandomGenerator random) {
      return Math.max(1, (long) (mean * random.nextExponential()));
    }

    @Override
    public double meanNanos() {
      return mean;
    }
  }

  /// Log-normal, given by its median and the deviation of its natural logarithm.
  record LogNormal(long median, double sigma) implements ServiceLaw {
    @Override
    public long drawNanos(RandomGenerator random) {
      return Math.max(1, (long) (median * Math.exp(sigma * random.nextGaussian())));
    }

    @Override
    public double meanNanos() {
      return median * Math.exp(sigma * sigma / 2);
    }
  }

  /// Mostly short, sometimes long: the two modes of a cache that misses.
  ///
  /// @param share of the long ones, 0 to 1
  record TwoModes(ServiceLaw usual, ServiceLaw rare, double share) implements ServiceLaw {
    @Override
    public long drawNanos(RandomGenerator random) {
      return (random.nextDouble() < share ? rare : usual).drawNanos(random);
    }

    @Override
    public double meanNanos() {
      return usual.meanNanos() * (1 - share) + rare.meanNanos() * share;
    }
  }
}

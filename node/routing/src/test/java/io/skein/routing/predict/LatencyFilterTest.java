package io.skein.routing.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/// The data are synthetic: 12 classes of equal share whose median latency lies between 5 and 200 ms
/// (evenly in the logarithm), times (in-flight + 1)^0.3 with 0 to 7 requests in flight, times a
/// log-normal factor of σ = 0.25. The floor is the WAPE of who knows the true mean. At the drift
/// half of the classes become three times slower, the other half 2.5 times quicker.
class LatencyFilterTest {
  private static final int SEEDS = 5;
  private static final int CLASSES = 12;
  private static final double SIGMA = 0.25;
  private static final double SLOPE = 0.3;
  private static final int LEARNED = 10_000;
  private static final int JUDGED = 10_000;
  private static final int AFTER_DRIFT = 500;

  /// Whoever predicts the logarithm.
  private interface Learner {
    double mean(int[] at, double[] values);

    void learn(int[] at, double[] values, double innovation, double noise);
  }

  private static final class Truth {
    final SplittableRandom random;
    final double[] levels = new double[CLASSES];
    final int[][] at = new int[CLASSES][];

    Truth(long seed) {
      random = new SplittableRandom(seed);
      for (int i = 0; i < CLASSES; i++) {
        levels[i] = Math.log(5e6) + random.nextDouble() * Math.log(40);
        at[i] = EndpointModel.row(Fingerprint.mix(31 * seed + i));
      }
    }

    void drift() {
      for (int i = 0; i < CLASSES; i++) {
        levels[i] += i % 2 == 0 ? Math.log(3) : -Math.log(2.5);
      }
    }

    double meanNanos(int kind, double log) {
      return Math.exp(levels[kind] + SLOPE * log + SIGMA * SIGMA / 2);
    }
  }

  /// @param wape over the second half before the drift
  /// @param floor the same of the true mean
  /// @param off mean relative distance from the true mean 500 samples after the drift
  private record Judged(double wape, double floor, double off) {}

  private static Judged judge(Learner learner, DoubleConsumer start, long seed) {
    Truth truth = new Truth(seed);
    double noise = 0.1;
    double errors = 0;
    double floor = 0;
    double sum = 0;
    for (int i = 0; i < LEARNED + JUDGED + AFTER_DRIFT; i++) {
      if (i == LEARNED + JUDGED) {
        truth.drift();
      }
      int kind = truth.random.nextInt(CLASSES);
      double log = Math.log1p(truth.random.nextInt(8));
      double y = truth.levels[kind] + SLOPE * log + SIGMA * truth.random.nextGaussian();
      double[] values = {1, log, 1, 1, 1};
      if (i == 0) {
        start.accept(y);
      }
      double mean = learner.mean(truth.at[kind], values);
      if (i >= LEARNED && i < LEARNED + JUDGED) {
        errors += Math.abs(Math.exp(mean + noise / 2) - Math.exp(y));
        floor += Math.abs(truth.meanNanos(kind, log) - Math.exp(y));
        sum += Math.exp(y);
      }
      double innovation = y - mean;
      learner.learn(truth.at[kind], values, innovation, noise);
      noise += (Math.min(9 * noise, innovation * innovation) - noise) / 256;
    }
    double off = 0;
    for (int kind = 0; kind < CLASSES; kind++) {
      for (int inFlight = 0; inFlight < 8; inFlight++) {
        double log = Math.log1p(inFlight);
        double predicted =
            Math.exp(
                learner.mean(truth.at[kind], new double[] {1, log, 1, 1, 1}) + SIGMA * SIGMA / 2);
        off += Math.abs(predicted / truth.meanNanos(kind, log) - 1) / (8 * CLASSES);
      }
    }
    return new Judged(errors / sum, floor / sum, off);
  }

  private static Judged filter(double walk, long seed) {
    LatencyFilter filter = new LatencyFilter(LatencyFilter.MOST_FEATURES, walk);
    return judge(
        new Learner() {
          @Override
          public double mean(int[] at, double[] values) {
            return filter.mean(at, values);
          }

          @Override
          public void learn(int[] at, double[] values, double innovation, double noise) {
            filter.learn(at, values, innovation, noise);
          }
        },
        y -> filter.start(0, y),
        seed);
  }

  private static Judged forgetting(double keep, long seed) {
    ForgettingLeastSquares squares = new ForgettingLeastSquares(LatencyFilter.MOST_FEATURES, keep);
    return judge(
        new Learner() {
          @Override
          public double mean(int[] at, double[] values) {
            return squares.mean(at, values);
          }

          @Override
          public void learn(int[] at, double[] values, double innovation, double noise) {
            squares.learn(at, values, innovation);
          }
        },
        y -> squares.start(0, y),
        seed);
  }

  private static Judged mean(LongFunction<Judged> judged) {
    double wape = 0;
    double floor = 0;
    double off = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Judged each = judged.apply(seed);
      wape += each.wape() / SEEDS;
      floor += each.floor() / SEEDS;
      off += each.off() / SEEDS;
    }
    return new Judged(wape, floor, off);
  }

  @Test
  void errsHardlyMoreThanTheTruthAndFollowsADrift() {
    Judged mean = mean(seed -> filter(LatencyFilter.WALK, seed));
    assertEquals(0.199, mean.floor(), 0.002);
    assertTrue(mean.wape() < mean.floor() + 0.010, mean::toString);
    assertTrue(mean.off() < 0.10, mean::toString);
  }

  @Test
  void forgettingEitherFreezesOrWindsUp() {
    Judged slow = mean(seed -> forgetting(0.999, seed));
    assertTrue(slow.wape() < slow.floor() + 0.005, slow::toString);
    assertTrue(slow.off() > 0.5, slow::toString);
    // Directions that no row has are forgotten until the numbers overflow.
    Judged quick = forgetting(0.99, 1);
    assertTrue(!(quick.wape() < 1), quick::toString);
  }

  @Test
  void aDirectionThatIsNeverObservedDoesNotStopTheOthers() {
    LatencyFilter filter = new LatencyFilter(LatencyFilter.MOST_FEATURES, LatencyFilter.WALK);
    SplittableRandom random = new SplittableRandom(5);
    int[] at = EndpointModel.row(17);
    double[] values = {1, 0, 1, 1, 1};
    double noise = SIGMA * SIGMA;
    for (int i = 0; i < 200_000; i++) {
      filter.learn(at, values, SIGMA * random.nextGaussian() - filter.mean(at, values), noise);
    }
    double doubt = filter.variance(at, values);
    assertTrue(doubt > 0 && doubt < noise, () -> "doubt " + doubt);
    for (int i = 0; i < 200; i++) {
      filter.learn(at, values, 1 - filter.mean(at, values), noise);
    }
    assertEquals(1, filter.mean(at, values), 0.05);
    double never = filter.covariance(new int[] {0}, new int[] {0});
    assertTrue(never <= 1.0001, () -> "doubt " + never);
  }
}

package io.skein.routing.experiment;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.experiment.ArmCounts.Taken;
import io.skein.routing.experiment.ExperimentRules.Verdict;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of experiments, each looked at after every batch. Longer with
/// `-Dskein.experiment.runs=20000 -Dskein.experiment.batches=1000`.
class ExperimentPropertyTest {
  private static final int RUNS = Integer.getInteger("skein.experiment.runs", 2_000);
  private static final int BATCHES = Integer.getInteger("skein.experiment.batches", 80);
  private static final int TREATED = 20;
  private static final int CONTROLLED = 180;
  private static final double ALPHA = 0.05;
  private static final long SECOND = 1_000_000_000L;

  private static final ExperimentRules NO_MARGIN =
      new ExperimentRules(ALPHA, 0, 0, true, Long.MAX_VALUE);
  private static final ExperimentRules USUAL =
      new ExperimentRules(0.01, 0.05, 0.002, true, Long.MAX_VALUE);

  /// What the logarithms of latencies, and failures, are like.
  private enum World {
    /// Log-normal, σ = 1.
    LOG_NORMAL(1, 0, 0, 0.01, 0),
    /// Pareto with tail index 1.2: no variance, hardly a mean.
    PARETO(0, 1 / 1.2, 0, 0.01, 0),
    /// Exponential: its logarithm leans to the left.
    EXPONENTIAL(0, 0, 0, 0.01, 0),
    /// Both arms move together from batch to batch, and fail together.
    SHARED_WEATHER(0.5, 0, 0, 0.01, 0.9),
    /// Each arm has a memory of its own: AR(1) with φ = 0.5.
    OWN_MEMORY(0.5, 0, 0.5, 0.01, 0),
    /// Failures are rare.
    RARE_FAILURES(1, 0, 0, 0.0005, 0);

    final double sigma;
    final double tail;
    final double memory;
    final double failing;
    final double weather;

    World(double sigma, double tail, double memory, double failing, double weather) {
      this.sigma = sigma;
      this.tail = tail;
      this.memory = memory;
      this.failing = failing;
      this.weather = weather;
    }

    double log(SplittableRandom random) {
      return switch (this) {
        case PARETO -> tail * random.nextExponential();
        case EXPONENTIAL -> Math.log(random.nextExponential());
        default -> sigma * random.nextGaussian();
      };
    }
  }

  /// The difference that a treatment makes.
  private record Effect(double factor, double failures) {
    static final Effect NONE = new Effect(1, 0);
  }

  private static Taken draw(
      SplittableRandom random, World world, int many, double shift, double failing) {
    long failed = 0;
    double sum = 0;
    for (int i = 0; i < many; i++) {
      if (random.nextDouble() < failing) {
        failed++;
      } else {
        sum += shift + world.log(random);
      }
    }
    return new Taken(many - failed, failed, sum);
  }

  private record Ended(Verdict verdict, int batches) {}

  private static Ended run(long seed, World world, Effect effect, ExperimentRules rules) {
    SplittableRandom random = new SplittableRandom(seed);
    Trial trial = new Trial(SECOND, 0);
    double weather = 0;
    double own1 = 0;
    double own0 = 0;
    for (int batch = 1; batch <= BATCHES; batch++) {
      weather = 0.8 * weather + world.weather * random.nextGaussian();
      // As large as the noise of the treatment's mean.
      own1 = world.memory * own1 + (world.memory > 0 ? 0.12 * random.nextGaussian() : 0);
      own0 = world.memory * own0 + (world.memory > 0 ? 0.12 * random.nextGaussian() : 0);
      double failing =
          world.weather > 0 ? Math.clamp(0.01 * Math.exp(weather), 0, 0.5) : world.failing;
      boolean complete =
          trial.add(
              draw(random, world, CONTROLLED, weather + own0, failing),
              draw(
                  random,
                  world,
                  TREATED,
                  weather + own1 + Math.log(effect.factor()),
                  failing + effect.failures()),
              batch * SECOND);
      assertTrue(complete);
      Verdict verdict = rules.judge(trial.evidence(), batch * SECOND).verdict();
      if (verdict.ends()) {
        return new Ended(verdict, batch);
      }
    }
    return new Ended(Verdict.GOING_ON, BATCHES);
  }

  private static double share(IntFunction<Ended> runs, Verdict... verdicts) {
    int hits = 0;
    for (int i = 0; i < RUNS; i++) {
      Ended ended = runs.apply(i);
      for (Verdict each : verdicts) {
        hits += ended.verdict() == each ? 1 : 0;
      }
    }
    return (double) hits / RUNS;
  }

  /// Four standard errors above α would be chance in one of 30,000 runs of this test.
  @ParameterizedTest
  @EnumSource(World.class)
  void findsNoHarmMoreOftenThanItSaysWhereThereIsNone(World world) {
    double harm =
        share(seed -> run(seed, world, Effect.NONE, NO_MARGIN), Verdict.SLOWER, Verdict.FAILING);

    System.out.printf("%s: harm %.4f%n", world, harm);
    assertTrue(harm <= ALPHA, () -> world + ": " + harm);
  }

  @ParameterizedTest
  @EnumSource(World.class)
  void findsNoGainMoreOftenThanItSaysWhereThereIsNone(World world) {
    double gain = share(seed -> run(-seed, world, Effect.NONE, NO_MARGIN), Verdict.BETTER);

    System.out.printf("%s: gain %.4f%n", world, gain);
    assertTrue(gain <= ALPHA, () -> world + ": " + gain);
  }

  @Test
  void power() {
    for (World world : World.values()) {
      for (Effect effect :
          new Effect[] {new Effect(1, 0.01), new Effect(1, 0.5), new Effect(0.8, 0)}) {
        int[] spent = new int[400];
        java.util.Map<Verdict, Integer> count = new java.util.TreeMap<>();
        for (int i = 0; i < spent.length; i++) {
          Ended ended = run(i, world, effect, USUAL);
          spent[i] = ended.batches();
          count.merge(ended.verdict(), 1, Integer::sum);
        }
        java.util.Arrays.sort(spent);
        System.out.println(
            world
                + " "
                + effect
                + " "
                + count
                + " median "
                + spent[200] * 200
                + " p90 "
                + spent[360] * 200);
      }
    }
  }
}

package io.skein.routing.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.experiment.ArmCounts.Taken;
import io.skein.routing.experiment.ExperimentRules.Verdict;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Thousands of experiments, each looked at after every batch. Longer with
/// `-Dskein.experiment.runs=20000 -Dskein.experiment.batches=1000`.
class ExperimentPropertyTest {
  private static final int RUNS = Integer.getInteger("skein.experiment.runs", 2_000);
  private static final int BATCHES = Integer.getInteger("skein.experiment.batches", 60);
  private static final int TREATED = 20;
  private static final int CONTROLLED = 180;
  private static final double ALPHA = 0.05;
  private static final long SECOND = 1_000_000_000L;
  private static final double MILLISECOND = Math.log(1e6);

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
        sum += MILLISECOND + shift + world.log(random);
      }
    }
    return new Taken(many - failed, failed, sum);
  }

  private record Ended(Verdict verdict, int batches) {}

  private static Ended run(
      long seed, int batches, World world, Effect effect, ExperimentRules rules) {
    SplittableRandom random = new SplittableRandom(seed);
    Trial trial = new Trial(SECOND, 0);
    double weather = 0;
    double own1 = 0;
    double own0 = 0;
    for (int batch = 1; batch <= batches; batch++) {
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
    return new Ended(Verdict.GOING_ON, batches);
  }

  /// What became of many experiments: how many ended by each verdict, and after how many requests.
  private record Ends(Map<Verdict, Integer> verdicts, int[] requests) {
    double share(Verdict... wanted) {
      int hits = 0;
      for (Verdict each : wanted) {
        hits += verdicts.getOrDefault(each, 0);
      }
      return (double) hits / requests.length;
    }

    /// After how many requests that share of the experiments had ended.
    int within(double share) {
      return requests[(int) (share * (requests.length - 1))];
    }
  }

  private static Ends runs(
      int runs, int batches, World world, Effect effect, ExperimentRules rules) {
    Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
    int[] requests = new int[runs];
    for (int i = 0; i < runs; i++) {
      Ended ended = run(i, batches, world, effect, rules);
      verdicts.merge(ended.verdict(), 1, Integer::sum);
      requests[i] = ended.batches() * (TREATED + CONTROLLED);
    }
    Arrays.sort(requests);
    return new Ends(verdicts, requests);
  }

  /// Each of the two errors has its own α; margins of 0 are the hardest case.
  @ParameterizedTest
  @EnumSource(World.class)
  void findsNothingMoreOftenThanItSaysWhereThereIsNothing(World world) {
    Ends ends = runs(RUNS, BATCHES, world, Effect.NONE, NO_MARGIN);

    double harm = ends.share(Verdict.SLOWER, Verdict.FAILING);
    double gain = ends.share(Verdict.BETTER);
    System.out.printf("%s: harm %.4f, gain %.4f of %.2f%n", world, harm, gain, ALPHA);
    assertTrue(harm <= ALPHA, () -> world + ": " + harm);
    assertTrue(gain <= ALPHA, () -> world + ": " + gain);
  }

  @Test
  void aFifthMoreLatencyIsFound() {
    Ends ends = runs(200, 200, World.LOG_NORMAL, new Effect(1.2, 0), USUAL);

    System.out.println("20 % slower: " + ends.within(0.5) + ", " + ends.within(0.9));
    assertTrue(ends.share(Verdict.SLOWER) >= 0.98, ends.verdicts()::toString);
    assertTrue(ends.within(0.9) <= 25_000, () -> "requests: " + ends.within(0.9));
  }

  @Test
  void oneRequestOfAHundredMoreThatFailsIsFound() {
    Ends ends = runs(200, 300, World.RARE_FAILURES, new Effect(1, 0.01), USUAL);

    System.out.println("1 % more failures: " + ends.within(0.5) + ", " + ends.within(0.9));
    assertTrue(ends.share(Verdict.FAILING) >= 0.95, ends.verdicts()::toString);
    assertTrue(ends.within(0.9) <= 40_000, () -> "requests: " + ends.within(0.9));
  }

  @Test
  void whatFailsHalfTheTimeIsFoundInTheThirdBatch() {
    Ends ends = runs(200, 20, World.LOG_NORMAL, new Effect(1, 0.5), USUAL);

    assertEquals(1.0, ends.share(Verdict.FAILING));
    assertTrue(ends.within(1) <= 1_000, () -> "requests: " + ends.within(1));
  }

  @Test
  void aFifthLessLatencyIsAGainUnlessMoreFails() {
    Ends better = runs(100, 300, World.LOG_NORMAL, new Effect(0.7, 0), USUAL);
    Ends failing = runs(100, 60, World.LOG_NORMAL, new Effect(0.7, 0.2), USUAL);

    assertTrue(better.share(Verdict.BETTER) >= 0.97, better.verdicts()::toString);
    assertEquals(1.0, failing.share(Verdict.FAILING));
  }

  /// A client whose requests fail for a second, all in one arm, is no treatment that fails.
  @Test
  void oneBurstIsNoHarm() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Trial trial = new Trial(SECOND, 0);
      for (int batch = 1; batch <= 60; batch++) {
        boolean _ =
            trial.add(
                draw(random, World.LOG_NORMAL, CONTROLLED, 0, 0.001),
                draw(random, World.LOG_NORMAL, TREATED, 0, batch == 20 ? 0.9 : 0.001),
                batch * SECOND);
        assertFalse(USUAL.judge(trial.evidence(), batch * SECOND).verdict().ends());
      }
    }
  }

  @Test
  void nodesAddUp() {
    Evidence one = evidence(1, 40);
    Evidence two = evidence(2, 30);
    Evidence both = one.plus(two);

    assertEquals(70, both.failures().batches());
    assertEquals(64, both.latency().batches());
    assertEquals(both, two.plus(one));
    assertEquals(Optional.of(both), Evidence.of(both.numbers()));
  }

  private static Evidence evidence(long seed, int batches) {
    SplittableRandom random = new SplittableRandom(seed);
    Trial trial = new Trial(SECOND, 0);
    for (int batch = 1; batch <= batches; batch++) {
      boolean _ =
          trial.add(
              draw(random, World.LOG_NORMAL, CONTROLLED, 0, 0.01),
              draw(random, World.LOG_NORMAL, TREATED, 0, 0.01),
              batch * SECOND);
    }
    return trial.evidence();
  }

  @Test
  void aBatchWaitsForAnswersOfBothArmsAndForItsTime() {
    Trial trial = new Trial(SECOND, 0);
    Taken many = new Taken(100, 0, 1_000);
    Taken few = new Taken(19, 0, 190);

    assertFalse(trial.add(many, many, SECOND - 1));
    assertTrue(trial.add(Taken.NONE, Taken.NONE, SECOND));
    assertFalse(trial.add(many, few, 10 * SECOND));
    assertTrue(trial.add(Taken.NONE, new Taken(1, 0, 10), 11 * SECOND));
    assertEquals(200, trial.evidence().control().requests());
  }

  @Test
  void timeThatIsOverLeavesItUndecided() {
    ExperimentRules rules = new ExperimentRules(0.01, 0.05, 0.002, true, SECOND);

    assertEquals(Verdict.GOING_ON, rules.judge(Evidence.NONE, SECOND - 1).verdict());
    assertEquals(Verdict.UNDECIDED, rules.judge(Evidence.NONE, SECOND).verdict());
  }

  @Test
  void numbersThatNobodyFindsAreRefused() {
    double[] good = evidence(3, 9).numbers();
    for (int i = 0; i < good.length; i++) {
      for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e101}) {
        double[] changed = good.clone();
        changed[i] = bad;
        assertEquals(Optional.empty(), Evidence.of(changed));
      }
    }
    assertEquals(Optional.empty(), Evidence.of(Arrays.copyOf(good, good.length - 1)));
    double[] moreFailedThanAnswered = good.clone();
    moreFailedThanAnswered[2] = good[1] + 1;
    assertEquals(Optional.empty(), Evidence.of(moreFailedThanAnswered));
  }

  @Test
  void countersGiveBackWhatWasAdded() {
    ArmCounts counts = new ArmCounts();
    SplittableRandom random = new SplittableRandom(4);
    double logs = 0;
    for (int i = 0; i < 10_000; i++) {
      long nanos = 1_000_000 + random.nextLong(1_000_000_000);
      logs += Math.log(nanos);
      counts.add(random.nextInt(40), nanos, false);
      counts.add(random.nextInt(40), nanos, i % 10 == 0);
    }
    Taken taken = counts.take();

    assertEquals(19_000, taken.good());
    assertEquals(1_000, taken.failed());
    assertEquals(logs / 10_000, taken.logSum() / taken.good(), 0.03);
    assertEquals(Taken.NONE, counts.take());
    assertEquals(0, ArmCounts.bucket(-5));
    assertEquals(ArmCounts.bucket(Long.MAX_VALUE), ArmCounts.bucket(Long.MAX_VALUE - 1));
  }
}

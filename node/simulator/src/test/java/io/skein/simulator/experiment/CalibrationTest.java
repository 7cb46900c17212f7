package io.skein.simulator.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.simulator.balancer.Conduct;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What others have measured or simulated comes out of this simulator, too; without this none of
/// its figures says anything.
final class CalibrationTest {
  /// The published shares of requests within 1 s, in percent, and how far from them we may be.
  @ParameterizedTest
  @CsvSource({"round-robin, 95.4, 0.3", "least-request, 99.4, 0.2", "peak-ewma, 99.9, 0.05"})
  void agreesWithBuoyant(String policy, double percent, double margin) {
    assertEquals(percent, within(policy, 1), margin);
  }

  @Tag("nightly")
  @ParameterizedTest
  @CsvSource({"round-robin, 95.4, 0.3", "least-request, 99.4, 0.2", "peak-ewma, 99.9, 0.05"})
  void agreesWithBuoyantForEverySeed(String policy, double percent, double margin) {
    for (int seed = 1; seed <= 30; seed++) {
      assertEquals(percent, within(policy, seed), margin, "seed " + seed);
    }
  }

  private static double within(String policy, long seed) {
    Measures run = Workloads.run(Workloads.buoyant(1, Conduct.PLAIN), policy, seed);
    return 100.0 * run.within() / run.requests();
  }

  @Test
  void ordersPoliciesAsPrequalsPaperDoes() {
    // At this size polled loads are as good as probes.
    Experiment experiment = Workloads.prequal(100, 40, 30);
    ordered(List.of("polled-p2c", "least-loaded", "round-robin"), 0, experiment, 1);
  }

  @Tag("nightly")
  @Test
  void ordersPoliciesAsPrequalsPaperDoesAtItsSize() {
    for (int seed = 1; seed <= 3; seed++) {
      Experiment experiment = Workloads.prequal(100, 100, 60);
      ordered(
          List.of("polled-p2c", "least-loaded", "round-robin"),
          probing(experiment, seed),
          experiment,
          seed);
    }
  }

  // In the paper these two are 6 % apart; which is first depends on what is not published.
  private static double probing(Experiment experiment, long seed) {
    return Math.max(p99(experiment, "prequal", seed), p99(experiment, "probed-c3", seed));
  }

  private static void ordered(List<String> order, double first, Experiment experiment, long seed) {
    double before = first;
    for (String policy : order) {
      double p99 = p99(experiment, policy, seed);
      assertTrue(p99 > before * 1.2, policy + ": " + p99 + " after " + before);
      before = p99;
    }
    assertEquals(5_000, before, 1, "round robin runs into the deadline");
  }

  private static double p99(Experiment experiment, String policy, long seed) {
    return Workloads.run(experiment, policy, seed).latency().quantileNanos(0.99) / 1e6;
  }
}

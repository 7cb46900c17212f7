package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.skein.ledger.key.SignatureLibrary;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The split of five nodes over many seeds. `-Dsim.seed=17` runs that seed alone,
/// `-Dsim.seeds=1000` more of them.
@Tag("sim")
class PartitionSimulationTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 250);

  // Changes nothing but the time it takes.
  @BeforeAll
  static void useTheFasterLibraryWhereItLoads() {
    SignatureLibrary.useNative();
  }

  @Test
  void everyAcknowledgedRecordIsOnAllNodesOnceAndScoresAreEqual() {
    long[] seeds =
        System.getProperty("sim.seed") == null
            ? LongStream.rangeClosed(1, SEEDS).toArray()
            : new long[] {Long.getLong("sim.seed")};
    long started = cpuNanos();
    long acknowledged = 0;
    long slowestMillis = 0;
    List<String> failures = new ArrayList<>();
    for (long seed : seeds) {
      PartitionScenario.Outcome outcome = run(seed, failures);
      acknowledged += outcome.acknowledged();
      slowestMillis = Math.max(slowestMillis, outcome.equalAfter().toMillis());
    }
    double seconds = (cpuNanos() - started) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "partition: %d seeds in %.1f s of one core (%.1f seeds/s), %,d records acknowledged, equal at most"
            + " %d ms after the last write%n",
        seeds.length,
        seconds,
        seeds.length / seconds,
        acknowledged,
        slowestMillis);
    if (!failures.isEmpty()) {
      fail(String.join("\n", failures));
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    PartitionScenario.Outcome first = PartitionScenario.run(7);
    PartitionScenario.Outcome again = PartitionScenario.run(7);
    assertEquals(first.traceHash(), again.traceHash());
    assertEquals(first.headsRoots(), again.headsRoots());
    assertEquals(first.scores().getFirst().repRoot(), again.scores().getFirst().repRoot());
    assertNotEquals(first.traceHash(), PartitionScenario.run(8).traceHash());
  }

  @Test
  void aRunIsNotEasy() {
    long crashes = 0;
    for (long seed = 1; seed <= 40; seed++) {
      Faults faults = new MeshSimulation(seed, 5).faults();
      crashes += faults.crashed().isPresent() ? 1 : 0;
      assertTrue(faults.mostLatency().compareTo(faults.leastLatency()) > 0);
    }
    assertTrue(crashes > 10 && crashes < 30, "crashes: " + crashes);
  }

  private static PartitionScenario.Outcome run(long seed, List<String> failures) {
    try {
      PartitionScenario.Outcome outcome = PartitionScenario.run(seed);
      List<String> wrong = new ArrayList<>(outcome.violations());
      check(outcome, wrong);
      if (!wrong.isEmpty()) {
        failures.add(describe(seed, outcome.faults() + ": " + wrong));
      }
      return outcome;
    } catch (RuntimeException e) {
      throw new AssertionError(describe(seed, e.toString()), e);
    }
  }

  private static void check(PartitionScenario.Outcome outcome, List<String> wrong) {
    if (outcome.headsRoots().stream().distinct().count() != 1) {
      wrong.add("heads roots differ: " + outcome.headsRoots());
    }
    if (outcome.scores().size() != 5) {
      wrong.add("nodes at the end: " + outcome.scores().size());
    }
    if (outcome.scores().stream().map(Scores::repRoot).distinct().count() != 1) {
      wrong.add("reputations differ: " + outcome.scores().stream().map(Scores::bySubject).toList());
    }
    if (outcome.smallSideWrites() < 10 || outcome.largeSideWrites() < 10) {
      wrong.add(
          "a side stopped: " + outcome.smallSideWrites() + " and " + outcome.largeSideWrites());
    }
    Scores scores = outcome.scores().getFirst();
    Score sound = scores.of(new EndpointSubject("shop/a"));
    Score failing = scores.of(new EndpointSubject(Traffic.FAILING));
    if (sound.neutral() || sound.raters() != 5 || sound.q30() <= failing.q30()) {
      wrong.add("scores of endpoints: " + sound + " and " + failing);
    }
    for (Map.Entry<Subject, Score> entry : scores.bySubject().entrySet()) {
      // Half a minute of vain requests to the other side is no evidence against it.
      if (entry.getKey() instanceof PeerSubject && entry.getValue().q30() < Score.HALF_Q30) {
        wrong.add("blamed for the split: " + entry);
      }
    }
  }

  /// Time this thread has had a core: a figure that a busy machine does not change much.
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static String describe(long seed, String what) {
    return "seed "
        + seed
        + ": "
        + what
        + "\n  replay: ./mvnw -pl node/simulator -am -Dtest=PartitionSimulationTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed="
        + seed
        + " test";
  }
}

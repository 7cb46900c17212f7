package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.skein.ledger.key.SignatureLibrary;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sixteen nodes in a storm, over many seeds. `-Dsim.seed=17` runs that seed alone,
/// `-Dsim.seeds=1000` more of them, `-Dsim.threads=2` so many at a time.
@Tag("sim")
@Tag("nightly-too")
class StormSimulationTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 60);
  private static final int THREADS = Integer.getInteger("sim.threads", 1);

  // Changes nothing but the time it takes.
  @BeforeAll
  static void useTheFasterLibraryWhereItLoads() {
    SignatureLibrary.useNative();
  }

  @Test
  void everyPromiseIsKeptInEveryStorm() throws InterruptedException {
    long[] seeds =
        System.getProperty("sim.seed") == null
            ? LongStream.rangeClosed(1, SEEDS).toArray()
            : new long[] {Long.getLong("sim.seed")};
    LongAdder busyNanos = new LongAdder();
    List<String> failures = new ArrayList<>();
    Map<Lie, Integer> detections = new EnumMap<>(Lie.class);
    long acknowledged = 0;
    long slowest = 0;
    int reentries = 0;
    int lyingWitnesses = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<StormOutcome>> runs = new ArrayList<>();
      for (long seed : seeds) {
        runs.add(
            pool.submit(() -> {
              long before = cpuNanos();
              StormOutcome outcome = StormOutcome.of(seed);
              busyNanos.add(cpuNanos() - before);
              return outcome;
            }));
      }
      for (int i = 0; i < seeds.length; i++) {
        try {
          StormOutcome outcome = runs.get(i).get();
          outcome.detections().forEach((lie, times) -> detections.merge(lie, times, Integer::sum));
          acknowledged += outcome.acknowledged();
          reentries += outcome.reentries();
          lyingWitnesses += outcome.lyingWitnesses();
          slowest = Math.max(slowest, outcome.equalAfter().toMillis());
          if (!outcome.violations().isEmpty()) {
            failures.add(describe(outcome.storm(), outcome.violations()));
          }
        } catch (ExecutionException e) {
          java.io.StringWriter trace = new java.io.StringWriter();
          e.printStackTrace(new java.io.PrintWriter(trace));
          failures.add(describe(Storm.draw(seeds[i]), List.of(trace.toString())));
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "nightly: storms: %d seeds in %.1f s of one core, %d at a time, %,d records acknowledged, equal at most %d ms"
            + " after the last write, %d re-entries, %d lying witnesses, cheats answered as due: %s%n",
        seeds.length,
        busyNanos.sum() / 1e9,
        THREADS,
        acknowledged,
        slowest,
        reentries,
        lyingWitnesses,
        detections);
    if (!failures.isEmpty()) {
      fail(failures.size() + " of " + seeds.length + " seeds\n" + String.join("\n", failures));
    }
  }

  /// Storms in which something was wrong once.
  @ParameterizedTest
  @ValueSource(longs = {61, 119, 157, 200, 239, 324, 376, 413})
  void whatOnceFailedDoesNotAnyMore(long seed) {
    StormOutcome outcome = StormOutcome.of(seed);
    assertEquals(
        List.of(), outcome.violations(), () -> describe(outcome.storm(), outcome.violations()));
  }

  @Test
  void recordsGoInTheCalmAndWhoeverWasAwayReenters() {
    StormOutcome outcome = StormOutcome.of(Storm.withCalm(5), StormSimulation.Broken.SOUND);
    assertEquals(
        List.of(), outcome.violations(), () -> describe(outcome.storm(), outcome.violations()));
    assertEquals(1, outcome.reentries());
    assertEquals(1, outcome.lyingWitnesses(), "it is this seed's, and everybody has noticed");
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertEquals(StormOutcome.of(7).traceHash(), StormOutcome.of(7).traceHash());
    assertNotEquals(StormOutcome.of(7).traceHash(), StormOutcome.of(8).traceHash());
  }

  /// Time this thread has had a core: a figure that a busy machine does not change much.
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static String describe(Storm storm, List<String> wrong) {
    List<String> some = wrong.subList(0, Math.min(12, wrong.size()));
    return storm
        + "\n  "
        + String.join("\n  ", some)
        + (some.size() < wrong.size() ? "\n  and " + (wrong.size() - some.size()) + " more" : "")
        + "\n  replay: ./mvnw -pl node/simulator -am -Dtest=StormSimulationTest"
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed="
        + storm.seed()
        + " test";
  }
}

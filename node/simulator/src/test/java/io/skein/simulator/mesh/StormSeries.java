package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/// Storms of many seeds, added up. `-Dsim.seed=17` runs that seed alone; `-Dsim.from=61` begins
/// there, so that a series can be gone on with; `-Dsim.threads=2` runs so many at a time. Every
/// [#REPORT_EVERY] seeds it prints what there is so far.
///
/// @param name what the series is called in what it prints
/// @param test the test that runs it, for the command that replays a seed
/// @param draw the storm of a seed
/// @param seeds how many, unless `sim.seed` says which
record StormSeries(String name, String test, LongFunction<Storm> draw, int seeds) {
  private static final int REPORT_EVERY = 10;
  private static final int THREADS = Integer.getInteger("sim.threads", 1);

  /// Runs them all, prints the sums, and fails if a promise was broken.
  void run() throws InterruptedException {
    boolean one = System.getProperty("sim.seed") != null;
    long from = one ? Long.getLong("sim.seed") : Long.getLong("sim.from", 1);
    int count = one ? 1 : seeds;
    AtomicLong busyNanos = new AtomicLong();
    Sums sums = new Sums();
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<StormOutcome>> runs = new ArrayList<>();
      for (long seed = from; seed < from + count; seed++) {
        Storm storm = draw.apply(seed);
        runs.add(
            pool.submit(() -> {
              long before = cpuNanos();
              StormOutcome outcome = StormOutcome.of(storm, StormSimulation.Broken.SOUND);
              busyNanos.addAndGet(cpuNanos() - before);
              return outcome;
            }));
      }
      for (int i = 0; i < count; i++) {
        Storm storm = draw.apply(from + i);
        try {
          StormOutcome outcome = runs.set(i, NOT_KEPT).get();
          sums.add(outcome);
          if (!outcome.violations().isEmpty()) {
            sums.failures.add(describe(storm, outcome.violations()));
          }
        } catch (ExecutionException e) {
          java.io.StringWriter trace = new java.io.StringWriter();
          e.printStackTrace(new java.io.PrintWriter(trace));
          sums.failures.add(describe(storm, List.of(trace.toString())));
        }
        if (i + 1 < count && (i + 1) % REPORT_EVERY == 0) {
          print("so far", from, i + 1, busyNanos.get(), sums);
        }
      }
    }
    print("nightly", from, count, busyNanos.get(), sums);
    if (!sums.failures.isEmpty()) {
      fail(sums.failures.size() + " of " + count + " seeds\n" + String.join("\n", sums.failures));
    }
  }

  // So that a series of any length needs no more memory than one storm.
  private static final Future<StormOutcome> NOT_KEPT =
      java.util.concurrent.CompletableFuture.failedFuture(new IllegalStateException("not kept"));

  private static final class Sums {
    Balance balance = Balance.NOTHING;
    final Map<Lie, Integer> detections = new EnumMap<>(Lie.class);
    final TreeSet<Integer> nodes = new TreeSet<>();
    final List<String> failures = new ArrayList<>();
    long slowestMillis;
    int reentries;
    int lyingWitnesses;

    void add(StormOutcome outcome) {
      balance = balance.plus(outcome.balance());
      outcome.detections().forEach((lie, times) -> detections.merge(lie, times, Integer::sum));
      nodes.add(outcome.storm().nodes());
      slowestMillis = Math.max(slowestMillis, outcome.equalAfter().toMillis());
      reentries += outcome.reentries();
      lyingWitnesses += outcome.lyingWitnesses();
    }
  }

  private void print(String how, long from, int count, long busyNanos, Sums sums) {
    System.out.printf(
        Locale.ROOT,
        "%s: %s: seeds %d to %d of %d to %d nodes in %.1f s of one core, %d at a time: %,d records acknowledged,"
            + " %d lost, %d duplicated, %d unexpected; %d seeds failed; equal at most %d ms after the last"
            + " write, %d re-entries, %d lying witnesses, cheats answered as due: %s%n",
        how,
        name,
        from,
        from + count - 1,
        sums.nodes.isEmpty() ? 0 : sums.nodes.first(),
        sums.nodes.isEmpty() ? 0 : sums.nodes.last(),
        busyNanos / 1e9,
        THREADS,
        sums.balance.acknowledged(),
        sums.balance.lost(),
        sums.balance.duplicated(),
        sums.balance.unexpected(),
        sums.failures.size(),
        sums.slowestMillis,
        sums.reentries,
        sums.lyingWitnesses,
        sums.detections);
  }

  /// Time this thread has had a core: a figure that a busy machine does not change much.
  static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /// A storm, what was wrong with the mesh in it, and the command that shows it again.
  String describe(Storm storm, List<String> wrong) {
    List<String> some = wrong.subList(0, Math.min(12, wrong.size()));
    return storm
        + "\n  "
        + String.join("\n  ", some)
        + (some.size() < wrong.size() ? "\n  and " + (wrong.size() - some.size()) + " more" : "")
        + "\n  replay: ./mvnw -pl node/simulator -am -Dtest="
        + test
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed="
        + storm.seed()
        + " test";
  }
}

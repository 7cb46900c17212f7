package io.skein.chaos.run;

import io.skein.chaos.driver.Cluster;
import io.skein.chaos.driver.ProcessMesh;
import io.skein.chaos.driver.Target;
import io.skein.chaos.history.Header;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Recorder;
import io.skein.chaos.history.Vocabulary;
import io.skein.chaos.nemesis.Nemesis;
import io.skein.chaos.nemesis.Plan;
import io.skein.chaos.workload.Workloads;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// One run: clients begin, the plan is carried out, writing ends, everybody is asked for
/// everything.
final class Run {
  private static final int EQUAL_LIMIT_SECONDS = 60;
  private static final long LEAST_CALM_MILLIS = 2_000;
  private static final long MOST_CALM_MILLIS = 18_000;

  private final Cluster cluster;
  private final Plan plan;
  private final Set<String> workloads;
  private final long seed;
  private final String replay;
  private final Ticker ticker;
  private final long began = System.nanoTime();
  private final Recorder recorder;

  Run(Cluster cluster, Plan plan, Set<String> workloads, long seed, String replay, Ticker ticker) {
    this.cluster = cluster;
    this.plan = plan;
    this.workloads = Set.copyOf(workloads);
    this.seed = seed;
    this.replay = replay;
    this.ticker = ticker;
    this.recorder = new Recorder(this::nanos, Recorder.MOST_EVENTS, ticker::take);
  }

  private long nanos() {
    return System.nanoTime() - began;
  }

  /// Does all of it.
  ///
  /// @param millis how long the clients are at it; towards the end they only read
  Outcome.Course run(long millis) throws IOException, InterruptedException {
    String name = Long.toString(seed, 36) + "r" + Long.toString(System.currentTimeMillis(), 36);
    Workloads clients = new Workloads(recorder, cluster.targets(), workloads, name, seed);
    Nemesis nemesis = new Nemesis(cluster, clients, recorder, seed);
    AtomicBoolean over = new AtomicBoolean();
    Thread counting = Thread.ofVirtual().start(() -> count(over));
    clients.start();
    double equal;
    try {
      nemesis.run(plan, began);
      long left = millis - calmMillis(millis) - nanos() / 1_000_000;
      TimeUnit.MILLISECONDS.sleep(Math.max(left, LEAST_CALM_MILLIS));
      clients.stopWriting();
      ticker.line(nanos(), "writing ends; waiting until all nodes hold the same");
      long ended = nanos();
      equal = clients.awaitEqual(EQUAL_LIMIT_SECONDS);
      long calm = calmMillis(millis) - (nanos() - ended) / 1_000_000;
      TimeUnit.MILLISECONDS.sleep(Math.max(calm, LEAST_CALM_MILLIS));
    } finally {
      over.set(true);
      clients.finish();
      counting.join();
    }
    tellServed();
    if (recorder.dropped() > 0) {
      recorder.info("", Vocabulary.DROPPED, Long.toString(recorder.dropped()));
    }
    Header header =
        new Header(
            seed,
            false,
            cluster.targets().stream().map(Target::name).toList(),
            plan.json().toString(),
            replay);
    History history = History.of(header, recorder.events());
    return new Outcome.Course(
        history, nemesis.done(), nemesis.leftOut(), nemesis.withoutProof(), equal);
  }

  /// How long at the end nobody writes: longer than nodes may take to agree, if the run is.
  static long calmMillis(long millis) {
    return Math.clamp(millis * 3 / 10, LEAST_CALM_MILLIS, MOST_CALM_MILLIS);
  }

  private void tellServed() throws IOException {
    if (cluster instanceof ProcessMesh mesh && workloads.contains("traffic")) {
      for (String line : mesh.served()) {
        if (line.startsWith("{")) {
          recorder.info("", Vocabulary.SERVED, line);
        }
      }
    }
  }

  private void count(AtomicBoolean over) {
    try {
      while (!over.get()) {
        ticker.count(nanos());
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

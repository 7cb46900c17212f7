package io.skein.app.demo;

import ch.qos.logback.classic.Level;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/// The demo: starts a mesh of three regions with six endpoints as separate processes, sends
/// traffic, breaks things at stated seconds and tells what happens.
public final class Demo {
  private static final String FAILING = DemoMesh.SERVICE + "/ap-2";
  private static final String KILLED = DemoMesh.SERVICE + "/eu-1";
  private static final String KILLED_NODE = "ap-1";

  /// Fractions of the duration at which the script acts.
  private static final double FAIL_AT = 10 / 60.0;

  private static final double MEND_AT = 20 / 60.0;
  private static final double KILL_ENDPOINT_AT = 25 / 60.0;
  private static final double START_ENDPOINT_AT = 33 / 60.0;
  private static final double KILL_NODE_AT = 38 / 60.0;
  private static final double START_NODE_AT = 47 / 60.0;

  private final DemoOptions options;
  private final PrintStream talk;
  private final DemoMesh mesh;
  private long startNanos;

  private Demo(DemoOptions options, DemoMesh mesh, PrintStream talk) {
    this.options = options;
    this.mesh = mesh;
    this.talk = talk;
  }

  /// Runs the demo to its end. Returns 0 if it passed, 1 if not.
  static int run(DemoOptions options, PrintStream out, PrintStream talk)
      throws IOException, InterruptedException {
    silenceResets();
    Path folder = Files.createTempDirectory("skein-demo-");
    DemoMesh mesh = new DemoMesh(options, talk, folder);
    Demo demo = new Demo(options, mesh, talk);
    Thread hook = new Thread(() -> mesh.end());
    Runtime.getRuntime().addShutdownHook(hook);
    Vertx vertx = Vertx.vertx();
    try {
      Verdict verdict = demo.play(vertx);
      if (options.json()) {
        out.println(verdict.toJson().encodePrettily());
      } else {
        demo.summary(verdict);
      }
      return verdict.passed() ? 0 : 1;
    } finally {
      mesh.end();
      vertx.close();
    }
  }

  /// The demo breaks its own connections and is no server: what its client says of that is no news.
  private static void silenceResets() {
    if (LoggerFactory.getLogger("io.vertx") instanceof ch.qos.logback.classic.Logger client) {
      client.setLevel(Level.OFF);
    }
  }

  private Verdict play(Vertx vertx) throws IOException, InterruptedException {
    mesh.start();
    banner();

    LoadGenerator load =
        new LoadGenerator(
            vertx,
            DemoMesh.REGIONS.stream().map(mesh::trafficPort).toList(),
            DemoMesh.SERVICE,
            options.rate());
    startNanos = System.nanoTime();
    load.start();
    OptionalDouble setAside = OptionalDouble.empty();
    OptionalDouble forgotten = OptionalDouble.empty();
    try {
      at(FAIL_AT);
      say(FAILING + " starts to fail (every request answers 500)");
      mesh.fail(FAILING, 100);
      reportSetAside(FAILING);
      at(MEND_AT);
      mesh.fail(FAILING, 0);
      say(FAILING + " answers well again; probes will bring it back");

      at(KILL_ENDPOINT_AT);
      say(KILLED + " killed (SIGKILL, pid " + mesh.endpoint(KILLED).pid() + ")");
      mesh.endpoint(KILLED).kill();
      setAside = reportSetAside(KILLED);
      at(START_ENDPOINT_AT);
      mesh.endpoint(KILLED).restart();
      say(KILLED + " started again");

      at(KILL_NODE_AT);
      say("node " + KILLED_NODE + " killed (SIGKILL, pid " + mesh.node(KILLED_NODE).pid() + ")");
      mesh.node(KILLED_NODE).kill();
      forgotten = reportForgotten();
      at(START_NODE_AT);
      mesh.node(KILLED_NODE).restart();
      say("node " + KILLED_NODE + " started again with its data");
      reportReturn();

      if (options.headless()) {
        at(1);
      } else {
        say("the script is over; traffic goes on until Ctrl-C");
        narrateUntilInterrupted(load);
      }
    } finally {
      load.stop();
    }
    load.awaitQuiet(12_000);
    return judge(load, setAside, forgotten);
  }

  // ---- the script ----

  private OptionalDouble reportSetAside(String endpoint) throws InterruptedException {
    long from = System.nanoTime();
    OptionalDouble seconds =
        secondsUntil(
            from,
            () ->
                mesh.apis().values().stream()
                    .allMatch(api -> DemoMesh.quietly(() -> outOf(api, endpoint))));
    seconds.ifPresentOrElse(
        s -> sayf("%s set aside on every node in %.2f s", endpoint, s),
        () -> say(endpoint + " is still routed to after " + OBSERVE_SECONDS + " s"));
    return seconds;
  }

  private static boolean outOf(NodeApi api, String endpoint) throws InterruptedException {
    return api.endpoint(DemoMesh.SERVICE, endpoint)
        .map(view -> "set-aside".equals(view.getString("state")))
        .orElse(false);
  }

  private OptionalDouble reportForgotten() throws InterruptedException {
    long from = System.nanoTime();
    OptionalDouble seconds =
        secondsUntil(
            from,
            () ->
                mesh.apis().entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(KILLED_NODE))
                    .allMatch(entry ->
                        DemoMesh.quietly(() ->
                            !"alive"
                                .equals(entry.getValue().stateOf(KILLED_NODE).orElse("gone")))));
    seconds.ifPresentOrElse(
        s -> sayf("node %s forgotten by its peers in %.2f s", KILLED_NODE, s),
        () -> say("node " + KILLED_NODE + " still counts as alive"));
    return seconds;
  }

  private void reportReturn() throws InterruptedException {
    long from = System.nanoTime();
    secondsUntil(from, RETURN_SECONDS, mesh::complete)
        .ifPresentOrElse(
            s -> sayf("node %s is back in the mesh after %.2f s", KILLED_NODE, s),
            () -> say("node " + KILLED_NODE + " is not back after " + RETURN_SECONDS + " s"));
  }

  private static final int OBSERVE_SECONDS = 10;

  /// A node may have to start without a start-up cache.
  private static final int RETURN_SECONDS = 30;

  private static OptionalDouble secondsUntil(long fromNanos, BooleanSupplier condition)
      throws InterruptedException {
    return secondsUntil(fromNanos, OBSERVE_SECONDS, condition);
  }

  private static OptionalDouble secondsUntil(long fromNanos, int most, BooleanSupplier condition)
      throws InterruptedException {
    while (System.nanoTime() - fromNanos < TimeUnit.SECONDS.toNanos(most)) {
      if (condition.getAsBoolean()) {
        return OptionalDouble.of((System.nanoTime() - fromNanos) / 1e9);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return OptionalDouble.empty();
  }

  private void at(double fraction) throws InterruptedException {
    long due = startNanos + (long) (fraction * options.duration().toNanos());
    long wait = due - System.nanoTime();
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }

  private void narrateUntilInterrupted(LoadGenerator load) throws InterruptedException {
    while (true) {
      long sent = load.sent();
      load.latencies().clear();
      TimeUnit.SECONDS.sleep(10);
      sayf(
          "%d rps, p50 %.1f ms, p99 %.1f ms, %d failures so far",
          (load.sent() - sent) / 10,
          load.latencies().quantileMillis(0.5),
          load.latencies().quantileMillis(0.99),
          load.failed());
    }
  }

  // ---- the end ----

  private Verdict judge(LoadGenerator load, OptionalDouble setAside, OptionalDouble forgotten)
      throws InterruptedException {
    long from = System.nanoTime();
    OptionalDouble settle =
        secondsUntil(
            from,
            () ->
                DemoMesh.quietly(() ->
                    equalEverywhere(NodeApi::headsRoot)
                        && equalEverywhere(NodeApi::reputationRoots)));
    boolean equal = settle.isPresent();
    boolean headsEqual = equal || equalEverywhere(NodeApi::headsRoot);
    boolean reputationEqual = equal || equalEverywhere(NodeApi::reputationRoots);
    Map<String, Long> records = new TreeMap<>();
    for (Map.Entry<String, NodeApi> api : mesh.apis().entrySet()) {
      records.put(api.getKey(), recordCount(api.getValue()));
    }
    load.failureReasons().forEach((reason, n) -> talk.println("failures: " + reason + ": " + n));
    return new Verdict(
        load.sent(),
        load.sent() - load.answered(),
        load.latencies().quantileMillis(0.5),
        load.latencies().quantileMillis(0.9),
        load.latencies().quantileMillis(0.99),
        setAside,
        forgotten,
        records,
        headsEqual,
        reputationEqual,
        settle);
  }

  private static long recordCount(NodeApi api) throws InterruptedException {
    return api.get("/v1/ledger/heads")
        .map(answer ->
            answer.getJsonArray("heads").stream()
                .map(JsonObject.class::cast)
                .mapToLong(head -> head.getLong("seq"))
                .sum())
        .orElse(0L);
  }

  private interface Root {
    java.util.Optional<String> of(NodeApi api) throws InterruptedException;
  }

  private boolean equalEverywhere(Root root) throws InterruptedException {
    String first = null;
    for (NodeApi api : mesh.apis().values()) {
      java.util.Optional<String> value = root.of(api);
      if (value.isEmpty() || (first != null && !first.equals(value.get()))) {
        return false;
      }
      first = value.get();
    }
    return first != null;
  }

  private void summary(Verdict verdict) {
    talk.printf(
        Locale.ROOT,
        "%d requests, %d failures (%.3f %%), p50 %.1f ms, p90 %.1f ms, p99 %.1f ms%n",
        verdict.requests(),
        verdict.failures(),
        verdict.failureRate() * 100,
        verdict.p50(),
        verdict.p90(),
        verdict.p99());
    talk.printf(
        Locale.ROOT,
        "records %s, heads %s, reputation %s: %s%n",
        verdict.records(),
        verdict.headsEqual() ? "equal" : "differ",
        verdict.reputationEqual() ? "equal" : "differs",
        verdict.passed() ? "pass" : "fail");
  }

  // ---- small things ----

  private void banner() {
    double scale = options.duration().toMillis() / 1_000.0;
    talk.printf(
        Locale.ROOT,
        "mesh \"demo\"   3 regions, 3 nodes, %d endpoints, %d rps of real HTTP%n",
        mesh.endpointCount(),
        options.rate());
    talk.printf(
        Locale.ROOT,
        "  dashboard   %s/        traffic  http://127.0.0.1:%d/  (%s is %d x slower)%n",
        mesh.apiBase("eu"),
        mesh.trafficPort("eu"),
        DemoMesh.SLOW,
        (int) DemoMesh.SLOW_FACTOR);
    talk.printf(
        Locale.ROOT,
        "  script      %s failing endpoint  %s mended  %s endpoint killed  %s back  %s node killed"
            + "  %s back%n",
        clock(FAIL_AT * scale),
        clock(MEND_AT * scale),
        clock(KILL_ENDPOINT_AT * scale),
        clock(START_ENDPOINT_AT * scale),
        clock(KILL_NODE_AT * scale),
        clock(START_NODE_AT * scale));
    talk.printf(
        Locale.ROOT,
        "  other shell ./skein%s members | services | reputation | healing | ledger head    stop: Ctrl-C%n",
        options.portOffset() == 0 ? "" : " --api " + mesh.apiBase("eu"));
  }

  private void say(String text) {
    talk.println(clock((System.nanoTime() - startNanos) / 1e9) + "  " + text);
  }

  private void sayf(String format, Object... values) {
    say(String.format(Locale.ROOT, format, values));
  }

  private static String clock(double seconds) {
    return String.format(Locale.ROOT, "%d:%04.1f", (int) seconds / 60, seconds % 60);
  }
}

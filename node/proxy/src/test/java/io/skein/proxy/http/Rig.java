package io.skein.proxy.http;

import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Timeouts;
import io.skein.proxy.web.Web;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.EndpointLoad;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A proxy with one event loop before endpoints of a test.
final class Rig implements AutoCloseable {
  static final RetryBudget FREE =
      new RetryBudget() {
        @Override
        public void request(long nowNanos) {}

        @Override
        public boolean tryRetry(long nowNanos) {
          return true;
        }
      };

  /// Patience enough for a busy machine.
  static final Timeouts PATIENT =
      Timeouts.of(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(60));

  final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  final List<Candidate> candidates = new ArrayList<>();
  final ReceiptRings receipts = ReceiptRings.on(new SplittableRandom(1)::nextLong);
  final ProxyServer proxy;
  volatile RouteTable table = RouteTable.EMPTY;
  int port;

  /// What a test sees of an outcome.
  record Outcome(String candidate, String servedBy, OutcomeKind kind, int status) {}

  Rig(ProxyConfig config, AccessLog log) {
    this(config, log, BufferMemory.ofProcess());
  }

  /// A rig with as much memory for buffers as that says.
  Rig(BufferMemory memory) {
    this(ProxyConfig.DEFAULT, AccessLog.off(), memory);
  }

  private Rig(ProxyConfig config, AccessLog log, BufferMemory memory) {
    proxy =
        new ProxyServer(
            vertx,
            config,
            () -> table,
            (_, candidate, servedBy, kind, status, _, _) ->
                outcomes.add(new Outcome(candidate.id(), servedBy, kind, status)),
            log,
            receipts,
            memory);
    port = await(proxy.listen(new ListenerConfig("test", "127.0.0.1", 0)));
  }

  Rig() {
    this(ProxyConfig.DEFAULT, AccessLog.off());
  }

  /// Clients connect to a listener whose answers name their receipts.
  Rig namingReceipts() {
    port = await(proxy.listen(new ListenerConfig("named", "127.0.0.1", 0, true)));
    return this;
  }

  /// A rig whose only service is served by the endpoints in turn: `e0`, `e1`, …
  static Rig before(Endpoint... endpoints) {
    return new Rig().serve(PATIENT, FREE, targets(endpoints));
  }

  static Target[] targets(Endpoint... endpoints) {
    Target[] targets = new Target[endpoints.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = new Target.EndpointTarget("127.0.0.1", endpoints[i].port());
    }
    return targets;
  }

  Rig serve(Timeouts timeouts, RetryBudget budget, Target... targets) {
    candidates.clear();
    Map<String, Target> map = new LinkedHashMap<>();
    for (int i = 0; i < targets.length; i++) {
      boolean peer = targets[i] instanceof Target.PeerTarget;
      Candidate candidate = candidate((peer ? "p" : "e") + i, peer, true);
      candidates.add(candidate);
      map.put(candidate.id(), targets[i]);
    }
    ServiceRoute route =
        new ServiceRoute("shop", new RoundRobin(candidates), map, timeouts, budget);
    table = new RouteTable(List.of(new RouteTable.Entry(route, List.of(), List.of())));
    return this;
  }

  /// The same service with these rules.
  Rig with(Resilience resilience) {
    ServiceRoute old = table.service("shop").orElseThrow();
    ServiceRoute route =
        new ServiceRoute(
            "shop", old.selector(), old.targets(), old.timeouts(), old.retries(), resilience);
    table = new RouteTable(List.of(new RouteTable.Entry(route, List.of(), List.of())));
    return this;
  }

  /// The same service with that done for browsers.
  Rig with(Web web) {
    ServiceRoute route = table.service("shop").orElseThrow().withWeb(web);
    table = new RouteTable(List.of(new RouteTable.Entry(route, List.of(), List.of())));
    return this;
  }

  /// Makes the policy choose its first candidate, whatever it is asked.
  void ignoreMayForward() {
    ServiceRoute old = table.service("shop").orElseThrow();
    Candidate first = candidates.getFirst();
    ServiceRoute route =
        new ServiceRoute("shop", (_, _, _, _, _) -> first.chosen(), old.targets(), old.timeouts());
    table = new RouteTable(List.of(new RouteTable.Entry(route, List.of(), List.of())));
  }

  static Candidate candidate(String id, boolean peer, boolean usable) {
    return new Candidate(
        id,
        peer ? Candidate.Kind.PEER : Candidate.Kind.ENDPOINT,
        1,
        usable,
        Candidate.NEUTRAL_REPUTATION,
        0,
        new EndpointLoad());
  }

  Client client() throws IOException {
    return new Client(port);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    await(proxy.drain(Duration.ZERO));
    await(vertx.close());
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Selector;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.breaker.BreakerConfig;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.RequestClass;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.random.RandomPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Endpoints that die and come back one after the other, so fast that the breakers of those that
/// are back have not closed when the next one dies. At any time one of three is down at most, and a
/// request lives to see one death at most: none may fail.
@Tag("net")
class KillsInTurnIT {
  private static final int CLIENTS = 12;
  private static final int KILLS = 30;

  /// Requests of every client between two events: what was under way before one is over before the
  /// next.
  private static final int BETWEEN = 3;

  private static final BreakerConfig NERVOUS =
      new BreakerConfig(4_096, 1_024, 4_096, 3, 150_000_000L, 600_000_000L);

  private record Among(LocalFirst chooser, CandidateSet local) implements Selector {
    @Override
    public Decision choose(
        RequestClass request,
        Candidate tried,
        boolean mayForward,
        long nowNanos,
        RandomGenerator random) {
      return chooser.choose(
          request, local, CandidateSet.EMPTY, mayForward, tried, nowNanos, random);
    }

    @Override
    public Decision elsewhere(
        Predicate<Candidate> wanted, boolean mayForward, RandomGenerator random) {
      return chooser.elsewhere(local, CandidateSet.EMPTY, mayForward, wanted, random);
    }
  }

  @Test
  void noSafeRequestFailsWhileTwoOfThreeEndpointsStand() throws Exception {
    Endpoint[] endpoints = new Endpoint[3];
    for (int i = 0; i < endpoints.length; i++) {
      endpoints[i] = Endpoint.named("fine");
    }
    Queue<String> failed = new ConcurrentLinkedQueue<>();
    AtomicInteger running = new AtomicInteger(1);
    AtomicIntegerArray done = new AtomicIntegerArray(CLIENTS);
    try (Rig rig = Rig.before(endpoints)) {
      protect(rig);
      Thread[] clients = new Thread[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) {
        int own = i;
        clients[i] = Thread.ofVirtual().start(() -> ask(rig, own, running, done, failed));
      }
      for (int kill = 0; kill < KILLS && failed.isEmpty(); kill++) {
        int victim = kill % endpoints.length;
        int port = endpoints[victim].port();
        endpoints[victim].close();
        awaitAll(done, failed);
        endpoints[victim] = new Endpoint(port, (_, c) -> c.send(Endpoint.ok("fine")));
        awaitAll(done, failed);
      }
      running.set(0);
      for (Thread client : clients) {
        client.join();
      }
      assertEquals(List.of(), List.copyOf(failed));
      assertTrue(rig.proxy.metrics().service("shop").retries() > 0, "nothing was retried");
    } finally {
      for (Endpoint endpoint : endpoints) {
        endpoint.close();
      }
    }
  }

  private static void protect(Rig rig) {
    ServiceRoute plain = rig.table.service("shop").orElseThrow();
    Map<String, Breaker> breakers = new HashMap<>();
    rig.candidates.forEach(each -> breakers.put(each.id(), new Breaker(NERVOUS)));
    LocalFirst chooser = new LocalFirst(new RandomPolicy(), LocalFirstConfig.DEFAULT);
    ServiceRoute guarded =
        new ServiceRoute(
            "shop",
            new Among(chooser, new CandidateSet(rig.candidates)),
            plain.targets(),
            plain.timeouts(),
            plain.retries(),
            Resilience.NONE.withBreakers(breakers));
    rig.table = new RouteTable(List.of(new RouteTable.Entry(guarded, List.of(), List.of())));
  }

  private static void ask(
      Rig rig, int own, AtomicInteger running, AtomicIntegerArray done, Queue<String> failed) {
    try (Client client = rig.client()) {
      while (running.get() > 0) {
        Client.Answer answer = client.get("/");
        if (answer.status() != 200) {
          failed.add(answer.status() + " " + answer.body());
          return;
        }
        done.incrementAndGet(own);
      }
    } catch (Exception e) {
      failed.add(e.toString());
    }
  }

  private static void awaitAll(AtomicIntegerArray done, Queue<String> failed) {
    int[] wanted = new int[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      wanted[i] = done.get(i) + BETWEEN;
    }
    for (int i = 0; i < CLIENTS; i++) {
      int own = i;
      Rig.until(
          "client " + i + " goes on", () -> !failed.isEmpty() || done.get(own) >= wanted[own]);
    }
  }
}

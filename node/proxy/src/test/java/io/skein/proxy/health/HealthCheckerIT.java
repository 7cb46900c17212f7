package io.skein.proxy.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class HealthCheckerIT {
  private record Result(String endpoint, boolean ok, String detail) {}

  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration PATIENT = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();
  private final LinkedBlockingQueue<Result> results = new LinkedBlockingQueue<>();
  private final HealthChecker checker =
      new HealthChecker(
          vertx, (id, ok, latencyNanos, detail) -> results.add(new Result(id, ok, detail)));
  private final AtomicInteger status = new AtomicInteger(200);

  @AfterEach
  void close() throws Exception {
    checker.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private EndpointTarget endpoint() throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              if (status.get() > 0) {
                request.response().setStatusCode(status.get()).end(request.path());
              }
            })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    return new EndpointTarget("127.0.0.1", server.actualPort());
  }

  private static EndpointTarget dead() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new EndpointTarget("127.0.0.1", socket.getLocalPort());
    }
  }

  private CheckResult probe(EndpointTarget target, Optional<String> path, Duration timeout)
      throws Exception {
    return checker
        .probeOnce(target, path, timeout)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private void await(Result wanted) throws Exception {
    for (Result seen = take(); !seen.equals(wanted); ) {
      seen = take();
    }
  }

  private Result take() throws Exception {
    Result result = results.poll(10, TimeUnit.SECONDS);
    if (result == null) {
      throw new AssertionError("no result in 10 s");
    }
    return result;
  }

  @Test
  void acceptsSuccessAndRedirectionOnly() throws Exception {
    EndpointTarget target = endpoint();
    Optional<String> path = Optional.of("/health");
    for (int good : new int[] {200, 204, 301, 399}) {
      status.set(good);
      assertEquals(good + "true", probe(target, path, PATIENT).detail() + true);
      assertTrue(probe(target, path, PATIENT).ok());
      assertTrue(probe(target, path, PATIENT).latencyNanos() > 0);
    }
    for (int bad : new int[] {404, 500, 503}) {
      status.set(bad);
      assertFalse(probe(target, path, PATIENT).ok());
      assertEquals(Integer.toString(bad), probe(target, path, PATIENT).detail());
    }
    status.set(0);
    CheckResult silent = probe(target, path, Duration.ofMillis(100));
    assertFalse(silent.ok());
    assertEquals("timeout", silent.detail());
    assertTrue(probe(target, Optional.empty(), PATIENT).ok());
    assertFalse(probe(dead(), Optional.empty(), PATIENT).ok());
    assertFalse(probe(dead(), path, PATIENT).ok());
  }

  @Test
  void checksAtIntervalsUntilTheSetChanges() throws Exception {
    Check a = new Check("a", endpoint(), Optional.of("/"), SOON, PATIENT);
    Check b = new Check("b", dead(), Optional.empty(), SOON, PATIENT);
    checker.replace(List.of(a, b));
    await(new Result("a", true, "200"));
    status.set(500);
    await(new Result("a", false, "500"));
    checker.replace(List.of(b));
    results.clear();
    int strays = 0;
    for (int i = 0; i < 5; i++) {
      Result result = take();
      strays += result.endpoint().equals("b") ? 0 : 1;
      assertFalse(result.ok());
    }
    assertTrue(strays <= 1, "one result of `a` may have been on its way while the set changed");
    status.set(200);
    checker.replace(List.of(a));
    await(new Result("a", true, "200"));
  }
}

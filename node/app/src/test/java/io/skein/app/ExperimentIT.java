package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Experiments on two nodes, by real requests to a fast and a slow endpoint.
@Tag("net")
@Timeout(180)
final class ExperimentIT {
  private static final Duration FAST = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofMillis(25);

  @TempDir Path folder;

  private final List<HttpServer> endpoints = new ArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong users = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final List<Thread> clients = new ArrayList<>();
  private MeshOfNodes mesh;
  private Node one;
  private Node two;

  @BeforeEach
  void start() throws Exception {
    mesh = new MeshOfNodes(folder);
    one = mesh.start("eu-1");
    two = mesh.join("eu-2", one, mesh.invite(one, 1, Duration.ofMinutes(5)));
    mesh.await("two members", () -> mesh.stateOf(one, "eu-2").equals("alive"));
    mesh.put(one, "/v1/services/web", new JsonObject().put("policy", "least-request"));
    endpoint("fast", FAST);
    endpoint("slow", SLOW);
    for (Node node : List.of(one, two)) {
      mesh.await("fast", () -> mesh.endpointState(node, "web", "fast").equals("healthy"));
      mesh.await("slow", () -> mesh.endpointState(node, "web", "slow").equals("healthy"));
    }
  }

  @AfterEach
  void stop() throws Exception {
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    mesh.close();
    endpoints.forEach(endpoint -> endpoint.stop(0));
  }

  /// By chance every second request of the treatment goes to the slow endpoint; of the control, few
  /// do.
  @Test
  void aTreatmentThatIsSlowerEndsOnAllNodes() throws Exception {
    route(
        """
        {"services":[{"name":"web"}],
         "experiment":{"name":"try-random","share":0.5,"policy":"random","batch":"200ms",
           "client":{"by":"header","name":"X-User"}}}
        """);
    load(one);
    load(two);

    for (Node node : List.of(one, two)) {
      await("the end on " + node.bound().api(), () -> state(node, "try-random").equals("slower"));
    }
    JsonObject result = experiment(two, "try-random").orElseThrow();
    assertTrue(result.getJsonObject("latency").getDouble("low") > 0.05, result.encode());
    assertEquals(2, result.getInteger("nodes"), result.encode());
    for (Node node : List.of(one, two)) {
      assertTrue(records(node).size() >= 1);
      JsonObject body = records(node).getJsonObject(0).getJsonObject("body");
      assertEquals("slower", body.getString("verdict"));
      assertEquals(result.getString("run"), body.getString("run"));
    }
    // All requests are the control's: nothing is counted any more, and none is told it is treated.
    String explained =
        mesh.send(
                two,
                "POST",
                "/v1/routes/explain",
                new JsonObject().put("path", "/").put("headers", new JsonArray().add("X-User: 1")))
            .body();
    assertTrue(!explained.contains("try-random"), explained);
    assertEquals(0, failures.get());
  }

  @Test
  void twoArmsThatAreTheSameGoOnUntilSomebodyEndsThem() throws Exception {
    route(
        """
        {"services":[{"name":"web"}],
         "experiment":{"name":"same","share":0.5,"policy":"least-request","batch":"200ms",
           "alpha":0.0001,"client":{"by":"header","name":"X-User"}}}
        """);
    load(one);
    load(two);

    await(
        "both nodes' answers",
        () ->
            experiment(one, "same")
                .filter(each -> each.getInteger("nodes") == 2)
                .filter(each -> each.getJsonObject("treatment").getLong("requests") > 2_000)
                .isPresent());
    assertEquals("", state(one, "same"));
    String explained =
        mesh.send(
                two,
                "POST",
                "/v1/routes/explain",
                new JsonObject().put("path", "/").put("headers", new JsonArray().add("X-User: 1")))
            .body();
    assertTrue(explained.contains("experiment same: in the "), explained);
    String metrics = mesh.scrape(one);
    assertTrue(
        metrics.contains(
            "skein_experiment_requests_total{arm=\"treatment\",experiment=\"same\",route=\"all\"}"),
        metrics);

    assertEquals(
        202, mesh.send(two, "POST", "/v1/experiments/same/stop", new JsonObject()).statusCode());
    for (Node node : List.of(one, two)) {
      await("the end", () -> state(node, "same").equals("stopped"));
    }
    assertEquals(
        404, mesh.send(two, "POST", "/v1/experiments/same/stop", new JsonObject()).statusCode());

    // Another one takes its place, and ends when it is taken away.
    route(
        """
        {"services":[{"name":"web"}],
         "experiment":{"name":"other","share":0.5,"alpha":0.0001,"batch":"200ms"}}
        """);
    for (Node node : List.of(one, two)) {
      await("another", () -> experiment(node, "other").isPresent());
    }
    route("{\"services\":[{\"name\":\"web\"}]}");
    for (Node node : List.of(one, two)) {
      await("its end", () -> state(node, "other").equals("changed"));
    }
    assertEquals(0, failures.get());
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < deadline, "not within 60 s: " + what);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void route(String document) throws Exception {
    mesh.put(one, "/v1/routes/all", new JsonObject(document));
  }

  private Optional<JsonObject> experiment(Node node, String name) throws Exception {
    return mesh.get(node, "/v1/experiments/" + name);
  }

  private String state(Node node, String name) throws Exception {
    return experiment(node, name).map(each -> each.getString("verdict")).orElse("none");
  }

  private JsonArray records(Node node) throws Exception {
    return mesh.get(node, "/v1/ledger/search?type=experiment")
        .orElseThrow()
        .getJsonArray("records");
  }

  private void endpoint(String name, Duration time) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          long due = System.nanoTime() + time.toNanos();
          for (long left = time.toNanos(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    endpoints.add(server);
    mesh.put(
        one,
        "/v1/services/web/endpoints/" + name,
        new JsonObject()
            .put("url", "http://127.0.0.1:" + server.getAddress().getPort())
            .put("owner", "region"));
  }

  /// Six clients, each request another user's.
  private void load(Node node) {
    String at = String.valueOf(node.bound().listeners().get("web"));
    for (int i = 0; i < 6; i++) {
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  ask(at);
                } catch (IOException e) {
                  failures.incrementAndGet();
                }
              }));
    }
  }

  private void ask(String at) throws IOException {
    int colon = at.lastIndexOf(':');
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(at.substring(colon + 1)))) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!over.get()) {
        socket
            .getOutputStream()
            .write(
                ("GET / HTTP/1.1\r\nHost: web\r\nX-User: " + users.incrementAndGet() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int c = in.read();
          if (c < 0) {
            throw new IOException("closed");
          }
          head.append((char) c);
        }
        if (!head.toString().startsWith("HTTP/1.1 200 ") || in.readNBytes(2).length != 2) {
          throw new IOException(head.toString());
        }
      }
    }
  }
}

package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What takes an endpoint out of traffic and says why: an operator, failing checks.
@Tag("net")
@Timeout(120)
final class EndpointStatesIT {
  @TempDir Path folder;

  private final List<HttpServer> servers = new ArrayList<>();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger healthOfA = new AtomicInteger(200);
  private MeshOfNodes mesh;
  private Node node;

  @BeforeEach
  void serve() throws Exception {
    mesh = new MeshOfNodes(folder);
    node = mesh.start("eu-1");
    mesh.await("the node is ready", () -> mesh.ready(node));
    mesh.put(
        node,
        "/v1/services/web",
        new JsonObject()
            .put("policy", "round-robin")
            .put("hosts", new JsonArray())
            .put("path", "/")
            .put("health", new JsonObject().put("path", "/health").put("interval", "100ms")));
    for (String name : List.of("a", "b")) {
      mesh.put(
          node,
          "/v1/services/web/endpoints/" + name,
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint(name)));
    }
    mesh.await("both answer", () -> both().equals("ab"));
    mesh.await("both are checked", () -> state("a").equals("healthy") && checks("a").size() > 1);
  }

  @AfterEach
  void stop() {
    release.countDown();
    mesh.close();
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void anEndpointIsDrainedAndTakenBack() throws Exception {
    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> {
          try {
            HttpResponse<String> answer = mesh.request(node, "/held-by-a");
            return answer.body().equals("a") ? answer : mesh.request(node, "/held-by-a");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    assertTrue(held.await(20, TimeUnit.SECONDS));

    assertEquals(202, drain("a", true).statusCode());
    mesh.await("it drains", () -> state("a").equals("draining"));
    for (int i = 0; i < 20; i++) {
      assertEquals("b", mesh.request(node, "/").body());
    }
    assertEquals("by an operator at eu-1", view("a").getString("reason"));
    // Twenty requests that one of two equal endpoints would have got half of.
    String metrics = mesh.scrape(node);
    assertTrue(
        metrics.contains(
            "skein_requests_steered_away_total{reason=\"draining\",service=\"web\"} 10"),
        metrics);
    mesh.await("what it has begun is seen", () -> view("a").getInteger("inFlight") == 1);
    release.countDown();
    assertEquals(200, running.get(20, TimeUnit.SECONDS).statusCode());
    mesh.await("what it had begun is done", () -> view("a").getInteger("inFlight") == 0);

    // Nothing is left: an endpoint that drains is not used in need either.
    assertEquals(202, drain("b", true).statusCode());
    mesh.await("nobody is left", () -> mesh.request(node, "/").statusCode() == 503);

    assertEquals(202, drain("a", false).statusCode());
    mesh.await("it takes requests again", () -> mesh.request(node, "/").statusCode() == 200);
    mesh.await("it is healthy again", () -> state("a").equals("healthy"));
    assertEquals(404, drain("nobody", true).statusCode());
  }

  @Test
  void failingChecksTakeAnEndpointOutAndSayWhy() throws Exception {
    healthOfA.set(503);
    mesh.await("its checks show it", () -> !state("a").equals("healthy"));
    mesh.await(
        "the reason is told",
        () -> {
          String reason = view("a").getString("reason");
          return reason.equals("check failed: 503") || reason.startsWith("failing: ");
        });
    for (int i = 0; i < 20; i++) {
      assertEquals("b", mesh.request(node, "/").body());
    }
    // A check of its own may have come too late on a busy machine: the next one tells.
    List<JsonObject> newest = new ArrayList<>();
    mesh.await(
        "a check tells what was answered",
        () -> {
          newest.add(checks("a").getJsonObject(0));
          return newest.getLast().getString("detail").equals("503");
        });
    assertEquals(false, newest.getLast().getBoolean("ok"));
  }

  private HttpResponse<String> drain(String name, boolean draining) throws Exception {
    return mesh.send(
        node,
        "POST",
        "/v1/services/web/endpoints/" + name + "/drain",
        new JsonObject().put("draining", draining));
  }

  private JsonObject view(String name) throws Exception {
    return mesh.get(node, "/v1/services/web/endpoints/" + name).orElseThrow();
  }

  private String state(String name) throws Exception {
    return mesh.endpointState(node, "web", name);
  }

  private JsonArray checks(String name) throws Exception {
    return view(name).getJsonArray("checks");
  }

  /// Who answers two requests in turn, in the order of names.
  private String both() throws Exception {
    String one = mesh.request(node, "/").body();
    String two = mesh.request(node, "/").body();
    return one.compareTo(two) <= 0 ? one + two : two + one;
  }

  private int endpoint(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(work -> {
          Thread thread = new Thread(work, "endpoint-" + name);
          thread.setDaemon(true);
          return thread;
        }));
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/held-by-" + name)) {
            held.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          boolean check = path.equals("/health") && name.equals("a");
          byte[] body = name.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(check ? healthOfA.get() : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }
}

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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A service that has lost all its endpoints.
@Tag("net")
@Timeout(120)
final class PanicIT {
  @TempDir Path folder;

  private final Map<String, HttpServer> servers = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private MeshOfNodes mesh;
  private Node node;

  @BeforeEach
  void serve() throws Exception {
    mesh = new MeshOfNodes(folder);
    node = mesh.start("eu-1");
    mesh.await("the node is ready", () -> mesh.ready(node));
  }

  @AfterEach
  void stop() {
    mesh.close();
    servers.values().forEach(server -> server.stop(0));
  }

  private void service(JsonObject document) throws Exception {
    mesh.put(
        node,
        "/v1/services/web",
        document.put("policy", "round-robin").put("hosts", new JsonArray()).put("path", "/"));
    for (String name : List.of("a", "b", "c")) {
      start(name);
      mesh.put(
          node,
          "/v1/services/web/endpoints/" + name,
          new JsonObject().put("url", "http://127.0.0.1:" + ports.get(name)));
    }
    mesh.await("it answers", () -> mesh.request(node, "/").statusCode() == 200);
  }

  private void start(String name) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getOrDefault(name, 0)),
            0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    servers.put(name, server);
    ports.put(name, server.getAddress().getPort());
  }

  private void loseAll() throws Exception {
    servers.values().forEach(server -> server.stop(0));
    mesh.await(
        "all are set aside",
        () -> {
          mesh.request(node, "/");
          return state("a").equals("set-aside")
              && state("b").equals("set-aside")
              && state("c").equals("set-aside");
        });
  }

  private String state(String name) throws Exception {
    return mesh.endpointState(node, "web", name);
  }

  private String panic() throws Exception {
    return mesh.get(node, "/v1/services/web")
        .map(service -> service.getString("panic"))
        .orElse("not shown yet");
  }

  @Test
  void theDeadAreTriedSoThatTheFirstRequestAfterTheirReturnIsServed() throws Exception {
    service(new JsonObject());
    mesh.await("there is no panic", () -> panic().isEmpty());
    loseAll();
    mesh.await("it says so", () -> panic().startsWith("0 of 3 endpoints usable, below 50 %"));
    mesh.await(
        "it is tried, and nobody is there",
        () -> {
          HttpResponse<String> answer = mesh.request(node, "/");
          return answer.statusCode() == 503 && answer.body().contains("Exception");
        });

    // Not to where the operator wants nothing sent.
    for (String name : List.of("b", "c")) {
      assertEquals(
          202,
          mesh.send(
                  node,
                  "POST",
                  "/v1/services/web/endpoints/" + name + "/drain",
                  new JsonObject().put("draining", true))
              .statusCode());
    }
    mesh.await("only one is tried", () -> panic().startsWith("0 of 1 endpoints usable"));
    String metrics = mesh.scrape(node);
    assertTrue(metrics.contains("skein_tries_in_panic_total{service=\"web\"}"), metrics);
    assertTrue(metrics.contains("skein_service_panicking{service=\"web\"} 1"), metrics);

    start("a");
    assertEquals(200, mesh.request(node, "/").statusCode());
    mesh.await("it is taken back", () -> state("a").equals("healthy"));
    mesh.await("the panic is over", () -> panic().isEmpty());
  }

  @Test
  void withoutTheRuleNobodyIsTriedWhoIsSetAside() throws Exception {
    service(new JsonObject().put("panic", new JsonObject().put("below", 0)));
    loseAll();
    assertEquals(503, mesh.request(node, "/").statusCode());
    mesh.await("there is no panic", () -> panic().isEmpty());
    start("a");
    mesh.await("it is taken back", () -> state("a").equals("healthy"));
    assertEquals(200, mesh.request(node, "/").statusCode());
  }
}

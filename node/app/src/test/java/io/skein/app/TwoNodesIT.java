package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The life of a small mesh: founded, joined, used, hurt, mended, left.
@Tag("net")
@Timeout(120)
final class TwoNodesIT {
  @TempDir Path folder;

  private MeshOfNodes mesh;
  private HttpServer endpoint;
  private final AtomicReference<Headers> seen = new AtomicReference<>(new Headers());

  @BeforeEach
  void serve() throws IOException {
    mesh = new MeshOfNodes(folder);
    endpoint = endpoint(0);
  }

  @AfterEach
  void stop() {
    mesh.close();
    endpoint.stop(0);
  }

  @Test
  void liveTogether() throws Exception {
    Node one = mesh.start("eu-1", "--mesh-name=pair");
    assertTrue(one.bound().founded());
    assertEquals("pair", one.bound().meshName());
    Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofHours(1)));
    assertFalse(two.bound().founded());
    mesh.await("both see each other", () -> bothSee(one, two, "alive"));

    // A change through one node's API, about an endpoint that only the other reaches.
    int port = endpoint.getAddress().getPort();
    mesh.put(
        two,
        "/v1/services/web",
        new JsonObject()
            .put("policy", "skein")
            .put("hosts", new JsonArray())
            .put("path", "/")
            .put("health", new JsonObject().put("path", "/health"))
            .put("slowAfter", "2s"));
    mesh.put(
        two,
        "/v1/services/web/endpoints/a",
        new JsonObject()
            .put("url", "http://127.0.0.1:" + port)
            .put("owner", "eu-1")
            .put("weight", 1));
    mesh.await(
        "the endpoint is healthy on both",
        () -> endpointIs("healthy", one) && endpointIs("healthy", two));

    mesh.await("the request is forwarded", () -> mesh.request(two, "/x").statusCode() == 200);
    HttpResponse<String> answer = mesh.request(two, "/hello?a=b");
    assertEquals("GET /hello?a=b", answer.body());
    // It went over both nodes, and the endpoint can tell who asked.
    List<String> via = Optional.ofNullable(seen.get().get("Via")).orElseThrow();
    assertEquals(2, String.join(",", via).split("skein", -1).length - 1, via.toString());
    assertEquals("127.0.0.1", seen.get().getFirst("X-Forwarded-For"));
    assertTrue(
        seen.get().getFirst("Forwarded").toLowerCase(Locale.ROOT).contains("for="),
        seen.get().getFirst("Forwarded"));
    assertEquals("GET /direct", mesh.request(one, "/direct").body());

    mesh.await("both hold the same records", () -> mesh.headsRoot(one).equals(mesh.headsRoot(two)));
    assertEquals(64, mesh.headsRoot(one).length());

    // Hurt: one repair, the same for both.
    endpoint.stop(0);
    mesh.await(
        "the dead endpoint is set aside on both",
        () -> {
          int _ = mesh.request(two, "/lost").statusCode();
          return endpointIs("set-aside", one) && endpointIs("set-aside", two);
        });
    mesh.await(
        "both know of the same repair",
        () ->
            repair(one, "set-aside")
                .getString("id")
                .equals(repair(two, "set-aside").getString("id")));
    JsonObject aside = repair(one, "set-aside");
    assertEquals("web/a", aside.getString("subject"));
    assertEquals("heal", recordOf(two, aside).getString("type"));
    assertEquals(503, mesh.request(two, "/lost").statusCode());

    // Mended: restored by a record that names the first as its cause.
    endpoint = endpoint(port);
    mesh.await(
        "the endpoint is restored on both",
        () -> endpointIs("healthy", one) && endpointIs("healthy", two));
    mesh.await("it takes requests again", () -> mesh.request(two, "/again").statusCode() == 200);
    mesh.await(
        "both know of the same end of it",
        () -> !ended(one, aside).isEmpty() && ended(one, aside).equals(ended(two, aside)));

    mesh.stop(one);
    mesh.await("the other is gone", () -> mesh.stateOf(two, "eu-1").equals("left"));
    mesh.await(
        "nobody is there to forward to", () -> mesh.request(two, "/alone").statusCode() == 503);
    assertTrue(mesh.ready(two));
  }

  private boolean bothSee(Node one, Node two, String state) throws Exception {
    return mesh.stateOf(one, "us-1").equals(state) && mesh.stateOf(two, "eu-1").equals(state);
  }

  private boolean endpointIs(String state, Node node) throws Exception {
    return mesh.endpointState(node, "web", "a").equals(state);
  }

  private JsonObject repair(Node node, String action) throws Exception {
    return MeshOfNodes.find(
            mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("actions"), "action", action)
        .orElseThrow();
  }

  /// The repair that names the other as its cause; empty if there is none.
  private String ended(Node node, JsonObject repair) throws Exception {
    return MeshOfNodes.find(
            mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("actions"),
            "cause",
            repair.getString("id"))
        .filter(end -> end.getString("action").equals("restore"))
        .map(end -> end.getString("id"))
        .orElse("");
  }

  private JsonObject recordOf(Node node, JsonObject repair) throws Exception {
    return mesh.get(node, "/v1/ledger/records/" + repair.getString("record")).orElseThrow();
  }

  private HttpServer endpoint(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(work -> {
          Thread thread = new Thread(work, "endpoint");
          thread.setDaemon(true);
          return thread;
        }));
    server.createContext(
        "/",
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals("/health")) {
            seen.set(exchange.getRequestHeaders());
          }
          byte[] body =
              (exchange.getRequestMethod() + " " + exchange.getRequestURI())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}

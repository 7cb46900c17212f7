package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client stays with its endpoint, whichever node it asks and whichever reaches it.
@Tag("net")
@Timeout(120)
final class StickyIT {
  @TempDir Path folder;

  private final List<HttpServer> servers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
    http.close();
  }

  @Test
  void everyNodeHonoursTheCookie() throws Exception {
    try (MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Node one = mesh.start("eu-1");
      Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofHours(1)));
      mesh.put(
          one,
          "/v1/services/web",
          new JsonObject().put("sticky", new JsonObject().put("by", "cookie").put("name", "stay")));
      for (String name : List.of("a", "b", "c")) {
        mesh.put(
            one,
            "/v1/services/web/endpoints/" + name,
            new JsonObject()
                .put("url", "http://127.0.0.1:" + endpoint(name))
                .put("owner", name.equals("c") ? "us-1" : "eu-1"));
      }
      Map<String, String> cookies = new HashMap<>();
      mesh.await(
          "a cookie for each endpoint",
          () -> {
            for (Node node : List.of(one, two)) {
              HttpResponse<String> answer = ask(node, "");
              answer
                  .headers()
                  .firstValue("Set-Cookie")
                  .ifPresent(cookie -> cookies.put(answer.body(), cookie.substring(0, 45)));
            }
            return cookies.size() == 3;
          });
      mesh.await(
          "both nodes know a way to all endpoints, and each other's key",
          () -> {
            for (Node node : List.of(one, two)) {
              for (String name : List.of("a", "b", "c")) {
                if (!ask(node, String.valueOf(cookies.get(name))).body().equals(name)) {
                  return false;
                }
              }
            }
            return ask(one, ask(two, "").headers().firstValue("Set-Cookie").orElse("x=y"))
                .headers()
                .firstValue("Set-Cookie")
                .isEmpty();
          });

      for (Node first : List.of(one, two)) {
        for (int client = 0; client < 10; client++) {
          HttpResponse<String> answer = ask(first, "");
          String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
          assertTrue(cookie.matches("stay=[0-9a-f]{40}; Path=/; HttpOnly; SameSite=Lax"), cookie);
          for (Node node : List.of(one, two, one, two)) {
            HttpResponse<String> again = ask(node, "x=y; " + cookie.substring(0, 45));
            assertEquals(answer.body(), again.body());
            assertTrue(again.headers().firstValue("Set-Cookie").isEmpty(), "told twice");
          }
        }
      }
      // A cookie of no endpoint is replaced.
      HttpResponse<String> forged = ask(one, "stay=" + "0123456789".repeat(4));
      assertEquals(200, forged.statusCode());
      assertTrue(forged.headers().firstValue("Set-Cookie").isPresent());

      // The endpoint goes: its clients move, and are told.
      HttpResponse<String> before = ask(one, "");
      String cookie = before.headers().firstValue("Set-Cookie").orElseThrow().substring(0, 45);
      assertEquals(
          202,
          mesh.send(one, "DELETE", "/v1/services/web/endpoints/" + before.body(), new JsonObject())
              .statusCode());
      mesh.await("its client moves", () -> !ask(two, cookie).body().equals(before.body()));
      HttpResponse<String> after = ask(two, cookie);
      assertNotEquals(
          cookie, after.headers().firstValue("Set-Cookie").orElseThrow().substring(0, 45));
    }
  }

  private HttpResponse<String> ask(Node node, String cookie) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + node.bound().listeners().get("web") + "/"))
            .timeout(Duration.ofSeconds(45));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private int endpoint(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = name.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }
}

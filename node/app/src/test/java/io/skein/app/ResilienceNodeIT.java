package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an operator says of a service's protection holds on a node, and shows.
@Tag("net")
@Timeout(60)
final class ResilienceNodeIT {
  @TempDir Path folder;

  @Test
  void aRateLimitOfTheMeshHoldsAndShows() throws Exception {
    HttpServer endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          byte[] body = "fine".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    endpoint.start();
    try (MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Node node = mesh.start("eu-1");
      JsonObject limit =
          new JsonObject()
              .put("name", "all")
              .put("requests", 1)
              .put("per", "1h")
              .put("burst", 3)
              .put("scope", "mesh");
      mesh.put(node, "/v1/services/web", new JsonObject().put("path", "/"));
      mesh.put(
          node,
          "/v1/services/web/endpoints/a",
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort()));
      mesh.await(
          "the service is there", () -> mesh.endpointState(node, "web", "a").equals("healthy"));

      mesh.await("it is routed to", () -> mesh.request(node, "/").statusCode() == 200);
      mesh.put(
          node,
          "/v1/services/web",
          new JsonObject()
              .put("path", "/")
              .put("rate-limits", new JsonArray().add(limit))
              .put("concurrency", new JsonObject().put("enabled", true)));
      mesh.await(
          "the limit is there",
          () -> get(node, "/metrics").contains("skein_rate_limit_per_second"));
      for (int i = 0; i < 3; i++) {
        assertEquals(200, mesh.request(node, "/").statusCode());
      }
      HttpResponse<String> refused = mesh.request(node, "/");
      assertEquals(429, refused.statusCode());
      assertEquals("rate_limited", refused.headers().firstValue("skein-reason").orElse(""));
      assertTrue(refused.headers().firstValue("retry-after").isPresent());
      assertEquals(
          "\"all\";q=1;w=3600", refused.headers().firstValue("ratelimit-policy").orElse(""));

      String metrics = get(node, "/metrics");
      for (String line :
          new String[] {
            "skein_rate_limit_refused_total{limit=\"all\",service=\"web\"} 1.0",
            "skein_concurrency_limit{service=\"web\"} 100.0",
            "skein_concurrency_in_flight{service=\"web\"} 0.0",
            "skein_concurrency_waiting{service=\"web\"} 0.0",
            "skein_breakers_open{service=\"web\"} 0.0",
            "skein_http_hedges_total{service=\"web\"} 0.0",
            "skein_overload_step 0.0",
            "skein_overload_pressure{resource=\"heap\"}"
          }) {
        assertTrue(metrics.contains(line), () -> line + " in\n" + metrics);
      }
      assertTrue(get(node, "/readyz?verbose").contains("overload"));
    } finally {
      endpoint.stop(0);
    }
  }

  private static String get(Node node, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://" + node.bound().api() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}

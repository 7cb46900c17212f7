package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Routes on a running node, by real requests.
@Tag("net")
@Timeout(120)
final class RoutesIT {
  @TempDir Path folder;

  private final List<HttpServer> endpoints = new ArrayList<>();
  private MeshOfNodes mesh;
  private Node node;

  @BeforeEach
  void start() throws Exception {
    mesh = new MeshOfNodes(folder);
    node = mesh.start("eu-1");
    for (String service : List.of("web", "next")) {
      HttpServer endpoint = endpoint(service);
      endpoints.add(endpoint);
      mesh.put(node, "/v1/services/" + service, new JsonObject());
      mesh.put(
          node,
          "/v1/services/" + service + "/endpoints/a",
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort()));
      mesh.await(service, () -> mesh.endpointState(node, service, "a").equals("healthy"));
    }
  }

  @AfterEach
  void stop() {
    mesh.close();
    endpoints.forEach(endpoint -> endpoint.stop(0));
  }

  @Test
  void requestsGoWhereRoutesSay() throws Exception {
    route("canary", "{\"services\":[{\"name\":\"web\",\"weight\":9},{\"name\":\"next\"}]}");
    route(
        "edits",
        """
        {"match":{"hosts":["edit.example"],"path":{"prefix":"/old"}},
         "services":[{"name":"web"}],
         "rewrite":{"prefix":"/new","host":"inner.example"},
         "request-headers":{"set":[{"name":"X-Set","value":"s"}],
           "add":[{"name":"X-Add","value":"2"}],"remove":["X-Secret"]},
         "response-headers":{"set":[{"name":"X-Answer","value":"changed"}],
           "remove":["X-Inner"]}}
        """);
    route(
        "regex",
        """
        {"match":{"path":{"regex":"/item/([0-9]+)"}},"services":[{"name":"next"}],
         "rewrite":{"regex":"/i/$1/x"}}
        """);
    route(
        "moved",
        """
        {"match":{"path":{"prefix":"/moved"}},
         "redirect":{"scheme":"https","host":"new.example","prefix":"/here","status":308}}
        """);
    route(
        "admin",
        "{\"match\":{\"path\":{\"prefix\":\"/admin\"}},\"answer\":{\"status\":403,\"body\":\"no\"}}");
    route(
        "header",
        """
        {"match":{"headers":[{"name":"X-Canary","exact":"1"}],"query":[{"name":"v","prefix":"2"}]},
         "services":[{"name":"next"}]}
        """);
    mesh.await(
        "the last route", () -> raw("GET /admin HTTP/1.1\r\nHost: x\r\n\r\n").contains("403"));
    mesh.await(
        "the header route",
        () ->
            raw("GET /h?v=23 HTTP/1.1\r\nHost: x\r\nX-Canary: 1\r\n\r\n")
                .contains("next GET /h?v=23"));

    // Weights: 9 to 1, of 2,000 requests 200 ± 5 standard deviations of 13.4.
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      HttpResponse<String> answer = mesh.request(node, "/w");
      counts.merge(answer.body().substring(0, 4).strip(), 1, Integer::sum);
    }
    int canary = counts.getOrDefault("next", 0);
    assertTrue(canary > 133 && canary < 267, counts.toString());
    assertEquals(2_000, canary + counts.getOrDefault("web", 0));

    String edited =
        raw(
            "GET /old/a?b=c HTTP/1.1\r\nHost: edit.example\r\nX-Set: 1\r\nX-Set: 2\r\nX-Add: 1\r\n"
                + "X-Secret: s\r\n\r\n");
    assertTrue(edited.contains("web GET /new/a?b=c"), edited);
    assertTrue(edited.contains("host=[inner.example]"), edited);
    assertTrue(edited.contains("x-forwarded-host=[edit.example]"), edited);
    assertTrue(edited.contains("x-set=[s]"), edited);
    assertTrue(edited.contains("x-add=[1, 2]") || edited.contains("x-add=[2, 1]"), edited);
    assertTrue(!edited.contains("x-secret"), edited);
    assertTrue(edited.toLowerCase(Locale.ROOT).contains("x-answer: changed\r\n"), edited);
    assertTrue(!edited.toLowerCase(Locale.ROOT).contains("x-inner"), edited);

    assertTrue(raw("GET /item/42?q HTTP/1.1\r\nHost: x\r\n\r\n").contains("next GET /i/42/x?q"));

    String moved = raw("GET /moved/a?b HTTP/1.1\r\nHost: x:8080\r\n\r\n");
    assertTrue(moved.startsWith("HTTP/1.1 308 "), moved);
    assertTrue(
        moved.toLowerCase(Locale.ROOT).contains("location: https://new.example/here/a?b\r\n"),
        moved);
    assertTrue(raw("HEAD /admin HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 403 "), "HEAD");
    String denied = raw("POST /admin/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    assertTrue(denied.startsWith("HTTP/1.1 403 ") && denied.endsWith("\r\n\r\nno"), denied);

    String without = raw("GET /h?v=13 HTTP/1.1\r\nHost: x\r\nX-Canary: 1\r\n\r\n");
    assertTrue(without.contains(" GET /h?v=13"), without);

    // Nobody gets past a rule by another spelling.
    for (String trick :
        List.of(
            "/%61dmin",
            "//admin",
            "/x/../admin",
            "/x/%2e%2e/admin",
            "/./admin/",
            "/admin;a=b/c",
            "/admin%2f..",
            "/x/..;/admin",
            "/%2fadmin",
            "/a%5c..%5cadmin",
            "/admin/%2e%2e/admin")) {
      String answer = raw("GET " + trick + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(
          answer.startsWith("HTTP/1.1 403 ") || answer.startsWith("HTTP/1.1 400 "),
          trick + " " + answer);
    }

    JsonObject explained =
        new JsonObject(
            mesh.send(
                    node,
                    "POST",
                    "/v1/routes/explain",
                    new JsonObject()
                        .put("host", "x")
                        .put("path", "/a/../%61dmin?q")
                        .put("headers", new JsonArray().add("X-Canary: 1")))
                .body());
    assertEquals("admin", explained.getString("route"), explained.encode());
    assertEquals("/admin?q", explained.getString("path"));
    assertEquals("answered with 403", explained.getString("verdict"));

    JsonArray routes = mesh.get(node, "/v1/routes").orElseThrow().getJsonArray("routes");
    assertEquals(6, routes.size());
    assertEquals(202, mesh.send(node, "DELETE", "/v1/routes/admin", new JsonObject()).statusCode());
    mesh.await(
        "the route is gone",
        () -> raw("GET /admin HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 200 "));
    assertEquals(404, mesh.send(node, "DELETE", "/v1/routes/admin", new JsonObject()).statusCode());
    HttpResponse<String> wrong =
        mesh.send(node, "PUT", "/v1/routes/bad", new JsonObject("{\"answer\":{\"statu\":1}}"));
    assertEquals(400, wrong.statusCode());
    assertTrue(wrong.body().contains("/answer/statu"), wrong.body());
  }

  @Test
  void copiesGoElsewhereAndNobodyWaitsForThem() throws Exception {
    Map<String, String> copies = new ConcurrentHashMap<>();
    CountDownLatch over = new CountDownLatch(1);
    HttpServer shadow =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoints.add(shadow);
    shadow.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    shadow.createContext(
        "/",
        exchange -> {
          copies.put(
              exchange.getRequestMethod() + " " + exchange.getRequestURI(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    shadow.start();
    try {
      mesh.put(node, "/v1/services/shadow", new JsonObject());
      mesh.put(
          node,
          "/v1/services/shadow/endpoints/a",
          new JsonObject().put("url", "http://127.0.0.1:" + shadow.getAddress().getPort()));
      mesh.await("shadow", () -> mesh.endpointState(node, "shadow", "a").equals("healthy"));
      route(
          "copied",
          """
          {"match":{"path":{"prefix":"/m"}},"services":[{"name":"web"}],
           "rewrite":{"prefix":"/n"},"mirror":{"service":"shadow","max-body":"1KiB"}}
          """);
      mesh.await(
          "the route", () -> raw("GET /m/0 HTTP/1.1\r\nHost: x\r\n\r\n").contains("GET /n/0"));

      String body = "b".repeat(1_000);
      for (int i = 1; i <= 20; i++) {
        String answer =
            raw("POST /m/" + i + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body);
        assertTrue(answer.contains("web POST /n/" + i), answer);
      }
      String chunked =
          raw(
              "POST /m/chunks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
      assertTrue(chunked.contains("web POST /n/chunks"), chunked);
      String tooLong =
          raw(
              "POST /m/long HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n"
                  + "l".repeat(1_025));
      assertTrue(tooLong.contains("web POST /n/long"), tooLong);

      mesh.await("all copies", () -> copies.containsKey("POST /n/chunks") && copies.size() >= 22);
      for (int i = 1; i <= 20; i++) {
        assertEquals(body, copies.get("POST /n/" + i));
      }
      assertEquals("abcde", copies.get("POST /n/chunks"));
      assertTrue(!copies.containsKey("POST /n/long"));
    } finally {
      over.countDown();
    }
  }

  private void route(String name, String document) throws Exception {
    mesh.put(node, "/v1/routes/" + name, new JsonObject(document));
  }

  private String raw(String request) throws IOException {
    try (Socket socket =
        new Socket(
            "127.0.0.1", Objects.requireNonNull(node.bound().listeners().get("web")).port())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          request
              .replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      }
    }
  }

  /// Answers with its name, what was asked, and the fields that came.
  private static HttpServer endpoint(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          StringBuilder text = new StringBuilder(name + " ");
          text.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
          exchange
              .getRequestHeaders()
              .forEach((field, values) ->
                  text.append('\n')
                      .append(field.toLowerCase(Locale.ROOT))
                      .append('=')
                      .append(values));
          byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("X-Inner", "1");
          exchange.getResponseHeaders().add("X-Answer", "1");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}

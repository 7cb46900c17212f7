package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two regions with a node and an endpoint each: what stays, what moves when one loses its
/// endpoints, what is answered when both have, and what a node says of its choice.
@Tag("net")
@Timeout(120)
final class LocalityIT {
  private static final int BEFORE = 1_000;
  private static final int AT_ONCE = 20;
  private static final int AFTER = 60;
  private static final int PER_SECOND = 20;

  @TempDir Path folder;

  private final Map<String, HttpServer> servers = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private final AtomicInteger mostHops = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int status = 200;
  private MeshOfNodes mesh;
  private Node eu;
  private Node us;

  @BeforeEach
  void serve() throws Exception {
    mesh = new MeshOfNodes(folder);
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        """
        listeners:
          - {name: web, bind: "127.0.0.1:0", debug-header: true}
          - {name: plain, bind: "127.0.0.1:0"}
        """);
    eu = mesh.start("eu-1", "--config=" + file);
    us =
        mesh.start(
            "us-1",
            "--config=" + file,
            "--seed=" + eu.bound().mesh(),
            "--token=" + mesh.invite(eu, 1, Duration.ofHours(1)));
    mesh.await("the node may write", () -> mesh.ready(eu) && mesh.ready(us));
    mesh.put(
        eu,
        "/v1/services/web",
        new JsonObject()
            .put("hosts", new JsonArray())
            .put("path", "/")
            .put("health", new JsonObject().put("path", "/health")));
    for (String name : List.of("eu", "us")) {
      start(name);
      mesh.put(
          eu,
          "/v1/services/web/endpoints/" + name,
          new JsonObject()
              .put("url", "http://127.0.0.1:" + ports.get(name))
              .put("owner", name + "-1"));
    }
    mesh.await("both serve at home", () -> homeServes(eu, "eu") && homeServes(us, "us"));
    mesh.await("each may go to the other", () -> mayGoToPeer(eu) && mayGoToPeer(us));
  }

  @AfterEach
  void stop() {
    mesh.close();
    servers.values().forEach(server -> server.stop(0));
  }

  private void start(String name) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.getOrDefault(name, 0)),
            512);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, 200, name));
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          String via =
              String.join(",", exchange.getRequestHeaders().getOrDefault("Via", List.of()));
          mostHops.accumulateAndGet(via.split("skein", -1).length - 1, Math::max);
          answer(exchange, status, name);
        });
    server.start();
    servers.put(name, server);
    ports.put(name, server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private boolean homeServes(Node node, String name) throws Exception {
    HttpResponse<String> answer = mesh.request(node, "/");
    return answer.statusCode() == 200
        && answer.body().equals(name)
        && mesh.endpointState(node, "web", "eu").equals("healthy")
        && mesh.endpointState(node, "web", "us").equals("healthy");
  }

  private boolean mayGoToPeer(Node node) throws Exception {
    HttpResponse<String> explained =
        mesh.send(
            node, "POST", "/v1/routes/explain", new JsonObject().put("host", "x").put("path", "/"));
    return new JsonObject(explained.body())
        .getJsonArray("choices").getJsonObject(0).getJsonArray("candidates").stream()
            .map(JsonObject.class::cast)
            .anyMatch(each -> each.getString("kind").equals("peer"));
  }

  @Test
  void aRegionThatLosesItsEndpointsIsServedByTheOtherAndHardlyARequestFails() throws Exception {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      // What retries may cost is a share of what there was to do before.
      for (int i = 0; i < BEFORE; i += AT_ONCE) {
        List<CompletableFuture<String>> some = new ArrayList<>();
        for (int j = 0; j < AT_ONCE; j++) {
          some.add(ask(client));
        }
        some.forEach(CompletableFuture::join);
        answers.addAll(some);
      }
      Objects.requireNonNull(servers.get("eu")).stop(0);
      long began = System.nanoTime();
      for (int i = 0; i < AFTER; i++) {
        TimeUnit.NANOSECONDS.sleep(
            began + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND - System.nanoTime());
        answers.add(ask(client));
      }
      List<String> by = answers.stream().map(CompletableFuture::join).toList();
      List<String> failed = by.stream().filter(each -> each.length() > 2).toList();
      assertTrue(failed.size() <= (BEFORE + AFTER) / 1_000, failed.toString());
      long home = by.subList(0, BEFORE).stream().filter("eu"::equals).count();
      assertTrue(home >= BEFORE * 0.9, home + " at home of " + BEFORE);
      assertEquals(
          AFTER - failed.size(),
          by.subList(BEFORE, BEFORE + AFTER).stream().filter("us"::equals).count());
      assertTrue(mostHops.get() <= 2, mostHops + " hops");
    }
    mesh.await("it is set aside", () -> mesh.endpointState(eu, "web", "eu").equals("set-aside"));
  }

  private CompletableFuture<String> ask(HttpClient client) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + eu.bound().listeners().get("web") + "/x"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle((answer, failure) ->
            failure != null
                ? failure.toString()
                : answer.statusCode() != 200
                    ? "failed: " + answer.body() + " " + answer.headers().map()
                    : answer.body());
  }

  @Test
  void whereBothRegionsAreDownTheAnswerIs503AndNothingGoesRound() throws Exception {
    // Failing endpoints first, which can tell how a request came.
    status = 500;
    asked.set(0);
    for (int i = 0; i < 20; i++) {
      assertTrue(mesh.request(i % 2 == 0 ? eu : us, "/").statusCode() >= 500);
    }
    assertTrue(mostHops.get() <= 2, mostHops + " hops");
    assertTrue(asked.get() <= 20 * 4, asked + " tries of 20 requests");

    servers.values().forEach(server -> server.stop(0));
    mesh.await(
        "all of some answers in a row are 503, soon",
        () -> {
          for (int i = 0; i < 6; i++) {
            long began = System.nanoTime();
            if (mesh.request(i % 2 == 0 ? eu : us, "/").statusCode() != 503) {
              return false;
            }
            assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(15));
          }
          return true;
        });

    // Who is back is used at once, from both sides.
    status = 200;
    start("us");
    for (Node node : List.of(eu, us)) {
      mesh.await(
          "us serves again",
          () -> {
            HttpResponse<String> answer = mesh.request(node, "/");
            return answer.statusCode() == 200 && answer.body().equals("us");
          });
    }
  }

  @Test
  void aListenerThatMaySaysHowItChoseToWhoAsks() throws Exception {
    mesh.await(
        "the peer is a candidate",
        () -> debug("web", "--http1.1", "skein-debug: 1").contains("; peers="));
    JsonObject explained =
        new JsonObject(
            mesh.send(
                    eu,
                    "POST",
                    "/v1/routes/explain",
                    new JsonObject().put("host", "x").put("path", "/"))
                .body());
    assertEquals(
        Map.of("endpoint", 1.0, "peer", 1.0),
        explained.getJsonArray("choices").getJsonObject(0).getJsonArray("candidates").stream()
            .map(JsonObject.class::cast)
            .collect(
                Collectors.toMap(each -> each.getString("kind"), each -> each.getDouble("weight"))),
        "each is alone on its side");
    for (String protocol : List.of("--http1.1", "--http2-prior-knowledge")) {
      String debug = debug("web", protocol, "skein-debug: 1");
      assertTrue(debug.startsWith("chosen=web/eu; service=web; to-peers=0.0"), debug);
      assertTrue(debug.contains("; here=web/eu cost "), debug);
      assertTrue(debug.contains("; peers="), debug);
      assertTrue(debug.contains("; rule="), debug);
      assertTrue(debug.length() <= 1_024, debug);
      assertFalse(debug.contains("127.0.0.1"), debug);
      assertEquals("", debug("web", protocol, "x-debug: 1"));
      assertEquals("", debug("plain", protocol, "skein-debug: 1"));
    }
  }

  // The probe floor sends one in 33 to the peer, and an event loop explains every 20 ms.
  private String debug(String listener, String protocol, String field) throws Exception {
    String[] found = {""};
    mesh.await(
        "an answer from home",
        () -> {
          Process curl =
              new ProcessBuilder(
                      "curl",
                      "-sS",
                      "-D-",
                      protocol,
                      "-H",
                      field,
                      "http://" + eu.bound().listeners().get(listener) + "/")
                  .redirectErrorStream(true)
                  .start();
          String out = new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
          assertEquals(0, curl.waitFor(), out);
          found[0] =
              out.lines()
                  .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("skein-debug"))
                  .map(line -> line.substring("skein-debug: ".length()))
                  .findFirst()
                  .orElse("");
          return out.endsWith("\neu") && !found[0].contains("not now");
        });
    return found[0];
  }
}

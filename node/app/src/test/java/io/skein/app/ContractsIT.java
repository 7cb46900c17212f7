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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes, three endpoints that all of them reach, and a contract that one endpoint breaks.
@Tag("net")
@Timeout(180)
final class ContractsIT {
  private static final long SLOW_MILLIS = 1_000;
  private static final int CLIENTS = 5;

  @TempDir Path folder;

  private final Map<String, AtomicLong> pauses = new HashMap<>();
  private final Map<String, AtomicLong> served = new HashMap<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<Thread> clients = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private MeshOfNodes mesh;
  private volatile boolean sending = true;

  @BeforeEach
  void start() throws Exception {
    mesh = new MeshOfNodes(folder);
    nodes.add(mesh.start("eu-1", "--window=300ms"));
    String token = mesh.invite(nodes.getFirst(), 8, Duration.ofMinutes(5));
    nodes.add(mesh.join("eu-2", nodes.getFirst(), token));
    nodes.add(mesh.join("eu-3", nodes.getFirst(), token));
    for (Node node : nodes) {
      mesh.await("the node is ready", () -> mesh.ready(node));
    }
    mesh.put(
        nodes.getFirst(),
        "/v1/services/web",
        new JsonObject()
            .put("policy", "round-robin")
            // So that only the contract minds a slow one.
            .put("slowAfterMillis", 60_000)
            .put("hosts", new JsonArray())
            .put("path", "/"));
    for (String name : List.of("a", "b", "c")) {
      mesh.put(
          nodes.getFirst(),
          "/v1/services/web/endpoints/" + name,
          new JsonObject().put("url", serve(name)).put("owner", "region"));
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    sending = false;
    for (Thread client : clients) {
      client.join(Duration.ofSeconds(10));
    }
    mesh.close();
    servers.forEach(server -> server.stop(0));
  }

  private String serve(String name) throws IOException {
    AtomicLong pause = new AtomicLong();
    AtomicLong count = new AtomicLong();
    pauses.put(name, pause);
    served.put(name, count);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          count.incrementAndGet();
          try {
            TimeUnit.MILLISECONDS.sleep(pause.get());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void send() {
    for (Node node : nodes) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            Thread.ofVirtual()
                .start(() -> {
                  while (sending) {
                    try {
                      mesh.request(node, "/");
                      TimeUnit.MILLISECONDS.sleep(10);
                    } catch (Exception e) {
                      return;
                    }
                  }
                }));
      }
    }
  }

  private JsonObject contract(Node node) throws Exception {
    return mesh.get(node, "/v1/contracts/fast").orElseGet(JsonObject::new);
  }

  private Map<String, String> states(Node node) throws Exception {
    Map<String, String> states = new HashMap<>();
    contract(node)
        .getJsonArray("subjects", new JsonArray())
        .forEach(each -> {
          JsonObject subject = (JsonObject) each;
          states.put(subject.getString("subject"), subject.getString("state"));
        });
    return states;
  }

  private String explained(Node node) throws Exception {
    HttpResponse<String> answer =
        mesh.send(
            node,
            "POST",
            "/v1/routes/explain",
            new JsonObject().put("host", "web").put("path", "/"));
    assertEquals(200, answer.statusCode(), answer.body());
    JsonObject choice = new JsonObject(answer.body()).getJsonArray("choices").getJsonObject(0);
    return MeshOfNodes.find(choice.getJsonArray("candidates"), "id", "web/b")
        .map(candidate -> candidate.getString("state"))
        .orElse("");
  }

  private double score(Node node, String endpoint) throws Exception {
    JsonObject reputation = mesh.get(node, "/v1/reputation").orElseThrow();
    return MeshOfNodes.find(reputation.getJsonArray("subjects"), "subject", endpoint)
        .map(subject -> Double.parseDouble(String.valueOf(subject.getValue("score"))))
        .orElse(Double.NaN);
  }

  @Test
  void aSlowEndpointIsPenalisedAndKeptOutOnAllNodesAndReturns() throws Exception {
    send();
    refusedWithPlaceAndReason();
    JsonObject document =
        new JsonObject()
            .put("service", "web")
            .put("require", "p50_ms <= 600")
            .put("windows", 10)
            .put("holding", 8)
            .put("penalty", 0.2)
            .put("quarantine", "3s");
    mesh.put(nodes.getLast(), "/v1/contracts/fast", document);
    for (Node node : nodes) {
      mesh.await("it holds", () -> "holds".equals(states(node).get("web/b")));
    }
    Objects.requireNonNull(pauses.get("b")).set(SLOW_MILLIS);
    Set<Node> saw = new HashSet<>();
    Set<Node> explained = ConcurrentHashMap.newKeySet();
    mesh.await(
        "all nodes keep it out",
        () -> {
          for (Node node : nodes) {
            if ("quarantined".equals(states(node).get("web/b"))) {
              saw.add(node);
            }
            if (explained(node).equals("quarantined")) {
              explained.add(node);
            }
          }
          return saw.size() == nodes.size() && explained.size() == nodes.size();
        });
    mesh.await(
        "the penalty is in its score",
        () -> score(nodes.getFirst(), "web/b") < score(nodes.getFirst(), "web/a") - 0.15);
    assertEquals("holds", states(nodes.getFirst()).get("web/a"));
    assertEquals("broken", contract(nodes.getFirst()).getString("state"));

    Objects.requireNonNull(pauses.get("b")).set(0);
    for (Node node : nodes) {
      mesh.await("it holds again", () -> "holds".equals(states(node).get("web/b")));
      mesh.await("it is routed to again", () -> explained(node).equals("usable"));
    }
    long before = Objects.requireNonNull(served.get("b")).get();
    mesh.await(
        "it serves again", () -> Objects.requireNonNull(served.get("b")).get() > before + 20);

    sending = false;
    mesh.await(
        "equal records give equal verdicts",
        () -> {
          Set<String> roots = new HashSet<>();
          Set<JsonArray> findings = new HashSet<>();
          Set<String> reputations = new HashSet<>();
          for (Node node : nodes) {
            roots.add(mesh.headsRoot(node));
            findings.add(contract(node).getJsonArray("subjects"));
            reputations.add(mesh.get(node, "/v1/reputation").orElseThrow().getString("repRoot"));
          }
          return roots.size() == 1 && findings.size() == 1 && reputations.size() == 1;
        });

    assertEquals(
        202,
        mesh.send(nodes.get(1), "DELETE", "/v1/contracts/fast", new JsonObject()).statusCode());
    for (Node node : nodes) {
      mesh.await("it is gone", () -> contract(node).isEmpty());
    }
  }

  private void refusedWithPlaceAndReason() throws Exception {
    Node node = nodes.getFirst();
    JsonObject wrong = new JsonObject().put("service", "web").put("require", "p99_mss <= 200");
    HttpResponse<String> answer = mesh.send(node, "PUT", "/v1/contracts/fast", wrong);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("1:1: undeclared reference to 'p99_mss'"), answer.body());
    assertTrue(answer.body().contains("\"/require\""), answer.body());
    JsonObject key = new JsonObject().put("service", "web").put("requires", "true");
    String hint = mesh.send(node, "PUT", "/v1/contracts/fast", key).body();
    assertTrue(hint.contains("did you mean 'require'"), hint);
    assertEquals(
        404, mesh.send(node, "DELETE", "/v1/contracts/fast", new JsonObject()).statusCode());
  }
}

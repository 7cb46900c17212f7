package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A contract in a real process, from the distribution: the library comes with the first contract
/// and not before, a slow endpoint is penalised, kept out, and returns.
@Tag("process")
@Timeout(300)
final class ContractProcessTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String EXPLAIN = "{\"host\":\"web\",\"path\":\"/\"}";

  @TempDir Path folder;

  private final Map<String, Long> pauses = new ConcurrentHashMap<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private volatile boolean sending = true;

  @AfterEach
  void stop() {
    sending = false;
    servers.forEach(server -> server.stop(0));
  }

  private String serve(String name) throws IOException {
    pauses.put(name, 0L);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try {
            TimeUnit.MILLISECONDS.sleep(pauses.get(name));
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

  private void send(ApiProbe probe) {
    for (int i = 0; i < 5; i++) {
      Thread.ofVirtual()
          .start(() -> {
            while (sending) {
              try {
                probe.request();
                TimeUnit.MILLISECONDS.sleep(10);
              } catch (InterruptedException e) {
                return;
              }
            }
          });
    }
  }

  private static String state(ApiProbe probe, String endpoint) throws InterruptedException {
    JsonNode contract = probe.get("/v1/contracts/fast").orElseThrow();
    for (JsonNode subject : contract.get("subjects")) {
      if (subject.get("subject").asText().equals(endpoint)) {
        return subject.get("state").asText();
      }
    }
    return "";
  }

  private static String explained(ApiProbe probe, String endpoint) throws InterruptedException {
    String answer;
    try {
      answer = probe.send("POST", "/v1/routes/explain", EXPLAIN).body();
    } catch (IOException e) {
      return e.toString();
    }
    int at = answer.indexOf("\"" + endpoint + "\"");
    if (at < 0) {
      return "";
    }
    int state = answer.indexOf("\"state\":\"", at) + 9;
    return answer.substring(state, answer.indexOf('"', state));
  }

  private static double score(ApiProbe probe, String endpoint) throws InterruptedException {
    for (JsonNode subject : probe.get("/v1/reputation").orElseThrow().get("subjects")) {
      if (subject.get("subject").asText().equals(endpoint)) {
        return subject.get("score").asDouble();
      }
    }
    return -1;
  }

  private static boolean opened(NodeProcess node) throws IOException {
    try (var files = Files.list(Path.of("/proc/" + node.pid() + "/fd"))) {
      return files.anyMatch(file -> {
        try {
          return Files.readSymbolicLink(file).toString().contains("/lib/contracts/");
        } catch (IOException e) {
          return false;
        }
      });
    }
  }

  @Test
  void aSlowEndpointIsKeptOutAndReturnsAndTheLibraryComesWithTheContract() throws Exception {
    try (NodeProcess node = NodeProcess.start(folder, "eu-1", List.of("--window=500ms"))) {
      node.awaitReady();
      ApiProbe probe = node.probe();
      assertTrue(
          probe
              .put(
                  "/v1/services/web",
                  "{\"policy\":\"round-robin\",\"slowAfterMillis\":60000,\"hosts\":[],\"path\":\"/\"}")
              .isPresent());
      for (String name : List.of("a", "b", "c")) {
        probe.put("/v1/services/web/endpoints/" + name, "{\"url\":\"" + serve(name) + "\"}");
      }
      send(probe);
      assertFalse(opened(node), "no contract yet");
      assertTrue(
          probe
              .put(
                  "/v1/contracts/fast",
                  "{\"service\":\"web\",\"require\":\"p50_ms <= 600\",\"windows\":10,\"holding\":8,"
                      + "\"penalty\":0.2,\"quarantine\":\"5s\"}")
              .isPresent());
      assertTrue(opened(node));
      Await.seconds("it holds", SOON, () -> state(probe, "web/b").equals("holds"));

      pauses.put("b", 1_000L);
      Await.seconds("it is kept out", SOON, () -> explained(probe, "web/b").equals("quarantined"));
      Await.seconds("it is penalised", SOON, () -> score(probe, "web/b") < 0.31);
      assertEquals("usable", explained(probe, "web/a"));

      pauses.put("b", 0L);
      Await.seconds("it returns", SOON, () -> explained(probe, "web/b").equals("usable"));
      Await.seconds("it holds again", SOON, () -> state(probe, "web/b").equals("holds"));
      Await.seconds("the penalty is over", SOON, () -> score(probe, "web/b") > 0.45);
    }
  }
}

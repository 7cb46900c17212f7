package io.skein.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An endpoint is drained and taken back, then every node of a mesh is restarted, one after the
/// other, under clients that repeat nothing: not one request fails.
@Tag("process")
@Timeout(300)
class RollingRestartTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int CLIENTS = 6;

  @TempDir Path folder;

  private final List<NodeProcess> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(NodeProcess::close);
  }

  @Test
  void noRequestFailsWhileEverythingIsReplaced() throws Exception {
    try (HeldEndpoint one = new HeldEndpoint();
        HeldEndpoint two = new HeldEndpoint()) {
      nodes.add(NodeProcess.start(folder, "a", List.of()));
      nodes.getFirst().awaitReady();
      String token = nodes.getFirst().probe().invite(2, 600);
      for (String name : List.of("b", "c")) {
        nodes.add(NodeProcess.join(folder, name, nodes.getFirst(), token));
        nodes.getLast().awaitReady();
      }
      ApiProbe api = nodes.getFirst().probe();
      assertTrue(api.put("/v1/services/hello", "{\"policy\":\"skein\"}").isPresent());
      endpoint(api, "one", one.url());
      endpoint(api, "two", two.url());
      for (NodeProcess node : nodes) {
        Await.seconds("all serve", SOON, () -> serves(node));
      }

      AtomicLong answered = new AtomicLong();
      Queue<String> failures = new ConcurrentLinkedQueue<>();
      List<SteadyClient> clients = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SteadyClient client = new SteadyClient(nodes, i, answered, failures);
        clients.add(client);
        threads.add(Thread.ofVirtual().start(client));
      }
      more(answered, 200);

      drain(api, "one", true);
      Await.seconds("one drains", SOON, () -> state(api, "one").equals("draining"));
      more(answered, 200);
      drain(api, "one", false);
      Await.seconds("one is back", SOON, () -> state(api, "one").equals("healthy"));
      more(answered, 200);

      for (NodeProcess node : nodes) {
        node.terminate();
        assertEquals(0, node.awaitExit(SOON), node::log);
        node.restart();
        node.awaitReady();
        Await.seconds("it serves again", SOON, () -> serves(node));
        more(answered, 200);
      }

      clients.forEach(SteadyClient::stop);
      for (Thread thread : threads) {
        thread.join(SOON);
      }
      System.out.printf(
          "rolling restart: %d requests answered, %d failed%n", answered.get(), failures.size());
      assertEquals(List.of(), List.copyOf(failures));
    }
  }

  private static void more(AtomicLong answered, int count) throws InterruptedException {
    long from = answered.get();
    Await.seconds(count + " more answers", SOON, () -> answered.get() >= from + count);
  }

  private static boolean serves(NodeProcess node) throws InterruptedException {
    return state(node.probe(), "one").equals("healthy")
        && state(node.probe(), "two").equals("healthy");
  }

  private static void endpoint(ApiProbe api, String name, String url) throws InterruptedException {
    assertTrue(
        api.put(
                "/v1/services/hello/endpoints/" + name,
                "{\"url\":\"" + url + "\",\"owner\":\"region\"}")
            .isPresent());
  }

  private static void drain(ApiProbe api, String name, boolean draining)
      throws IOException, InterruptedException {
    assertEquals(
        202,
        api.send(
                "POST",
                "/v1/services/hello/endpoints/" + name + "/drain",
                "{\"draining\":" + draining + "}")
            .statusCode());
  }

  private static String state(ApiProbe api, String name) throws InterruptedException {
    return api.get("/v1/services/hello/endpoints/" + name)
        .map(view -> view.get("state").asText())
        .orElse("");
  }
}

package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.app.config.NodeConfig;
import io.skein.app.config.RetentionConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real nodes that keep records for seconds only: what may go goes when every live member has it,
/// is proved all the same, and a node that was away for longer comes back.
@Tag("net")
@Timeout(600)
final class RetentionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(240);
  private static final RetentionConfig SECONDS =
      new RetentionConfig(Duration.ofSeconds(1), 1L << 30, Duration.ofSeconds(1));

  private static final List<Node> STARTED = new ArrayList<>();

  @TempDir static Path folder;

  private static MeshOfNodes mesh;
  private static Node first;
  private static Node second;
  private static Node back;
  private static HttpServer endpoint;
  private static String joined = "";

  @BeforeAll
  static void recordsGo() throws Exception {
    mesh = new MeshOfNodes(folder);
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    endpoint.start();
    first = start("eu-1", "--window=100ms");
    String token = mesh.invite(first, 4, Duration.ofMinutes(10));
    String seed = "--seed=" + first.bound().mesh();
    second = start("us-1", seed, "--token=" + token);
    Node third = start("ap-1", seed, "--token=" + token);
    mesh.await("all are ready", () -> mesh.ready(second) && mesh.ready(third));
    joined = join("us-1").getString("hash");
    mesh.await("equal heads", () -> mesh.headsRoot(third).equals(mesh.headsRoot(first)));
    STARTED.remove(third);
    third.stop();
    mesh.put(
        first, "/v1/services/web", new JsonObject().put("hosts", new JsonArray().add("127.0.0.1")));
    mesh.put(
        first,
        "/v1/services/web/endpoints/a",
        new JsonObject()
            .put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort())
            .put("owner", "eu-1"));
    mesh.await("the route is there", () -> mesh.request(second, "/").statusCode() == 204);
    whileRequested("cuts of both feeds by both nodes", () -> cuts(first) >= 2 && cuts(second) >= 2);
    back = start("ap-1", seed);
    whileRequested(
        "who was away has what is left",
        () -> cuts(back) >= 2 && records(back) >= records(first) - 50);
  }

  private static Node start(String name, String... more) throws StartFailed {
    NodeConfig plain = mesh.config(name, more);
    Node node =
        Node.start(
            new NodeConfig(
                plain.node(),
                plain.mesh(),
                plain.api(),
                plain.listeners(),
                plain.services(),
                plain.proxy(),
                plain.receipts(),
                SECONDS,
                plain.drain(),
                plain.accessLog(),
                plain.log()),
            "test");
    STARTED.add(node);
    return node;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /// Requests make measurements and receipts, and these make checkpoints.
  private static void whileRequested(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not within " + PATIENCE + ": " + what + mesh.get(first, "/v1/ledger"));
      }
      mesh.request(first, "/");
      mesh.request(second, "/");
      TimeUnit.MILLISECONDS.sleep(30); // a request or two in each window
    }
  }

  @AfterAll
  static void stop() {
    STARTED.reversed().forEach(Node::stop);
    mesh.close();
    endpoint.stop(0);
  }

  private static JsonObject ledger(Node node) throws Exception {
    return mesh.get(node, "/v1/ledger").orElseThrow();
  }

  private static long records(Node node) throws Exception {
    return ledger(node).getLong("records");
  }

  private static int cuts(Node node) throws Exception {
    return ledger(node).getJsonObject("retention").getJsonArray("cuts").size();
  }

  /// The record by which a node joined.
  private static JsonObject join(String name) throws Exception {
    JsonArray joins =
        mesh.get(first, "/v1/ledger/search?type=join").orElseThrow().getJsonArray("records");
    String id =
        MeshOfNodes.find(
                mesh.get(first, "/v1/members").orElseThrow().getJsonArray("members"), "name", name)
            .orElseThrow()
            .getString("id");
    return MeshOfNodes.find(joins, "author", id).orElseThrow();
  }

  @Test
  void theNodeSaysWhatItKeepsAndWhy() throws Exception {
    JsonObject retention = ledger(first).getJsonObject("retention");
    assertEquals(1_000, retention.getLong("ageMillis"));
    assertEquals(64 * 100 + 1_000, retention.getLong("floorMillis"));
    assertTrue(retention.getLong("freedBytes") > 0, retention.encode());
    Ran ran = skein("ledger", "--api", "http://" + first.bound().api());
    assertEquals(0, ran.code(), ran.output());
    assertTrue(ran.output().contains("who belongs to the mesh"), ran.output());
    assertTrue(ran.output().contains("eu-1"), ran.output());
  }

  @Test
  void aRecordBeforeTheCutIsProvedByWhoeverHasCut() throws Exception {
    for (Node node : List.of(first, back)) {
      Optional<JsonObject> proof = mesh.get(node, "/v1/ledger/proofs/inclusion?hash=" + joined);
      Path file = folder.resolve(node.bound().api().port() + ".json");
      Files.writeString(file, proof.orElseThrow().encode());
      String meshId =
          mesh.get(first, "/v1/node").orElseThrow().getJsonObject("mesh").getString("id");
      Ran ran = skein("ledger", "verify", "--proof", file.toString(), "--mesh", meshId);
      assertEquals(0, ran.code(), ran.output());
      assertTrue(ran.output().startsWith("valid: join " + joined), ran.output());
    }
  }

  @Test
  void aTreeFromBeforeTheCutIsExtendedByTheOneOfNow() throws Exception {
    JsonObject cut = ledger(first).getJsonObject("retention").getJsonArray("cuts").getJsonObject(0);
    String question =
        "/v1/ledger/proofs/consistency?author="
            + cut.getString("author")
            + "&epoch="
            + cut.getString("epoch")
            + "&from=1&to="
            + cut.getLong("head");
    mesh.await("it has that tree too", () -> mesh.get(back, question).isPresent());
    JsonObject proof = mesh.get(back, question).orElseThrow();
    assertTrue(proof.getJsonArray("hashes").size() > 2, proof.encode());
  }

  @Test
  void whoWasAwayKnowsMembersAndServicesAndWritesAgain() throws Exception {
    mesh.await("it is ready", () -> mesh.ready(back));
    for (String name : List.of("eu-1", "us-1", "ap-1")) {
      mesh.await(name, () -> mesh.stateOf(back, name).equals("alive"));
    }
    mesh.await("the service", () -> mesh.request(back, "/").statusCode() == 204);
    mesh.put(back, "/v1/services/other", new JsonObject().put("policy", "round-robin"));
    mesh.await(
        "its record everywhere",
        () ->
            MeshOfNodes.find(
                    mesh.get(first, "/v1/services").orElseThrow().getJsonArray("services"),
                    "name",
                    "other")
                .isPresent());
  }

  private record Ran(int code, String output) {}

  private static Ran skein(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.skein.cli.Main"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }
}

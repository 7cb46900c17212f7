package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.app.config.HostPort;
import io.skein.app.config.ListenerConfig;
import io.skein.app.config.NodeConfig;
import io.skein.ledger.receipt.Receipt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Receipts of a real node's requests, from the answer's header to the signed record.
@Tag("net")
@Timeout(120)
final class ReceiptsIT {
  /// Its port is taken, so that nobody else listens there, but nobody does.
  private static final Socket DEAD = new Socket();

  @TempDir static Path folder;

  private static MeshOfNodes mesh;
  private static Node node;
  private static HttpServer endpoint;

  @BeforeAll
  static void start() throws Exception {
    mesh = new MeshOfNodes(folder);
    NodeConfig plain = mesh.config("eu-1");
    node =
        Node.start(
            new NodeConfig(
                plain.node(),
                plain.mesh(),
                plain.api(),
                List.of(new ListenerConfig("web", new HostPort("127.0.0.1", 0), true)),
                plain.services(),
                plain.proxy(),
                plain.receipts(),
                plain.retention(),
                plain.drain(),
                plain.accessLog(),
                plain.log()),
            "test");
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    endpoint.start();
    DEAD.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    mesh.await("the node may write", () -> mesh.ready(node));
    for (String name : List.of("sound", "empty", "broken", "half")) {
      mesh.put(
          node,
          "/v1/services/" + name,
          new JsonObject()
              .put("policy", "round-robin")
              .put("hosts", new JsonArray().add("127.0.0.1"))
              .put("path", "/" + name));
    }
    put("broken", "a", DEAD.getLocalPort());
    put("half", "a", DEAD.getLocalPort());
    put("half", "b", endpoint.getAddress().getPort());
    // The last, so that whoever is sent there has all the others too.
    put("sound", "a", endpoint.getAddress().getPort());
    mesh.await("routes are there", () -> mesh.request(node, "/sound").statusCode() == 200);
  }

  private static void put(String service, String name, int port) throws Exception {
    mesh.put(
        node,
        "/v1/services/" + service + "/endpoints/" + name,
        new JsonObject().put("url", "http://127.0.0.1:" + port).put("owner", "eu-1"));
  }

  @AfterAll
  static void stop() {
    node.stop();
    mesh.close();
    endpoint.stop(0);
  }

  private static String id(HttpResponse<String> answer) {
    return answer.headers().firstValue("Skein-Receipt").orElseThrow();
  }

  private static JsonObject receipt(String id) throws Exception {
    mesh.await("the receipt", () -> mesh.get(node, "/v1/receipts/" + id).isPresent());
    return mesh.get(node, "/v1/receipts/" + id).orElseThrow();
  }

  private static JsonObject recorded(String id) throws Exception {
    mesh.await("its record", () -> receipt(id).getString("state").equals("recorded"));
    return receipt(id);
  }

  @Test
  void aReceiptTellsOfSuccessAndIsUnderASignedRoot() throws Exception {
    Instant before = Instant.now().minusSeconds(1);
    String id = id(mesh.request(node, "/sound/x"));
    JsonObject receipt = recorded(id);
    assertEquals("skein-receipt-1", receipt.getString("format"));
    assertEquals("sound", receipt.getString("service"));
    assertEquals("sound/a", receipt.getString("endpoint"));
    assertEquals("", receipt.getString("peer"));
    assertEquals("safe", receipt.getString("method"));
    assertEquals("ok", receipt.getString("reason"));
    assertEquals(200, receipt.getInteger("status"));
    assertEquals(1, receipt.getInteger("tries"));
    assertEquals(5, receipt.getInteger("bytesOut"));
    Instant start = Instant.parse(receipt.getString("start"));
    assertTrue(
        start.isAfter(before) && start.isBefore(Instant.now().plusSeconds(1)), start.toString());
    Receipt leaf = Receipt.decode(Base64.getDecoder().decode(receipt.getString("leaf")));
    assertEquals(id, leaf.id().toString());
    assertEquals(receipt.getLong("latencyMicros"), leaf.latencyMicros());

    JsonObject record =
        mesh.get(node, "/v1/ledger/records/" + receipt.getString("record")).orElseThrow();
    assertEquals("receipts", record.getString("type"));
    assertEquals(receipt.getString("root"), record.getJsonObject("body").getString("root"));
    assertEquals(receipt.getLong("size"), record.getJsonObject("body").getLong("count"));
    assertEquals(receipt.getLong("window"), record.getJsonObject("body").getLong("window"));

    String meshId = mesh.get(node, "/v1/node").orElseThrow().getJsonObject("mesh").getString("id");
    Ran verified = skein("receipt", id, "--verify", "--wait", "--mesh", meshId);
    assertEquals(0, verified.code(), verified.out());
    assertTrue(verified.out().contains("served by sound/a"), verified.out());
    assertEquals(1, skein("receipt", id, "--verify", "--mesh", "0".repeat(64)).code());
  }

  @Test
  void aReceiptTellsOfFailure() throws Exception {
    HttpResponse<String> nobody = mesh.request(node, "/empty");
    assertEquals(503, nobody.statusCode());
    JsonObject empty = receipt(id(nobody));
    assertEquals("no_endpoint", empty.getString("reason"));
    assertEquals(503, empty.getInteger("status"));
    assertEquals(0, empty.getInteger("tries"));

    HttpResponse<String> failed = mesh.request(node, "/broken");
    assertEquals(502, failed.statusCode());
    JsonObject broken = recorded(id(failed));
    assertEquals("connect_failed", broken.getString("reason"));
    assertEquals("broken/a", broken.getString("endpoint"));
    assertEquals(3020, broken.getInteger("outcome"));
    assertEquals(1, broken.getInteger("tries"));
  }

  @Test
  void aReceiptTellsOfARetry() throws Exception {
    JsonObject receipt = new JsonObject();
    for (int i = 0; i < 4 && !"retry_ok".equals(receipt.getString("reason")); i++) {
      HttpResponse<String> answer = mesh.request(node, "/half");
      assertEquals(200, answer.statusCode());
      receipt = receipt(id(answer));
    }
    assertEquals("retry_ok", receipt.getString("reason"));
    assertEquals(2, receipt.getInteger("tries"));
    assertEquals("half/b", receipt.getString("endpoint"));
    recorded(receipt.getString("id"));
  }

  @Test
  void whatIsNotKeptIsToldApart() throws Exception {
    HttpResponse<String> unknown =
        mesh.send(node, "GET", "/v1/receipts/" + "a".repeat(26), new JsonObject());
    assertEquals(404, unknown.statusCode());
    JsonObject problem = new JsonObject(unknown.body());
    assertEquals("unknown-receipt", problem.getString("code"));
    assertTrue(problem.getString("detail").contains("for 3600 s"), problem.encode());
    assertEquals(400, mesh.send(node, "GET", "/v1/receipts/short", new JsonObject()).statusCode());
    // Nobody's requests get no receipt.
    assertTrue(mesh.request(node, "/").headers().firstValue("Skein-Receipt").isEmpty());
    HttpResponse<String> metrics = mesh.send(node, "GET", "/metrics", new JsonObject());
    assertTrue(metrics.body().contains("skein_receipts_lost_total 0.0"), metrics.body());
    assertTrue(metrics.body().contains("skein_receipts_kept "), metrics.body());
  }

  private record Ran(int code, String out) {}

  private static Ran skein(String... words) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.skein.cli.Main"));
    command.addAll(List.of(words));
    command.addAll(List.of("--api", "http://" + node.bound().api()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " does not end");
    }
    return new Ran(process.exitValue(), Files.readString(out));
  }
}

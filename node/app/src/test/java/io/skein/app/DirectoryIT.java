package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.app.mesh.CatalogueDirectory;
import io.skein.gossip.directory.Vandal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The directory of real nodes follows their ledger, whatever is done to it, and no request
/// notices.
@Tag("net")
@Timeout(120)
final class DirectoryIT {
  @TempDir Path folder;

  private MeshOfNodes mesh;
  private HttpServer endpoint;

  @BeforeEach
  void serve() throws IOException {
    mesh = new MeshOfNodes(folder);
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    endpoint.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    endpoint.start();
  }

  @AfterEach
  void stop() {
    mesh.close();
    endpoint.stop(0);
  }

  @Test
  void aWipedAndCorruptedDirectoryFollowsTheLedgerAgainAndNoRequestNotices() throws Exception {
    Node one = mesh.start("eu-1");
    Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofHours(1)));
    mesh.await("both see each other", () -> mesh.stateOf(one, "us-1").equals("alive"));
    mesh.put(
        one,
        "/v1/services/web",
        new JsonObject()
            .put("policy", "skein")
            .put("hosts", new JsonArray())
            .put("path", "/")
            .put("slowAfter", "2s"));
    mesh.put(
        one,
        "/v1/services/web/endpoints/a",
        new JsonObject()
            .put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort())
            .put("owner", "region")
            .put("region", "eu")
            .put("weight", 1));
    mesh.await("it is served", () -> mesh.request(one, "/").statusCode() == 204);
    List<Node> nodes = List.of(one, two);
    mesh.await("both read it in the directory", () -> reads(one) && reads(two));
    mesh.await(
        "both have compared it with their ledgers", () -> !provisional(one) && !provisional(two));
    int entries = directory(one).counters().entries();
    assertEquals(2, entries);

    AtomicBoolean going = new AtomicBoolean(true);
    AtomicInteger good = new AtomicInteger();
    AtomicInteger bad = new AtomicInteger();
    Thread client =
        Thread.ofVirtual()
            .start(() -> {
              while (going.get()) {
                try {
                  (mesh.request(one, "/x").statusCode() == 204 ? good : bad).incrementAndGet();
                } catch (Exception e) {
                  bad.incrementAndGet();
                }
              }
            });
    long records = one.core().gauges().records();
    nodes.forEach(node -> new Vandal(directory(node).copy()).wipe());
    mesh.await("the wiped copies are back", () -> reads(one) && reads(two));
    nodes.forEach(node -> new Vandal(directory(node).copy()).corrupt());
    mesh.await(
        "the corrupted copies are right again",
        () ->
            reads(one)
                && reads(two)
                && nodes.stream().allMatch(node -> directory(node).counters().entries() == 2));
    going.set(false);
    client.join();

    assertEquals(0, bad.get(), "requests failed");
    assertTrue(good.get() > 0);
    assertTrue(one.core().gauges().records() >= records, "records were lost");
    for (Node node : nodes) {
      JsonObject repairs = view(node).getJsonObject("repairs");
      assertTrue(repairs.getLong("missing") >= 2, repairs::encode);
      assertTrue(repairs.getLong("damaged") >= 2, repairs::encode);
      assertEquals(20, repairs.getLong("unexplained"), repairs::encode);
    }
  }

  private static CatalogueDirectory directory(Node node) {
    return node.directory().orElseThrow();
  }

  private JsonObject view(Node node) throws Exception {
    return mesh.get(node, "/v1/directory").orElseThrow();
  }

  private boolean provisional(Node node) throws Exception {
    return view(node).getBoolean("provisional");
  }

  private boolean reads(Node node) throws Exception {
    return MeshOfNodes.find(view(node).getJsonArray("services"), "name", "web")
        .flatMap(web -> MeshOfNodes.find(web.getJsonArray("endpoints"), "id", "web/a"))
        .isPresent();
  }
}

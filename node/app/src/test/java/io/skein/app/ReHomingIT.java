package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An endpoint of one node outlives the link to that node, and the node.
@Tag("net")
@Timeout(600)
final class ReHomingIT {
  private static final String ENDPOINT = "web/a";

  @TempDir Path folder;

  private MeshOfNodes mesh;
  private HttpServer server;
  private Optional<Process> home = Optional.empty();

  @BeforeEach
  void begin() throws IOException {
    mesh = new MeshOfNodes(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          // What is connected stays so when a name means another address.
          exchange.getResponseHeaders().set("Connection", "close");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    mesh.close();
    if (home.isPresent()) {
      home.get().destroyForcibly().waitFor();
    }
    server.stop(0);
  }

  @Test
  void anEndpointOutlivesTheLinkToItsHomeAndItsHome() throws Exception {
    String config = mesh.healing("{re-home: act}");
    Node one = mesh.start("eu-1", config);
    String token = mesh.invite(one, 1, Duration.ofHours(1));
    linkOfHome("127.0.0.1");
    home = Optional.of(process("eu-2", one, token, config));
    mesh.await("its home is a member", () -> mesh.stateOf(one, "eu-2").equals("alive"));
    mesh.put(
        one,
        "/v1/services/web",
        new JsonObject().put("policy", "skein").put("hosts", new JsonArray()).put("path", "/"));
    JsonObject endpoint =
        new JsonObject()
            .put("url", "http://localhost:" + server.getAddress().getPort())
            .put("owner", "eu-2");
    mesh.await(
        "it is known by name",
        () -> mesh.send(one, "PUT", "/v1/services/web/endpoints/a", endpoint).statusCode() == 202);
    mesh.await("its home answers", () -> answers(one));
    assertEquals(Optional.of("eu-2"), decides(one));

    linkOfHome("127.0.0.9");
    mesh.await("the other asks it", () -> asked(one) && decides(one).equals(Optional.of("eu-1")));
    mesh.await("the repair is told", () -> !actions(one, "re-home").isEmpty());
    JsonObject repair = actions(one, "re-home").getFirst();
    assertEquals(ENDPOINT, repair.getString("subject"));
    assertEquals("endpoint", repair.getString("subjectKind"));
    assertEquals("stranded", repair.getString("diagnosis"));
    assertEquals("eu-1", repair.getString("by"));
    assertTrue(repair.getString("evidence").startsWith("its home finds it dead; "), repair::encode);
    assertTrue(repair.getString("evidence").endsWith("; home: eu-2"), repair::encode);
    assertTrue(!repair.getString("expected").isEmpty(), repair::encode);
    mesh.await("requests are answered", () -> answers(one));
    mesh.await("what came of it is told", () -> !outcome(one, repair).isEmpty());

    linkOfHome("127.0.0.1");
    // 30 s of good probes, and again from the first that fails.
    mesh.await(
        "its home has it again", Duration.ofMinutes(4), () -> !actions(one, "give-back").isEmpty());
    assertEquals("eu-2", actions(one, "give-back").getFirst().getString("by"));
    mesh.await("and answers", () -> answers(one) && decides(one).equals(Optional.of("eu-2")));

    home.get().destroyForcibly().waitFor();
    mesh.await("it outlives its home", () -> actions(one, "re-home").size() == 2);
    assertTrue(
        actions(one, "re-home").getFirst().getString("evidence").startsWith("its home is gone; "));
    mesh.await("requests are answered once more", () -> answers(one));
  }

  private boolean answers(Node node) throws Exception {
    return mesh.request(node, "/").statusCode() == 200;
  }

  // A home finds out by requests.
  private boolean asked(Node node) throws Exception {
    answers(node);
    return true;
  }

  private String outcome(Node node, JsonObject repair) throws Exception {
    return mesh.get(node, "/v1/healing/" + repair.getString("id"))
        .orElseThrow()
        .getString("outcome");
  }

  /// Who decides about the endpoint: its home.
  private Optional<String> decides(Node node) throws Exception {
    return mesh.get(node, "/v1/owners")
        .flatMap(body -> MeshOfNodes.find(body.getJsonArray("owners"), "subject", ENDPOINT))
        .map(owner -> owner.getString("owner"));
  }

  // Newest first.
  private List<JsonObject> actions(Node node, String action) throws Exception {
    return mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("actions").stream()
        .map(JsonObject.class::cast)
        .filter(each -> action.equals(each.getString("action")))
        .toList();
  }

  // Where the endpoint's name leads from its home. Nothing listens but at 127.0.0.1.
  private void linkOfHome(String address) throws IOException {
    Path next = folder.resolve("hosts.next");
    Files.writeString(next, address + " localhost\n");
    Files.move(
        next,
        folder.resolve("hosts"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  private Process process(String name, Node seed, String token, String config) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dvertx.disableDnsResolver=true",
            "-Djdk.net.hosts.file=" + folder.resolve("hosts"),
            "-Dsun.net.inetaddr.ttl=0",
            "-Dsun.net.inetaddr.negative.ttl=0",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "up"));
    command.addAll(mesh.flags(name, "--seed=" + seed.bound().mesh(), "--token=" + token, config));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }
}

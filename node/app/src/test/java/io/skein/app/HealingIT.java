package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.gossip.transport.Parted;
import io.skein.gossip.transport.PeerId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a running node finds, does and measures, and what it only tells of.
@Tag("net")
@Timeout(120)
final class HealingIT {
  /// A drain is decided after half a minute, and after up to nine times as long by nodes that find
  /// themselves starved.
  private static final Duration DECIDED_AFTER = Duration.ofMinutes(5);

  /// Who is well again takes traffic after half a minute and the others' turns.
  private static final Duration WELL_AFTER = Duration.ofSeconds(40);

  @TempDir Path folder;

  private final Map<String, HttpServer> servers = new HashMap<>();
  private final AtomicBoolean fails = new AtomicBoolean();
  private final AtomicBoolean delayed = new AtomicBoolean();
  private final List<Thread> clients = new ArrayList<>();
  private MeshOfNodes mesh;

  @BeforeEach
  void begin() {
    mesh = new MeshOfNodes(folder);
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (Thread client : clients) {
      client.interrupt();
      client.join();
    }
    mesh.close();
    servers.values().forEach(server -> server.stop(0));
  }

  @Test
  void aRepairSaysWhatItRestsOnWhatItExpectedAndWhatCameOfIt() throws Exception {
    Node one = mesh.start("eu-1");
    Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofMinutes(10)));
    service(one);
    mesh.await("the other sees them", () -> endpoints(two) == 3);
    // Requests before, to compare with.
    mesh.await(
        "there is traffic",
        () -> {
          ask(one, 30);
          return mesh.get(one, "/v1/overview").orElseThrow().getDouble("requestsPerSecond") >= 15;
        });
    fails.set(true);
    mesh.await(
        "a failing endpoint is set aside",
        () -> {
          ask(one, 5);
          return action(one, "set-aside").isPresent();
        });
    JsonObject repair = action(one, "set-aside").orElseThrow();
    assertEquals("web/a", repair.getString("subject"));
    // Its probes are connections, which it takes: told by who saw three of them between failures.
    String diagnosis = repair.getString("diagnosis");
    assertTrue(List.of("failing", "lying").contains(diagnosis), repair::encode);
    assertTrue(!repair.getString("evidence").isEmpty(), repair::encode);
    assertTrue(!repair.getString("evidence").contains("expects"), repair::encode);
    assertTrue(!repair.getString("expected").isEmpty(), repair::encode);
    // Measured by who decided, told to all by a record.
    String id = repair.getString("id");
    for (Node node : List.of(one, two)) {
      mesh.await(
          "what came of it is known",
          () -> {
            ask(one, 5);
            return mesh.get(node, "/v1/healing/" + id)
                .map(it -> !it.getString("outcome").isEmpty())
                .orElse(false);
          });
    }
    JsonObject measured = mesh.get(two, "/v1/healing/" + id).orElseThrow();
    assertTrue(
        List.of("worked", "unchanged").contains(measured.getString("outcome")), measured::encode);
    assertTrue(measured.getString("measured").contains(" → "), measured::encode);
    assertEquals("endpoint-" + diagnosis, measured.getString("kind"));
    JsonObject state = mesh.get(two, "/v1/healing").orElseThrow();
    assertEquals("act", state.getJsonObject("acting").getString("set-aside"));
    mesh.await(
        "it is counted", () -> counted(one, "skein_repairs_total{action=\"set-aside\"}") >= 1);
    fails.set(false);
    mesh.await("it comes back", () -> action(two, "restore").isPresent());
  }

  @Test
  void aNodeThatIsKeptApartRejoinsOnceAndTellsWhatCameOfIt() throws Exception {
    Node one = mesh.start("eu-1");
    Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofMinutes(10)));
    PeerId first = new PeerId(one.core().self().high(), one.core().self().low());
    PeerId second = new PeerId(two.core().self().high(), two.core().self().low());
    AtomicInteger left = new AtomicInteger();
    Parted apart =
        new Parted(
            new TreeSet<>(Set.of(second)), new TreeMap<>(Map.of(first, Duration.ofMinutes(10))), 2);
    Parted together = new Parted(new TreeSet<>(Set.of(first, second)), new TreeMap<>(), 0);
    two.core().healing().rejoins(() -> left.get() == 0 ? apart : together, left::incrementAndGet);
    mesh.await(
        "it says what it finds",
        () ->
            mesh.get(two, "/v1/healing").orElseThrow().getJsonArray("diagnoses").stream()
                .anyMatch(each -> ((JsonObject) each).getString("kind").equals("node-parted")));
    mesh.await("the other is told", () -> action(one, "rejoin").isPresent());
    JsonObject repair = action(one, "rejoin").orElseThrow();
    assertEquals("us-1", repair.getString("subjectName"));
    assertEquals("us-1", repair.getString("by"));
    assertEquals("parted", repair.getString("diagnosis"));
    assertEquals(
        "1 heard of for 600.0 s that are not in the view of 1: eu-1", repair.getString("evidence"));
    String id = repair.getString("id");
    for (Node node : List.of(one, two)) {
      mesh.await(
          "what came of it is known",
          () ->
              mesh.get(node, "/v1/healing/" + id)
                  .filter(it -> it.getString("outcome").equals("worked"))
                  .filter(it -> it.getString("effect").startsWith("rejoined after "))
                  .isPresent());
    }
    assertEquals(1, left.get());
    assertEquals(1, counted(two, "skein_repairs_total{action=\"rejoin\"}"));
  }

  @Test
  void whatIsToBeObservedIsToldAndNotDone() throws Exception {
    String config = mesh.healing("{set-aside: observe}");
    Node node = mesh.start("eu-1", config);
    service(node);
    fails.set(true);
    mesh.await(
        "it says what it would do",
        () -> {
          ask(node, 5);
          return counted(node, "skein_repairs_observed_total{action=\"set-aside\"}") >= 1;
        });
    JsonObject healing = mesh.get(node, "/v1/healing").orElseThrow();
    assertEquals(new JsonArray(), healing.getJsonArray("actions"));
    assertEquals("observe", healing.getJsonObject("acting").getString("set-aside"));
    // It takes connections, which is all that is probed of it.
    mesh.await(
        "it is told for what it is",
        () -> {
          ask(node, 5);
          return mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("diagnoses").stream()
              .map(JsonObject.class::cast)
              .anyMatch(each -> each.getString("kind").equals("endpoint-lying"));
        });
  }

  @Test
  @Timeout(900)
  void aNodeThatCannotWriteForLongSendsItsClientsElsewhereUntilItCan() throws Exception {
    String config = mesh.healing("{drain: act}");
    Node one = mesh.start("eu-1", config);
    String token = mesh.invite(one, 2, Duration.ofMinutes(10));
    Node sick = mesh.start("us-1", "--seed=" + one.bound().mesh(), "--token=" + token, config);
    mesh.await("it is ready", () -> mesh.ready(sick));
    // Whoever joins now brings a feed for which it can make no folder.
    Path feeds = mesh.data("us-1").resolve("feeds");
    Path hidden = mesh.data("us-1").resolve("hidden");
    Files.move(feeds, hidden);
    Files.createFile(feeds);
    mesh.join("ap-1", one, token);
    mesh.await(
        "the mesh decides and the node goes",
        DECIDED_AFTER,
        () ->
            action(one, "drain").isPresent()
                && mesh.get(sick, "/v1/node").orElseThrow().getBoolean("draining"));
    JsonObject repair = action(one, "drain").orElseThrow();
    assertEquals("us-1", repair.getString("subjectName"));
    assertEquals("out-of-disk", repair.getString("diagnosis"));
    mesh.await("the others see it", () -> mesh.stateOf(one, "us-1").equals("draining"));
    assertTrue(!mesh.get(one, "/v1/node").orElseThrow().getBoolean("draining"));
    Files.delete(feeds);
    Files.move(hidden, feeds);
    mesh.await(
        "it takes traffic again",
        WELL_AFTER,
        () ->
            action(sick, "resume").isPresent()
                && !mesh.get(sick, "/v1/node").orElseThrow().getBoolean("draining"));
    mesh.await("what came of it is told", () -> !outcome(one, repair).isEmpty());
  }

  @Test
  @Timeout(240)
  void whatRotsOnARunningNodesDiskIsFoundAndPulledFromItsPeer() throws Exception {
    Node one = mesh.start("eu-1");
    Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofMinutes(10)));
    service(one);
    mesh.await("the other sees them", () -> endpoints(two) == 3);
    String id = mesh.get(one, "/v1/node").orElseThrow().getString("id");
    String own = mesh.get(two, "/v1/node").orElseThrow().getString("id");
    List<Rotten> rotten = List.of(rot(id), rot(own));
    mesh.await("both are as they were", () -> rotten.stream().allMatch(Rotten::mended));
    for (Node node : List.of(one, two)) {
      mesh.await("it is told to all", () -> action(node, "rebuilt").isPresent());
      JsonObject repair = action(node, "rebuild").orElseThrow();
      mesh.await("what came of it too", () -> outcome(node, repair).equals("worked"));
      assertEquals("us-1", repair.getString("subjectName"));
      assertEquals("us-1", repair.getString("by"));
    }
    assertEquals(own, mesh.get(two, "/v1/node").orElseThrow().getString("id"));
    mesh.await("equal heads", () -> mesh.headsRoot(one).equals(mesh.headsRoot(two)));
  }

  /// A byte that was changed in a file.
  private record Rotten(Path file, int at, byte good) {
    boolean mended() {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        return one.get(0) == good;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  // In the first record's body, and long before where the file grows.
  private Rotten rot(String author) throws IOException {
    Path feed = mesh.data("us-1").resolve("feeds").resolve(author);
    try (Stream<Path> files = Files.walk(feed)) {
      Path file =
          files.filter(each -> each.toString().endsWith(".seg")).sorted().findFirst().orElseThrow();
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        int at = 40;
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, at);
        byte good = one.get(0);
        one.put(0, (byte) (good ^ 0x10)).rewind();
        channel.write(one, at);
        return new Rotten(file, at, good);
      }
    }
  }

  private String outcome(Node node, JsonObject repair) throws Exception {
    return mesh.get(node, "/v1/healing/" + repair.getString("id"))
        .orElseThrow()
        .getString("outcome");
  }

  @Test
  void aChangeThatMakesEverythingFailIsTakenBack() throws Exception {
    String config = mesh.healing("{roll-back: act}");
    Node node = mesh.start("eu-1", config);
    service(node);
    delayed.set(true);
    asking(node);
    mesh.await(
        "there is traffic",
        () -> mesh.get(node, "/v1/overview").orElseThrow().getDouble("requestsPerSecond") >= 10);
    mesh.put(
        node,
        "/v1/services/web",
        new JsonObject()
            .put("policy", "round-robin")
            .put("hosts", new JsonArray())
            .put("path", "/")
            .put("timeouts", new JsonObject().put("first-byte", "10ms")));
    mesh.await("it is taken back", () -> action(node, "roll-back").isPresent());
    JsonObject repair = action(node, "roll-back").orElseThrow();
    assertEquals("web", repair.getString("subject"));
    assertEquals("service", repair.getString("subjectKind"));
    assertEquals("harmful", repair.getString("diagnosis"));
    assertTrue(repair.getString("evidence").contains("after a change"), repair::encode);
    mesh.await("requests succeed again", () -> mesh.request(node, "/").statusCode() == 200);
    String id = repair.getString("id");
    mesh.await(
        "what came of it is known",
        () ->
            mesh.get(node, "/v1/healing/" + id)
                .map(it -> it.getString("outcome").equals("worked"))
                .orElse(false));
    assertTrue(
        !MeshOfNodes.find(
                mesh.get(node, "/v1/services").orElseThrow().getJsonArray("services"),
                "name",
                "web")
            .orElseThrow()
            .encode()
            .contains("first-byte"));
  }

  private void service(Node node) throws Exception {
    mesh.await("the node is ready", () -> mesh.ready(node));
    mesh.put(
        node,
        "/v1/services/web",
        new JsonObject()
            .put("policy", "round-robin")
            .put("hosts", new JsonArray())
            .put("path", "/"));
    for (String name : List.of("a", "b", "c")) {
      mesh.put(
          node,
          "/v1/services/web/endpoints/" + name,
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint(name)));
    }
    mesh.await("it answers", () -> mesh.request(node, "/").statusCode() == 200);
  }

  private double counted(Node node, String metric) throws Exception {
    return mesh.scrape(node)
        .lines()
        .filter(line -> line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
        .sum();
  }

  private int endpoints(Node node) throws Exception {
    return MeshOfNodes.find(
            mesh.get(node, "/v1/services").orElseThrow().getJsonArray("services"), "name", "web")
        .map(service -> service.getJsonArray("endpoints").size())
        .orElse(0);
  }

  private void ask(Node node, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      mesh.request(node, "/");
    }
  }

  /// Clients that ask until the end, eight at a time.
  private void asking(Node node) {
    for (int client = 0; client < 8; client++) {
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                  try {
                    mesh.request(node, "/");
                  } catch (InterruptedException _) {
                    return;
                  } catch (Exception _) {
                    // A request that fails is one that fails.
                  }
                }
              }));
    }
  }

  private Optional<JsonObject> action(Node node, String action) throws Exception {
    return MeshOfNodes.find(
        mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("actions"), "action", action);
  }

  private int endpoint(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          boolean bad = name.equals("a") && fails.get();
          if (delayed.get()) {
            // Longer than the time-out of a change that is a mistake.
            LockSupport.parkNanos(50_000_000);
          }
          exchange.sendResponseHeaders(bad ? 500 : 200, -1);
          exchange.close();
        });
    server.start();
    servers.put(name, server);
    return server.getAddress().getPort();
  }
}

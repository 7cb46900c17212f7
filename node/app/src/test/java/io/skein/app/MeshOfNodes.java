package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.config.CommandLineOverrides;
import io.skein.app.config.ConfigOutcome;
import io.skein.app.config.ConfigSource;
import io.skein.app.config.HostPort;
import io.skein.app.config.NodeConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Nodes in this JVM on ports that nobody uses, each with its own folder. What was started is
/// stopped by [#close], newest first.
final class MeshOfNodes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofMinutes(1);

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<Node> running = new ArrayDeque<>();
  private final LongSupplier wallMillis;

  MeshOfNodes(Path folder) {
    this(folder, System::currentTimeMillis);
  }

  /// @param wallMillis the time that all nodes read on the wall
  MeshOfNodes(Path folder, LongSupplier wallMillis) {
    this.folder = folder;
    this.wallMillis = wallMillis;
  }

  Path data(String name) {
    return folder.resolve(name);
  }

  NodeConfig config(String name, String... more) {
    return loaded(source(name, more)).config();
  }

  ConfigSource source(String name, String... more) {
    CommandLineOverrides overrides = CommandLineOverrides.parse(flags(name, more));
    return new ConfigSource(
        overrides.configFile(Map.of()), Map.of("HOME", folder.toString()), overrides);
  }

  /// What a node of that name is started with.
  List<String> flags(String name, String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--name=" + name,
                "--region=" + name.replaceAll("-.*", ""),
                "--data=" + data(name),
                "--mesh=127.0.0.1:" + freeMeshPort(),
                "--forward=127.0.0.1:0",
                "--api=127.0.0.1:0",
                "--listen=web=127.0.0.1:0"));
    flags.addAll(List.of(more));
    // A file names its own listeners, which a flag would replace.
    if (flags.stream().anyMatch(flag -> flag.startsWith("--config="))) {
      flags.remove("--listen=web=127.0.0.1:0");
    }
    if (flags.stream().noneMatch(flag -> flag.startsWith("--window="))) {
      flags.add("--window=1s");
    }
    return flags;
  }

  /// The flag for a configuration that says this of healing.
  String healing(String said) throws IOException {
    Path file = folder.resolve("healing.yaml");
    Files.writeString(file, "listeners: [{name: web, bind: 127.0.0.1:0}]\nhealing: " + said + "\n");
    return "--config=" + file;
  }

  private static ConfigOutcome.Loaded loaded(ConfigSource source) {
    ConfigOutcome outcome = source.load();
    return assertInstanceOf(
        ConfigOutcome.Loaded.class,
        outcome,
        () -> outcome instanceof ConfigOutcome.Invalid invalid ? invalid.render() : "");
  }

  // The failure detector needs the port 100 higher too, which no port 0 promises. Below the range
  // from which the system hands out ports, so that nobody gets one between this look and the start.
  private static int freeMeshPort() {
    for (int i = 0; i < 1_000; i++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (isFree(port) && isFree(port + 100)) {
        return port;
      }
    }
    throw new AssertionError("no free port");
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// Starts a node.
  Node start(String name, String... more) throws StartFailed {
    ConfigSource source = source(name, more);
    Node node = Node.start(source, loaded(source), "test", wallMillis);
    running.push(node);
    return node;
  }

  /// Starts a node that joins through `seed`.
  Node join(String name, Node seed, String token) throws StartFailed {
    return join(name, seed.bound().mesh(), token);
  }

  Node join(String name, HostPort seed, String token) throws StartFailed {
    return start(name, "--seed=" + seed, "--token=" + token);
  }

  void stop(Node node) {
    assertTrue(running.remove(node));
    node.stop();
  }

  String invite(Node node, int uses, Duration validFor) throws Exception {
    await("an invite", () -> ready(node));
    HttpResponse<String> answer =
        send(
            node,
            "POST",
            "/v1/invites",
            new JsonObject().put("uses", uses).put("expiresInSeconds", validFor.toSeconds()));
    assertEquals(201, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getString("token");
  }

  boolean ready(Node node) throws Exception {
    return get(node, "/v1/node").map(view -> view.getBoolean("ready")).orElse(false);
  }

  void put(Node node, String path, JsonObject body) throws Exception {
    HttpResponse<String> answer = send(node, "PUT", path, body);
    assertEquals(202, answer.statusCode(), answer.body());
  }

  HttpResponse<String> send(Node node, String method, String path, JsonObject body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + node.bound().api() + path))
            .header("Content-Type", "application/json")
            .timeout(ANSWER)
            .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  Optional<JsonObject> get(Node node, String path) throws Exception {
    HttpResponse<String> answer = fetch("http://" + node.bound().api() + path);
    return answer.statusCode() == 200
        ? Optional.of(new JsonObject(answer.body()))
        : Optional.empty();
  }

  /// The node's metrics.
  String scrape(Node node) throws Exception {
    return fetch("http://" + node.bound().api() + "/metrics").body();
  }

  /// One request through a node's public listener.
  HttpResponse<String> request(Node node, String path) throws Exception {
    return fetch("http://" + node.bound().listeners().get("web") + path);
  }

  private HttpResponse<String> fetch(String url) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /// The member of that name as `node` sees it; empty while it does not.
  String stateOf(Node node, String member) throws Exception {
    return find(get(node, "/v1/members").orElseThrow().getJsonArray("members"), "name", member)
        .map(view -> view.getString("state"))
        .orElse("");
  }

  String endpointState(Node node, String service, String endpoint) throws Exception {
    return find(get(node, "/v1/services").orElseThrow().getJsonArray("services"), "name", service)
        .flatMap(view -> find(view.getJsonArray("endpoints"), "id", service + "/" + endpoint))
        .map(view -> view.getString("state"))
        .orElse("");
  }

  String headsRoot(Node node) throws Exception {
    return get(node, "/v1/ledger/heads").orElseThrow().getString("headsRoot");
  }

  static Optional<JsonObject> find(JsonArray array, String key, String value) {
    return array.stream()
        .map(JsonObject.class::cast)
        .filter(one -> value.equals(one.getString(key)))
        .findFirst();
  }

  /// Waits until `condition` holds.
  void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, Duration.ZERO, condition);
  }

  /// As the other, for what takes a while by design.
  ///
  /// @param least how long it takes on the fastest machine
  void await(String what, Duration least, Callable<Boolean> condition) throws Exception {
    Duration patience = PATIENCE.plus(least);
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        StringBuilder seen = new StringBuilder();
        for (Node node : running) {
          seen.append("\n").append(get(node, "/v1/overview")).append(get(node, "/v1/members"));
          seen.append(get(node, "/v1/services")).append(get(node, "/v1/healing"));
        }
        throw new AssertionError("not within " + patience + ": " + what + seen);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Override
  public void close() {
    running.forEach(Node::stop);
    running.clear();
    http.close();
  }
}

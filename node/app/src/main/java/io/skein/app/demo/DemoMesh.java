package io.skein.app.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The processes of the demo and the way to them: six endpoints, three nodes, one mesh.
final class DemoMesh {
  static final String SERVICE = "orders";
  static final List<String> REGIONS = List.of("eu", "us", "ap");
  static final double SLOW_FACTOR = 10;
  static final String SLOW = SERVICE + "/us-2";
  private static final double MEAN_MILLIS = 8;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final DemoOptions options;
  private final PrintStream talk;
  private final Path folder;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();
  private final Map<String, ManagedProcess> nodes = new LinkedHashMap<>();
  private final Map<String, ManagedProcess> endpoints = new LinkedHashMap<>();
  private final Map<String, Integer> endpointPorts = new TreeMap<>();
  private final Map<String, NodeApi> apis = new LinkedHashMap<>();
  private boolean ended;

  /// @param folder gets the nodes' data and every process's log
  DemoMesh(DemoOptions options, PrintStream talk, Path folder) {
    this.options = options;
    this.talk = talk;
    this.folder = folder;
  }

  /// Starts everything; returns when every node is in the mesh, knows every endpoint and serves.
  void start() throws IOException, InterruptedException {
    long from = System.nanoTime();
    talk.println("starting 6 endpoints and node eu-1, then us-1 and ap-1, which join it by invite");
    startEndpoints();
    startNodes();
    registerEndpoints();
    awaitEndpointsEverywhere();
    talk.printf(Locale.ROOT, "the mesh serves after %.1f s%n", (System.nanoTime() - from) / 1e9);
  }

  ManagedProcess node(String name) {
    return Objects.requireNonNull(nodes.get(name), name);
  }

  ManagedProcess endpoint(String id) {
    return Objects.requireNonNull(endpoints.get(id), id);
  }

  int endpointCount() {
    return endpoints.size();
  }

  /// Each node's API, by the node's name.
  Map<String, NodeApi> apis() {
    return apis;
  }

  private void startEndpoints() throws IOException, InterruptedException {
    for (String region : REGIONS) {
      for (int n = 1; n <= 2; n++) {
        String id = SERVICE + "/" + region + "-" + n;
        int port = freePort();
        double mean = id.equals(SLOW) ? MEAN_MILLIS * SLOW_FACTOR : MEAN_MILLIS;
        endpointPorts.put(id, port);
        launch(
            endpoints,
            id,
            List.of(
                java(),
                "-Xmx24m",
                "-Xss256k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                classPathOfThisJar(),
                EndpointServer.class.getName(),
                id,
                Integer.toString(port),
                Double.toString(mean)));
      }
    }
  }

  /// Starts a process unless the demo is ending, which another thread decides.
  private synchronized void launch(
      Map<String, ManagedProcess> group, String name, List<String> command) throws IOException {
    if (ended) {
      throw new IOException("ended while starting");
    }
    Path log = folder.resolve(name.replace('/', '-') + ".log");
    group.put(name, ManagedProcess.start(name, command, log));
  }

  private void startNodes() throws IOException, InterruptedException {
    startNode(REGIONS.getFirst(), List.of());
    await("node eu-1 is ready", () -> readyQuietly("eu"));
    String token = invite();
    Path tokenFile = folder.resolve("token");
    Files.writeString(tokenFile, token + "\n", StandardCharsets.US_ASCII);
    for (String region : REGIONS.subList(1, REGIONS.size())) {
      startNode(
          region,
          List.of(
              "--seed",
              "127.0.0.1:" + meshPort(REGIONS.getFirst()),
              "--token-file",
              tokenFile.toString()));
    }
    await("three nodes are one mesh", this::complete);
  }

  private void startNode(String region, List<String> join) throws IOException {
    String name = region + "-1";
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(JvmFlags.ofNodes());
    command.addAll(
        List.of(
            "-Xms24m",
            "-Xmx128m",
            "-Xss512k",
            "-cp",
            System.getProperty("java.class.path"),
            "io.skein.app.Main",
            "up",
            "--name",
            name,
            "--region",
            region,
            "--data",
            folder.resolve(name).toString(),
            "--mesh",
            "127.0.0.1:" + meshPort(region),
            "--api",
            "127.0.0.1:" + apiPort(region),
            "--listen",
            "web=127.0.0.1:" + trafficPort(region),
            "--window",
            "2s",
            "--mesh-name",
            "demo"));
    command.addAll(join);
    launch(nodes, name, command);
    apis.put(name, new NodeApi(http, apiPort(region)));
  }

  private String invite() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(apiBase("eu") + "/v1/invites"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"uses\":8,\"expiresInSeconds\":3600}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException("no invite: " + answer.statusCode() + " " + answer.body());
    }
    return new JsonObject(answer.body()).getString("token");
  }

  private void registerEndpoints() throws IOException, InterruptedException {
    put(
        "/v1/services/" + SERVICE,
        new JsonObject()
            .put("policy", "skein")
            .put("hosts", new JsonArray())
            .put("path", "/")
            .put("health", new JsonObject().put("path", "/health"))
            .put("slowAfter", "60ms"));
    for (Map.Entry<String, Integer> endpoint : endpointPorts.entrySet()) {
      String id = endpoint.getKey();
      String shortName = id.substring(id.indexOf('/') + 1);
      put(
          "/v1/services/" + SERVICE + "/endpoints/" + shortName,
          new JsonObject()
              .put("url", "http://127.0.0.1:" + endpoint.getValue())
              .put("owner", "region")
              .put("region", shortName.substring(0, 2))
              .put("weight", 1));
    }
  }

  private void put(String path, JsonObject body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(apiBase("eu") + path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private void awaitEndpointsEverywhere() throws IOException, InterruptedException {
    await(
        "every node knows every endpoint",
        () -> apis.values().stream().allMatch(api -> knowsAllEndpoints(api)));
    await("a request passes", this::requestPasses);
  }

  private boolean requestPasses() {
    try {
      return http.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + trafficPort("eu") + "/"))
                      .timeout(Duration.ofSeconds(2))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean knowsAllEndpoints(NodeApi api) {
    return quietly(() -> {
      for (String id : endpointPorts.keySet()) {
        if (api.endpoint(SERVICE, id).isEmpty()) {
          return false;
        }
      }
      return true;
    });
  }

  /// Whether every node is ready and sees all others alive.
  boolean complete() {
    return apis.values().stream()
        .allMatch(api -> quietly(() -> api.ready() && api.aliveMembers() == REGIONS.size()));
  }

  private boolean readyQuietly(String region) {
    return quietly(() -> Objects.requireNonNull(apis.get(region + "-1")).ready());
  }

  /// Makes an endpoint fail that share of its requests.
  void fail(String endpoint, int percent) throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + endpointPorts.get(endpoint)
                        + "/-/fail?percent="
                        + percent))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  /// Ends every process and removes the folder, unless it is to be kept.
  synchronized void end() {
    ended = true;
    nodes.values().forEach(ManagedProcess::terminate);
    endpoints.values().forEach(ManagedProcess::terminate);
    try {
      for (ManagedProcess process : nodes.values()) {
        process.stop(10);
      }
      for (ManagedProcess process : endpoints.values()) {
        process.stop(2);
      }
      if (!options.keep()) {
        deleteFolder(folder);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      talk.println("demo: could not remove " + folder + ": " + e.getMessage());
    }
    nodes.clear();
    endpoints.clear();
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void await(String what, BooleanSupplier condition)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      for (ManagedProcess process : processes()) {
        if (!process.alive()) {
          throw new IOException(
              process.name() + " ended while starting; its output:\n" + tail(process.log()));
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("waited " + START_LIMIT.toSeconds() + " s in vain until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(25);
    }
  }

  private synchronized List<ManagedProcess> processes() {
    return Stream.concat(nodes.values().stream(), endpoints.values().stream()).toList();
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private String classPathOfThisJar() {
    return Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry -> entry.contains("skein-app") || entry.endsWith("app/target/classes"))
        .findFirst()
        .orElse(System.getProperty("java.class.path"));
  }

  /// A question to a node.
  interface Check {
    boolean holds() throws InterruptedException;
  }

  /// The answer; no after an interrupt.
  static boolean quietly(Check check) {
    try {
      return check.holds();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private int meshPort(String region) {
    return 7800 + 10 * REGIONS.indexOf(region) + options.portOffset();
  }

  private int apiPort(String region) {
    return 9700 + REGIONS.indexOf(region) + options.portOffset();
  }

  int trafficPort(String region) {
    return 8080 + REGIONS.indexOf(region) + options.portOffset();
  }

  String apiBase(String region) {
    return "http://127.0.0.1:" + apiPort(region);
  }
}

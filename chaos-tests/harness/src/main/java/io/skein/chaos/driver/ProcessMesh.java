package io.skein.chaos.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A mesh of processes on this machine, made by one of the [Driver]s.
public final class ProcessMesh implements Cluster {
  private static final Duration START_LIMIT = Duration.ofSeconds(120);
  private static final int API_MILLIS = 5_000;
  private static final int MESH_PORT = 7800;
  private static final int WEB_PORT = 8080;
  private static final int ENDPOINT_PORT = 8000;
  private static final int LINES_PORT = 8001;
  private static final int API_PORT = 9700;
  private static final int INVITE_SECONDS = 7_200;
  private static final int BESIDE_PORT = 8081;
  private static final int BESIDE_PORTS = 2;
  private static final int FIRST_LOOPBACK_PORT = 21_000;
  private static final int PORTS_A_NODE = 120;
  private static final int BEYOND_MESH = 100;
  private static final String SERVED =
      "\"policy\":\"skein\",\"health\":{\"path\":\"/health\",\"interval\":\"1s\"}";
  private static final List<String> REGIONS = List.of("eu", "us", "ap");

  /// The service that the endpoints beside the nodes serve.
  public static final String SERVICE = "chaos-echo";

  /// The service whose clients stay with the endpoint they came to, by [#STAY].
  public static final String SESSIONS = "chaos-sessions";

  /// The cookie that says with which.
  public static final String STAY = "chaos-stay";

  private static final String LINES = "chaos-lines-";

  /// A service that nobody asks, with endpoints that all nodes of a region reach: more than one may
  /// own them.
  static final String IDLE = "chaos-idle";

  private final RunFolder run;
  private final Driver driver;
  private final String description;
  private final List<ProcessNode> nodes;
  private final Optional<Links> links;
  private final boolean older;
  private final Thread hook;
  private boolean lines;
  private boolean sessions;
  private boolean closed;
  private boolean keep;

  private ProcessMesh(
      RunFolder run,
      Driver driver,
      String description,
      List<ProcessNode> nodes,
      Optional<Links> links,
      boolean older) {
    this.run = run;
    this.driver = driver;
    this.description = description;
    this.nodes = List.copyOf(nodes);
    this.links = links;
    this.older = older;
    this.hook = Thread.ofPlatform().unstarted(this::closeAtExit);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Makes processes of `count` nodes and their endpoints, none of them started yet but the
  /// endpoints; what dead runs left is removed.
  ///
  /// @param older what the nodes are started with until they are upgraded to `tested`; empty: with
  ///   that
  public static ProcessMesh make(
      Distribution tested, Optional<Distribution> older, int count, Driver driver)
      throws IOException, InterruptedException {
    ProcessNode.Builds builds = new ProcessNode.Builds(older.orElse(tested), tested);
    RunFolder run = RunFolder.make(Path.of(System.getProperty("java.io.tmpdir")));
    try {
      List<ProcessNode> nodes = new ArrayList<>();
      ProcessNode.Invites invites = (node, seconds) -> invitation(nodes, node, seconds);
      Optional<Links> links = Optional.empty();
      String description = count + " nodes as processes on 127.0.0.1";
      switch (driver) {
        case Driver.Loopback() -> {
          int port = FIRST_LOOPBACK_PORT;
          for (int i = 1; i <= count; i++) {
            port = freePorts(port);
            nodes.add(
                node(
                    builds,
                    invites,
                    run,
                    List.of(),
                    i,
                    new ProcessNode.Ports(
                        "127.0.0.1", port, port + 1, port + 2, port + 3, port + 4, port + 7)));
            port += PORTS_A_NODE;
          }
        }
        case Driver.NetworkNamespaces() -> {
          Namespaces spaces = Namespaces.make(run.tag(), count);
          Map<String, List<String>> inside = new TreeMap<>();
          Map<String, String> addresses = new TreeMap<>();
          Map<String, List<String>> cables = new TreeMap<>();
          for (int i = 1; i <= count; i++) {
            inside.put("n" + i, spaces.inside(i));
            addresses.put("n" + i, spaces.address(i));
            cables.put("n" + i, List.of("ip", "link", "set", spaces.cable(i)));
            nodes.add(node(builds, invites, run, spaces.inside(i), i, ports(spaces.address(i))));
          }
          links =
              Optional.of(
                  new FilterLinks(
                      inside,
                      addresses,
                      cables,
                      Optional.of(words -> run.start(new ProcessBuilder(words)))));
          description =
              count + " nodes as processes in network namespaces, " + spaces.address(1) + " and on";
        }
        case Driver.InContainers(String image) -> {
          Files.createFile(Containers.mark(run.path()));
          Containers containers = Containers.make(run.tag(), image, count);
          Map<String, List<String>> inside = new TreeMap<>();
          Map<String, String> addresses = new TreeMap<>();
          Map<String, List<String>> cables = new TreeMap<>();
          for (int i = 1; i <= count; i++) {
            String name = "n" + i;
            inside.put(name, containers.inside(name));
            addresses.put(name, containers.address(name));
            cables.put(name, containers.cable(name));
            nodes.add(
                new ProcessNode(
                    builds,
                    invites,
                    run,
                    new ContainerPlace(containers, name, run.path().resolve(name)),
                    containers.target(name),
                    region(i),
                    ports(containers.address(name))));
          }
          links = Optional.of(new FilterLinks(inside, addresses, cables, Optional.empty()));
          description = count + " nodes in containers of " + image;
        }
      }
      return new ProcessMesh(run, driver, description, nodes, links, older.isPresent());
    } catch (IOException | InterruptedException | RuntimeException e) {
      run.removeAll();
      throw e;
    }
  }

  private static ProcessNode node(
      ProcessNode.Builds builds,
      ProcessNode.Invites invites,
      RunFolder run,
      List<String> prefix,
      int i,
      ProcessNode.Ports ports)
      throws IOException {
    String name = "n" + i;
    return new ProcessNode(
        builds,
        invites,
        run,
        new HostPlace(prefix, run.tag() + "-" + name),
        new Target(
            name, new HostPort(ports.host(), ports.api()), new HostPort(ports.host(), ports.web())),
        region(i),
        ports);
  }

  private static String region(int i) {
    return REGIONS.get((i - 1) % REGIONS.size());
  }

  /// The ports of a node that has an address of its own.
  private static ProcessNode.Ports ports(String address) {
    return new ProcessNode.Ports(
        address, MESH_PORT, MESH_PORT + 1, API_PORT, WEB_PORT, ENDPOINT_PORT, LINES_PORT);
  }

  /// The first multiple of the distance at which a node's ports are free.
  private static int freePorts(int from) {
    int port = from;
    while (!free(port)
        || !free(port + 1)
        || !free(port + 2)
        || !free(port + 3)
        || !free(port + 4)
        || !free(port + 5)
        || !free(port + 6)
        || !free(port + 7)
        || !free(port + BEYOND_MESH)) {
      port += PORTS_A_NODE;
    }
    return port;
  }

  private static boolean free(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Makes these faults possible at all nodes, from their next start on.
  public void prepare(Set<Preparation> what) throws IOException, InterruptedException {
    for (ProcessNode node : nodes) {
      node.prepare(what);
    }
  }

  /// The service whose one endpoint, beside that node, sends lines back on long connections. What
  /// others send there passes the mesh.
  public static String lines(String node) {
    return LINES + node;
  }

  /// Serves long connections too, from [#start] on.
  public void serveLines() {
    lines = true;
    nodes.forEach(ProcessNode::serveLines);
  }

  /// Serves clients that stay with their endpoint too, from [#start] on.
  public void serveSessions() {
    sessions = true;
    nodes.forEach(ProcessNode::serveSessions);
  }

  @Override
  public String noMemoryLimits() {
    return nodes.getFirst().noMemoryLimits();
  }

  @Override
  public String noClocks() throws InterruptedException {
    return nodes.getFirst().canFakeClock() ? "" : "no libfaketime there (package libfaketime)";
  }

  /// Starts the first node, lets the others join, and waits until every node serves the one service
  /// with all endpoints.
  public void start() throws IOException, InterruptedException {
    ProcessNode founder = nodes.getFirst();
    founder.join(List.of());
    founder.awaitReady(START_LIMIT);
    List<String> join = invitation(List.of(founder), nodes.getLast(), INVITE_SECONDS);
    for (ProcessNode node : nodes.subList(1, nodes.size())) {
      node.join(join);
    }
    for (ProcessNode node : nodes) {
      node.awaitReady(START_LIMIT);
    }
    for (ProcessNode node : nodes) {
      await(node.name() + " sees all", () -> alive(node.target()) == nodes.size());
    }
    put(founder.target(), "/v1/services/" + SERVICE, "{" + SERVED + "}");
    put(founder.target(), "/v1/services/" + IDLE, "{\"policy\":\"skein\"}");
    for (ProcessNode node : lines ? nodes : List.<ProcessNode>of()) {
      put(founder.target(), "/v1/services/" + lines(node.name()), "{" + SERVED + "}");
    }
    if (sessions) {
      String stay = ",\"sticky\":{\"by\":\"cookie\",\"name\":\"" + STAY + "\"}";
      put(founder.target(), "/v1/services/" + SESSIONS, "{" + SERVED + stay + "}");
    }
    for (ProcessNode node : nodes) {
      await(node.name() + " knows the service", node::register);
    }
    for (ProcessNode node : nodes) {
      await(
          node.name() + " serves",
          () ->
              Http.send(
                      node.target().traffic(), SERVICE, "GET", Endpoint.PATH + "0", "", API_MILLIS)
                  .good());
    }
  }

  /// Flags with which a node joins by another one that runs.
  private static List<String> invitation(List<ProcessNode> nodes, ProcessNode newcomer, int seconds)
      throws IOException {
    for (ProcessNode node : nodes) {
      if (node == newcomer) {
        continue;
      }
      Http.Outcome made =
          Http.send(
              node.target().api(),
              "POST",
              "/v1/invites",
              "{\"uses\":64,\"expiresInSeconds\":" + seconds + "}",
              API_MILLIS);
      Optional<String> token = made.json().text("token");
      if (made.status() == 201 && token.isPresent()) {
        String seed = node.ports().host() + ":" + node.ports().mesh();
        return List.of("--seed", seed, "--token", token.get());
      }
    }
    throw new IOException("no node gives an invite");
  }

  private static boolean put(Target node, String path, String body) {
    return Http.send(node.api(), "PUT", path, body, API_MILLIS).status() == 202;
  }

  /// How many members that node holds alive, itself included; 0 if it does not answer.
  public static long alive(Target node) {
    return Http.get(node.api(), "/v1/members", API_MILLIS).json().member("members").items().stream()
        .filter(member -> member.text("state").orElse("").equals("alive"))
        .count();
  }

  /// Whether every node answers and none holds an endpoint of the one service for unfit.
  public boolean allInUse() {
    return nodes.stream().allMatch(node -> inUse(node.target()) == nodes.size());
  }

  private static long inUse(Target node) {
    return Http.get(node.api(), "/v1/services/" + SERVICE + "/endpoints", API_MILLIS)
        .json()
        .member("endpoints")
        .items()
        .stream()
        .map(endpoint -> endpoint.text("state").orElse(""))
        .filter(state -> !state.equals("set-aside") && !state.equals("unhealthy"))
        .count();
  }

  private interface Question {
    boolean ask() throws IOException, InterruptedException;
  }

  private static void await(String what, Question question)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!question.ask()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("not within " + START_LIMIT.toSeconds() + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String driver() {
    return driver.word();
  }

  @Override
  public List<Target> targets() {
    return nodes.stream().map(ProcessNode::target).toList();
  }

  @Override
  public List<NodeHandle> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  public Optional<Links> links() {
    return links;
  }

  @Override
  public boolean canUpgrade() {
    return older;
  }

  @Override
  public boolean canStarve() {
    // The engine limits its containers by itself.
    return driver instanceof Driver.InContainers || CpuLimit.possible(run.tag());
  }

  @Override
  public boolean canMount() throws InterruptedException {
    return SmallDisk.possible(run.path().resolve("trial"));
  }

  /// What the endpoints say that they served, in no order between them: each line an object as the
  /// answers are.
  public List<String> served() throws IOException {
    List<String> lines = new ArrayList<>();
    for (ProcessNode node : nodes) {
      lines.addAll(Files.readAllLines(node.served()));
    }
    return lines;
  }

  /// Starts another program where a node is; it ends with the run.
  ///
  /// @param log name of the file in the node's folder that gets what it says
  public Process beside(NodeHandle node, String log, List<String> words) throws IOException {
    return own(node).beside(log, words);
  }

  /// An address where a node is that nobody uses, for another program.
  ///
  /// @param which 0 or 1
  public HostPort portBeside(NodeHandle node, int which) {
    if (which < 0 || which >= BESIDE_PORTS) {
      throw new IllegalArgumentException("which: " + which + " (expected: 0 or 1)");
    }
    ProcessNode.Ports ports = own(node).ports();
    int first = links.isPresent() ? BESIDE_PORT : ports.endpoint() + 1;
    return new HostPort(ports.host(), first + which);
  }

  /// The region that a node says it is in.
  public String region(NodeHandle node) {
    return own(node).region();
  }

  private ProcessNode own(NodeHandle node) {
    return nodes.stream()
        .filter(one -> one == node)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(node.name() + " is of another mesh"));
  }

  /// Where the nodes' disks and logs lie.
  public Path folder() {
    return run.path();
  }

  /// Lets the folder stay when all else is removed.
  public void keepFolder() {
    keep = true;
  }

  private void closeAtExit() {
    try {
      end();
    } catch (IOException | InterruptedException e) {
      System.err.println("skein: not all of the run was removed: " + e.getMessage());
    }
  }

  private synchronized void end() throws IOException, InterruptedException {
    if (!closed) {
      closed = true;
      for (ProcessNode node : nodes) {
        node.endpoint(false);
        node.kill();
      }
      if (keep) {
        run.endProcesses();
      } else {
        run.removeAll();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      end();
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is ending; the hook has run or runs.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while removing the run", e);
    }
  }
}

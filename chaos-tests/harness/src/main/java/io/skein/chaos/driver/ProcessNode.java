package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A node as a process started by the distribution's launcher, and an endpoint as another, both
/// behind a prefix that puts them into a network namespace, or none.
final class ProcessNode implements NodeHandle {
  private static final String SMALL = "-Xms24m -Xmx128m -Xss512k -XX:TieredStopAtLevel=1";

  private static final int API_MILLIS = 5_000;
  private static final int LOG_LINES = 20;

  private final Distribution distribution;
  private final Invites mesh;
  private final RunFolder run;
  private final Path folder;
  private final List<String> prefix;
  private final String name;
  private final String region;
  private final Ports ports;
  private List<String> seed = List.of();
  private boolean newcomer;
  private Process process;
  private Process endpoint;

  /// Who tells newcomers how to join.
  interface Invites {
    /// Flags with which that node joins by another one that runs.
    List<String> invitation(ProcessNode node) throws IOException;
  }

  /// The addresses of one node.
  ///
  /// @param host where all of them listen
  record Ports(String host, int mesh, int forward, int api, int web, int endpoint) {}

  ProcessNode(
      Distribution distribution,
      Invites mesh,
      RunFolder run,
      List<String> prefix,
      String name,
      String region,
      Ports ports)
      throws IOException {
    this.distribution = distribution;
    this.mesh = mesh;
    this.run = run;
    this.prefix = List.copyOf(prefix);
    this.name = name;
    this.region = region;
    this.ports = ports;
    this.folder = Files.createDirectories(run.path().resolve(name));
    this.endpoint = launchEndpoint();
    this.process = endpoint;
  }

  /// Starts it for the first time; it joins by these flags.
  void join(List<String> flags) throws IOException {
    seed = List.copyOf(flags);
    start();
  }

  Ports ports() {
    return ports;
  }

  @Override
  public Target target() {
    return new Target(
        name, new HostPort(ports.host(), ports.api()), new HostPort(ports.host(), ports.web()));
  }

  @Override
  public boolean running() {
    return process.isAlive();
  }

  @Override
  public void start() throws IOException {
    launch(seed);
  }

  @Override
  public void startWithoutSeed() throws IOException {
    launch(List.of());
  }

  @Override
  public void startAsNewcomer() throws IOException {
    newcomer = true;
    seed = mesh.invitation(this);
    start();
  }

  @Override
  public void awaitReady(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!ready() || (newcomer && !register())) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            name + " is not ready within " + limit.toSeconds() + " s:\n" + lastLog(LOG_LINES));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    newcomer = false;
  }

  private boolean ready() throws IOException {
    if (!running()) {
      throw new IOException(name + " ended instead of starting:\n" + lastLog(LOG_LINES));
    }
    return Http.get(target().api(), "/readyz", API_MILLIS).status() == 200;
  }

  /// Puts its endpoint into the catalogue; false while the node does not know the service.
  boolean register() {
    String url = "{\"url\":\"http://" + endpointAt() + "\",\"owner\":\"self\"}";
    return Http.send(
                target().api(),
                "PUT",
                "/v1/services/" + ProcessMesh.SERVICE + "/endpoints/" + name,
                url,
                API_MILLIS)
            .status()
        == 202;
  }

  private void launch(List<String> join) throws IOException {
    List<String> words = new ArrayList<>(prefix);
    words.add(distribution.launcher());
    words.addAll(
        List.of(
            "up",
            "--name",
            name,
            "--region",
            region,
            "--data",
            disk().toString(),
            "--mesh",
            ports.host() + ":" + ports.mesh(),
            "--forward",
            ports.host() + ":" + ports.forward(),
            "--api",
            ports.host() + ":" + ports.api(),
            "--api-allow-remote",
            "--listen",
            "web=" + ports.host() + ":" + ports.web(),
            "--window",
            "2s",
            "--mesh-name",
            "chaos"));
    words.addAll(join);
    process = started("log", words, SMALL);
  }

  private Process launchEndpoint() throws IOException {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(
        distribution.java(Endpoint.class, name, ports.host(), Integer.toString(ports.endpoint())));
    return started("endpoint.log", words, "");
  }

  /// Starts another program where the node is.
  Process beside(String log, List<String> words) throws IOException {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(words);
    return started(log, all, "");
  }

  private Process started(String log, List<String> words, String jvm) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
    builder.environment().put("SKEIN_JVM_OPTS", jvm);
    return run.start(builder);
  }

  @Override
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void terminate(Duration limit) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  @Override
  public void pause(boolean paused) throws IOException, InterruptedException {
    Signals.stop(process, paused);
  }

  @Override
  public boolean paused() throws IOException {
    return Signals.stopped(process);
  }

  @Override
  public void starve(int percent) throws IOException {
    CpuLimit.set(group(), pid(), percent);
  }

  @Override
  public boolean starved() {
    return CpuLimit.throttled(group()) > 0;
  }

  private String group() {
    return run.tag() + "-" + name;
  }

  @Override
  public Path disk() {
    return folder.resolve("data");
  }

  @Override
  public void smallDisk(int freeMebibytes) throws IOException, InterruptedException {
    Path aside = folder.resolve("aside");
    if (freeMebibytes > 0) {
      Files.move(disk(), aside);
      SmallDisk.mount(disk(), (int) (Trees.bytes(aside) >> 20) + freeMebibytes);
      Trees.copy(aside, disk());
      Trees.delete(aside);
    } else {
      Trees.copy(disk(), aside);
      SmallDisk.remove(disk());
      Files.delete(disk());
      Files.move(aside, disk());
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean endpointRunning() {
    return endpoint.isAlive();
  }

  @Override
  public void endpoint(boolean running) throws IOException, InterruptedException {
    if (running && !endpoint.isAlive()) {
      endpoint = launchEndpoint();
    } else if (!running) {
      endpoint.destroyForcibly().waitFor();
    }
  }

  @Override
  public HostPort endpointAt() {
    return new HostPort(ports.host(), ports.endpoint());
  }

  @Override
  public void pauseEndpoint(boolean paused) throws IOException, InterruptedException {
    Signals.stop(endpoint, paused);
  }

  @Override
  public boolean endpointPaused() throws IOException {
    return Signals.stopped(endpoint);
  }

  String region() {
    return region;
  }

  /// Standard output of its endpoints: each request that one of them took.
  Path served() {
    return folder.resolve("endpoint.log");
  }

  @Override
  public String lastLog(int lines) {
    try {
      List<String> all = Files.readAllLines(folder.resolve("log"), StandardCharsets.UTF_8);
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }
}

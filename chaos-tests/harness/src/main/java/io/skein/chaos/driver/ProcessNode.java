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

  private final Distribution distribution;
  private final RunFolder run;
  private final Path folder;
  private final List<String> prefix;
  private final String name;
  private final String region;
  private final Ports ports;
  private List<String> seed = List.of();
  private Process process;
  private Process endpoint;

  /// The addresses of one node.
  ///
  /// @param host where all but the endpoint listen; the endpoint listens on 127.0.0.1
  record Ports(String host, int mesh, int forward, int api, int web, int endpoint) {}

  ProcessNode(
      Distribution distribution, RunFolder run, List<String> prefix, String name, String region, Ports ports)
      throws IOException {
    this.distribution = distribution;
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
        distribution.java(
            Endpoint.class, name, "127.0.0.1", Integer.toString(ports.endpoint())));
    return started("endpoint.log", words, "");
  }

  private Process started(String log, List<String> words, String jvm) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
    builder.environment().put("SKEIN_JVM_OPTS", jvm);
    Process made = builder.start();
    run.started(made);
    return made;
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
  public boolean pause(boolean paused) throws IOException, InterruptedException {
    Command.must("kill", paused ? "-STOP" : "-CONT", Long.toString(pid()));
    String wanted = "T";
    for (int i = 0; i < 50; i++) {
      if (state().startsWith(wanted) == paused) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return false;
  }

  private String state() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
        .filter(line -> line.startsWith("State:"))
        .map(line -> line.substring("State:".length()).strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public boolean starve(int percent) throws IOException {
    String group = run.tag() + "-" + name;
    return CpuLimit.set(group, pid(), percent)
        && (percent > 0 || CpuLimit.throttled(group) > 0);
  }

  @Override
  public Path disk() {
    return folder.resolve("data");
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public boolean endpoint(boolean running) throws IOException, InterruptedException {
    if (running && !endpoint.isAlive()) {
      endpoint = launchEndpoint();
    } else if (!running) {
      endpoint.destroyForcibly().waitFor();
    }
    return endpoint.isAlive() == running;
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

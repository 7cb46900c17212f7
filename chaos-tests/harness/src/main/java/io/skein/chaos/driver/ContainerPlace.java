package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A container of its own for every start of the node and of its endpoint, both in the network that
/// [Containers] holds for it. The distribution is mounted from this machine, read-only, and so is
/// the node's folder, to be written: what is on its disk can be looked at and damaged from here.
final class ContainerPlace implements Place {
  private static final String HOME = "/opt/skein";
  private static final String FOLDER = "/chaos";
  private static final int PERIOD_MICROS = 50_000;
  private static final int ALL = 100;
  private static final int KILLS = 40;
  private static final String LIBRARIES =
      "ls /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib/faketime/libfaketimeMT.so.1 2>/dev/null";

  private final Containers containers;
  private final String node;
  private final Path folder;
  private final String user;
  private final Map<Process, String> names = new HashMap<>();
  private String next = "";
  private String last = "";
  private int starts;

  /// @param node its name
  /// @param folder the node's, on this machine
  ContainerPlace(Containers containers, String node, Path folder) throws IOException {
    this.containers = containers;
    this.node = node;
    this.folder = folder;
    Files.createDirectories(folder);
    this.user =
        Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
  }

  private List<String> run(String part) {
    starts++;
    next = containers.holder(node) + "-" + part + starts;
    return containers.run(node, next, user);
  }

  @Override
  public List<String> node(Distribution home, Map<String, String> environment) {
    List<String> words = run("node");
    // A mount beneath the folder, a small disk, is seen since it was made before this container.
    words.addAll(List.of("-v", home.home() + ":" + HOME + ":ro", "-v", folder + ":" + FOLDER));
    environment.forEach((name, value) -> words.addAll(List.of("-e", name + "=" + value)));
    words.addAll(List.of(containers.image(), HOME + "/skein"));
    return words;
  }

  @Override
  public List<String> endpoint(Distribution home) {
    List<String> words = run("endpoint");
    words.addAll(List.of("-v", home.home() + ":" + HOME + ":ro", containers.image(), "java"));
    words.addAll(Distribution.SMALL);
    words.addAll(List.of("-cp", HOME + "/lib/*", Endpoint.class.getName()));
    return words;
  }

  @Override
  public List<String> beside() {
    return containers.inside(node);
  }

  @Override
  public void started(Process process) {
    names.put(process, next);
    last = next;
  }

  @Override
  public String seen(Path file) {
    return Path.of(FOLDER).resolve(folder.relativize(file)).toString();
  }

  private String name(Process process) {
    return names.getOrDefault(process, "");
  }

  @Override
  public void kill(Process process) throws IOException, InterruptedException {
    // The engine may not have made it yet; killing who asks for it would leave it there.
    for (int i = 0; i < KILLS && process.isAlive(); i++) {
      Command.run("docker", "kill", name(process));
      if (process.waitFor(500, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    process.destroyForcibly().waitFor();
    Command.run("docker", "rm", "-f", name(process));
  }

  @Override
  public void pause(Process process, boolean paused) throws IOException, InterruptedException {
    Command.must("docker", paused ? "pause" : "unpause", name(process));
  }

  @Override
  public boolean paused(Process process) throws IOException, InterruptedException {
    return Command.must("docker", "inspect", "--format", "{{.State.Paused}}", name(process))
        .equals("true");
  }

  @Override
  public void starve(Process process, int percent) throws IOException, InterruptedException {
    Command.must(
        "docker",
        "update",
        "--cpu-period",
        Integer.toString(PERIOD_MICROS),
        "--cpu-quota",
        percent == 0 ? "-1" : Integer.toString(PERIOD_MICROS * percent / ALL),
        name(process));
    last = name(process);
  }

  @Override
  public boolean starved() throws IOException, InterruptedException {
    return Command.must(
            "docker",
            "exec",
            last,
            "sh",
            "-c",
            "cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null || true")
        .lines()
        .anyMatch(line -> line.matches("nr_throttled [1-9][0-9]*"));
  }

  @Override
  public String noMemoryLimits() {
    return "not with containers: the engine refuses a limit below what is used";
  }

  @Override
  public void countMemory() {
    throw new UnsupportedOperationException(noMemoryLimits());
  }

  @Override
  public void starveMemory(boolean starved) {
    throw new UnsupportedOperationException(noMemoryLimits());
  }

  @Override
  public long memoryShortages() {
    throw new UnsupportedOperationException(noMemoryLimits());
  }

  @Override
  public boolean killForMemory(Process process, Duration limit) {
    throw new UnsupportedOperationException(noMemoryLimits());
  }

  @Override
  public Optional<String> clocks() throws InterruptedException {
    try {
      List<String> words = new ArrayList<>(containers.inside(node));
      words.addAll(List.of("sh", "-c", LIBRARIES));
      return Command.run("", words).output().lines().findFirst().filter(line -> !line.isBlank());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}

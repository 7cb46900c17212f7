package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// This machine itself, behind a prefix that puts processes into a network namespace, or none.
final class HostPlace implements Place {
  private static final String JOINING = "echo $$ >\"$1\" && shift && exec \"$@\"";
  private static final int EATEN_MEBIBYTES = 64;
  private static final int FIRST_TO_BE_KILLED = 1_000;
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final Path LIBRARY = Path.of("faketime", "libfaketimeMT.so.1");

  private final List<String> prefix;
  private final String group;
  private Optional<MemoryGroup> memory = Optional.empty();

  /// @param prefix words before every command
  /// @param group name of the control group of its node
  HostPlace(List<String> prefix, String group) {
    this.prefix = List.copyOf(prefix);
    this.group = group;
  }

  @Override
  public List<String> node(Distribution home, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    // First of all: within another network namespace control groups are out of sight.
    memory.ifPresent(
        counted -> words.addAll(List.of("sh", "-c", JOINING, "sh", counted.members().toString())));
    words.addAll(prefix);
    words.add("env");
    environment.forEach((name, value) -> words.add(name + "=" + value));
    words.add(home.launcher());
    return words;
  }

  @Override
  public List<String> endpoint(Distribution home) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(Distribution.java(Endpoint.class));
    return words;
  }

  @Override
  public String seen(Path file) {
    return file.toString();
  }

  @Override
  public void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public List<String> beside() {
    return prefix;
  }

  @Override
  public void pause(Process process, boolean paused) throws IOException, InterruptedException {
    Signals.stop(process, paused);
  }

  @Override
  public boolean paused(Process process) throws IOException {
    return Signals.stopped(process);
  }

  @Override
  public void starve(Process node, int percent) throws IOException {
    CpuLimit.set(group, node.pid(), percent);
  }

  @Override
  public boolean starved() {
    return CpuLimit.throttled(group) > 0;
  }

  @Override
  public String noMemoryLimits() {
    return MemoryGroup.possible(group) ? "" : "may not limit memory";
  }

  @Override
  public void countMemory() throws IOException {
    memory = Optional.of(MemoryGroup.make(group));
  }

  private MemoryGroup memory() throws IOException {
    return memory.orElseThrow(() -> new IOException(group + ": its memory is not counted"));
  }

  @Override
  public void starveMemory(boolean starved) throws IOException {
    if (starved) {
      memory().hold();
    } else {
      memory().lift();
    }
  }

  @Override
  public long memoryShortages() throws IOException {
    return memory().held();
  }

  @Override
  public boolean killForMemory(Process node, Duration limit)
      throws IOException, InterruptedException {
    long before = memory().killed();
    Files.writeString(
        Path.of("/proc", Long.toString(node.pid()), "oom_score_adj"),
        Integer.toString(FIRST_TO_BE_KILLED));
    memory().kill();
    Process eater =
        new ProcessBuilder(
                "sh",
                "-c",
                JOINING,
                "sh",
                memory().members().toString(),
                "dd",
                "if=/dev/zero",
                "of=/dev/null",
                "count=1",
                "bs=" + EATEN_MEBIBYTES + "M")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean gone = node.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    eater.destroyForcibly().waitFor();
    memory().lift();
    return gone && memory().killed() > before;
  }

  @Override
  public Optional<String> clocks() {
    // Debian and Ubuntu: a folder for each architecture; others: none.
    try (Stream<Path> folders = Files.list(LIBRARIES)) {
      return Stream.concat(Stream.of(LIBRARIES), folders.sorted())
          .map(folder -> folder.resolve(LIBRARY))
          .filter(Files::isReadable)
          .map(Path::toString)
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}

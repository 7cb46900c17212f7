package io.skein.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One node as a process of its own, started by the distribution's launcher on ports of 0. A
/// restart takes the ports of the first start again, so that peers find it where they knew it.
public final class NodeProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final String SMALL = "-Xms24m -Xmx128m -Xss512k -XX:TieredStopAtLevel=1";

  private final String name;
  private final Path folder;
  private final List<String> flags;
  private final String jvm;
  private String mesh = "127.0.0.1:0";
  private String forward = "127.0.0.1:0";
  private String apiAddress = "127.0.0.1:0";
  private String web = "127.0.0.1:0";
  private final Map<String, String> listeners = new HashMap<>();
  private Process process;
  private long startedNanos;
  private ApiProbe probe = new ApiProbe("http://127.0.0.1:1", "http://127.0.0.1:1");

  private NodeProcess(Path folder, String name, List<String> flags, String jvm) throws IOException {
    this.name = name;
    this.jvm = jvm;
    this.folder = Files.createDirectories(folder.resolve(name));
    this.flags = List.copyOf(flags);
    this.process = launch();
  }

  /// Starts a node whose data and log lie in `folder`/`name`; does not wait.
  ///
  /// @param flags more flags of `skein up`
  public static NodeProcess start(Path folder, String name, List<String> flags) throws IOException {
    return new NodeProcess(folder, name, flags, SMALL);
  }

  /// Starts a node as users do, with the launcher's own settings of the JVM, from a configuration
  /// file; its listeners are the file's, one of them called `web`.
  public static NodeProcess configured(Path folder, String name, Path file) throws IOException {
    return new NodeProcess(folder, name, List.of("--config", file.toString()), "");
  }

  /// Starts a node that joins `seed` by `token`.
  public static NodeProcess join(Path folder, String name, NodeProcess seed, String token)
      throws IOException {
    Path file = folder.resolve(name + ".token");
    Files.writeString(file, token + "\n", StandardCharsets.US_ASCII);
    return start(folder, name, List.of("--seed", seed.mesh(), "--token-file", file.toString()));
  }

  private Process launch() throws IOException {
    Files.deleteIfExists(readyFile());
    List<String> words =
        new ArrayList<>(
            List.of(
                "up",
                "--name",
                name,
                "--region",
                "test",
                "--data",
                data().toString(),
                "--mesh",
                mesh,
                "--forward",
                forward,
                "--api",
                apiAddress,
                "--ready-file",
                readyFile().toString()));
    if (!flags.contains("--config")) {
      words.addAll(List.of("--listen", "web=" + web));
    }
    words.addAll(flags);
    ProcessBuilder builder =
        new ProcessBuilder(Distribution.command(words))
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    builder.environment().put("SKEIN_JVM_OPTS", jvm);
    startedNanos = System.nanoTime();
    return builder.start();
  }

  /// Waits until the node answers `/readyz` with 200.
  ///
  /// @return seconds from the start of its process
  public double awaitReady() throws IOException, InterruptedException {
    Await.seconds(
        name + " listens",
        START_LIMIT,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                name + " ended with " + process.exitValue() + " instead of starting:\n" + log());
          }
          return Files.exists(readyFile());
        });
    JsonNode bound = JSON.readTree(readyFile().toFile());
    mesh = bound.get("mesh").asText();
    forward = bound.get("forward").asText();
    apiAddress = authority(bound.get("api").asText());
    bound
        .get("listeners")
        .properties()
        .forEach(
            listener -> listeners.put(listener.getKey(), authority(listener.getValue().asText())));
    web = listener("web");
    probe = new ApiProbe("http://" + apiAddress, "http://" + web);
    Await.seconds(name + " is ready", START_LIMIT, () -> probe.status("/readyz") == 200);
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  private static String authority(String url) {
    return url.substring(url.indexOf("//") + 2);
  }

  /// Host and port of the listener of that name.
  public String listener(String called) {
    return Optional.ofNullable(listeners.get(called))
        .orElseThrow(() -> new AssertionError(name + " has no listener " + called));
  }

  /// The id of its process.
  public long pid() {
    return process.pid();
  }

  /// Processor time the process has used so far, in seconds.
  double processorSeconds() {
    return process
        .info()
        .totalCpuDuration()
        .map(used -> used.toMillis() / 1_000.0)
        .orElseThrow(() -> new AssertionError(name + " runs no more"));
  }

  /// SIGTERM; does not wait.
  void terminate() {
    process.destroy();
  }

  /// SIGKILL, and waits until it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Waits for the end of the process and returns its exit code.
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(name + " still runs after " + limit.toSeconds() + " s:\n" + log());
    }
    return process.exitValue();
  }

  /// Starts it again on the same data and the same ports; does not wait.
  void restart() throws IOException {
    process = launch();
  }

  public ApiProbe probe() {
    return probe;
  }

  /// Base of its listener for clients.
  String traffic() {
    return "http://" + web;
  }

  /// Address of its mesh port.
  String mesh() {
    return mesh;
  }

  /// Base of its API.
  public String api() {
    return "http://" + apiAddress;
  }

  Path data() {
    return folder.resolve("data");
  }

  private Path readyFile() {
    return folder.resolve("ready.json");
  }

  private Path logFile() {
    return folder.resolve("log");
  }

  /// Everything it has said so far, in all its starts.
  public String log() {
    try {
      return Files.readString(logFile(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

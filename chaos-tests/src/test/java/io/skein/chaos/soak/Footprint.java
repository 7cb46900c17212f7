package io.skein.chaos.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What a node's process holds at one moment, after a full collection of its garbage.
///
/// @param second of the soak
/// @param heapMiB live objects
/// @param directPermille share of the direct memory it may use
/// @param residentMiB resident set
/// @param restMiB of that, what is neither heap nor loaded nor compiled code: direct memory,
///   stacks, what the JVM needs itself
/// @param files open file descriptors
/// @param connections of clients, open
/// @param upstream connections to endpoints, open
record Footprint(
    double second,
    double heapMiB,
    double directPermille,
    double residentMiB,
    double restMiB,
    long files,
    double connections,
    double upstream) {
  private static final double MIB = 1 << 20;

  /// Looks at the process `pid`, whose API is at `api`.
  static Footprint of(long pid, String api, double second) throws Exception {
    Process collection =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(pid),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!collection.waitFor(30, TimeUnit.SECONDS) || collection.exitValue() != 0) {
      throw new IOException("jcmd could not make the node collect its garbage");
    }
    List<String> metrics = metrics(api);
    long files;
    try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      files = open.count();
    }
    double resident = resident(pid);
    return new Footprint(
        second,
        sum(metrics, "jvm_memory_used_bytes{area=\"heap\"") / MIB,
        1_000 * sum(metrics, "skein_overload_pressure{resource=\"direct\""),
        resident,
        resident - sum(metrics, "jvm_memory_committed_bytes{area=") / MIB,
        files,
        connections(metrics),
        sum(metrics, "skein_upstream_connections_open"));
  }

  /// Connections of clients that the node at `api` has open.
  static double connections(String api) throws InterruptedException {
    try {
      return connections(metrics(api));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double connections(List<String> metrics) {
    return sum(metrics, "skein_connections_open") + sum(metrics, "skein_relay_connections_open");
  }

  private static double resident(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1_024.0;
      }
    }
    throw new IOException("no resident set of " + pid);
  }

  static List<String> metrics(String api) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(api + "/metrics"))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofLines())
          .body()
          .toList();
    }
  }

  private static double sum(List<String> metrics, String prefix) {
    List<String> lines =
        metrics.stream()
            .filter(line -> line.startsWith(prefix))
            .filter(line -> "{ ".indexOf(line.charAt(prefix.length())) >= 0 || prefix.contains("{"))
            .toList();
    if (lines.isEmpty()) {
      throw new IllegalStateException("no metric begins with " + prefix);
    }
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}

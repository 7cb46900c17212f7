package io.skein.chaos.recovery;

import io.skein.chaos.driver.Command;
import io.skein.chaos.driver.HostPort;
import io.skein.chaos.driver.Http;
import io.skein.chaos.driver.NodeHandle;
import io.skein.chaos.driver.ProcessMesh;
import io.skein.chaos.driver.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Two HAProxy processes of one static configuration, each where one of two nodes is, in front of
/// all endpoints.
final class StaticPair {
  private static final String STATUS = "/haproxy-status";
  private static final int STATUS_MILLIS = 1_000;

  /// How it is configured.
  enum Kind {
    /// As HAProxy's defaults and Debian's time-outs have it: checked every 2 s, out after 3, back
    /// after 2.
    DEFAULTS(
        "haproxy",
        """
          timeout connect 5s
          timeout client 50s
          timeout server 50s
          balance roundrobin
          retries 3
        """,
        "check inter 2s fall 3 rise 2"),
    /// As somebody sets it who wants it to notice early: checked twice a second, out after 2 or by
    /// 5 bad answers, asks another endpoint where one fails.
    TUNED(
        "haproxy-tuned",
        """
          timeout connect 250ms
          timeout client 50s
          timeout server 1s
          timeout check 500ms
          balance leastconn
          retries 2
          option redispatch 1
          retry-on all-retryable-errors
        """,
        "check inter 500ms fall 2 rise 2 observe layer7 error-limit 5 on-error mark-down");

    private final String word;
    private final String defaults;
    private final String server;

    Kind(String word, String defaults, String server) {
      this.word = word;
      this.defaults = defaults;
      this.server = server;
    }

    String word() {
      return word;
    }

    /// Its configuration.
    String text(HostPort at, List<NodeHandle> endpoints) {
      StringBuilder text =
          new StringBuilder("global\n  maxconn 4000\ndefaults\n  mode http\n")
              .append(defaults)
              .append("listen web\n  bind ")
              .append(at)
              .append("\n  option httpchk GET /health\n  stats enable\n  stats uri ")
              .append(STATUS)
              .append('\n');
      for (NodeHandle endpoint : endpoints) {
        text.append("  server ")
            .append(endpoint.name())
            .append(' ')
            .append(endpoint.endpointAt())
            .append(' ')
            .append(server)
            .append('\n');
      }
      return text.toString();
    }
  }

  private final ProcessMesh mesh;
  private final Kind kind;
  private final Map<NodeHandle, Process> processes = new LinkedHashMap<>();

  private StaticPair(ProcessMesh mesh, Kind kind) {
    this.mesh = mesh;
    this.kind = kind;
  }

  /// Whether there is a HAProxy.
  static boolean possible() throws InterruptedException {
    return Command.works("haproxy", "-v");
  }

  /// Starts one beside each of these nodes.
  static StaticPair beside(ProcessMesh mesh, Kind kind, List<NodeHandle> nodes) throws IOException {
    StaticPair pair = new StaticPair(mesh, kind);
    for (NodeHandle node : nodes) {
      Files.writeString(pair.file(node), kind.text(pair.at(node), mesh.nodes()));
      pair.launch(node);
    }
    return pair;
  }

  private Path file(NodeHandle node) {
    return mesh.folder().resolve(node.name()).resolve(kind.word() + ".cfg");
  }

  private HostPort at(NodeHandle node) {
    return mesh.portBeside(node, kind.ordinal());
  }

  String name() {
    return kind.word();
  }

  List<HostPort> addresses() {
    return processes.keySet().stream().map(this::at).toList();
  }

  /// Whether both say that every endpoint is fit.
  boolean allUp() {
    return addresses().stream()
        .allMatch(at ->
            Http.get(at, STATUS + ";csv", STATUS_MILLIS)
                    instanceof Http.Answer(int _, String _, String body)
                && allUp(body));
  }

  /// Whether a table of HAProxy's, as comma-separated values, has servers, all of them up.
  static boolean allUp(String table) {
    List<List<String>> rows =
        table
            .lines()
            .map(line -> List.of(line.split(",", -1)))
            .filter(row -> row.size() > 1)
            .toList();
    if (rows.isEmpty()) {
      return false;
    }
    int name = rows.getFirst().indexOf("svname");
    int status = rows.getFirst().indexOf("status");
    List<String> servers =
        rows.stream()
            .skip(1)
            .filter(row -> !List.of("FRONTEND", "BACKEND").contains(row.get(name)))
            .map(row -> row.get(status))
            .toList();
    return !servers.isEmpty() && servers.stream().allMatch("UP"::equals);
  }

  /// Starts the one beside that node, if there is one and it does not run.
  void start(NodeHandle node) throws IOException {
    if (of(node).stream().anyMatch(process -> !process.isAlive())) {
      launch(node);
    }
  }

  private void launch(NodeHandle node) throws IOException {
    List<String> words = List.of("haproxy", "-db", "-f", file(node).toString());
    processes.put(node, mesh.beside(node, kind.word() + ".log", words));
  }

  /// Kills the one beside that node, if there is one.
  void kill(NodeHandle node) throws InterruptedException {
    for (Process process : of(node)) {
      process.destroyForcibly().waitFor();
    }
  }

  /// Stops the one beside that node, or lets it run again, if there is one.
  void pause(NodeHandle node, boolean paused) throws IOException, InterruptedException {
    for (Process process : of(node)) {
      Signals.stop(process, paused);
    }
  }

  private List<Process> of(NodeHandle node) {
    List<Process> those = new ArrayList<>();
    processes.forEach((at, process) -> {
      if (at == node) {
        those.add(process);
      }
    });
    return those;
  }
}

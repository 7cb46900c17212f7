package io.skein.chaos;

import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// One node in a container of its own, with an endpoint beside it that it alone reaches.
final class ChaosNode implements AutoCloseable {
  private static final int API_PORT = 9700;
  private static final int TRAFFIC_PORT = 8080;
  private static final long MEMORY_BYTES = 384L << 20;
  private static final int LOG_LINES = 40;

  private final String name;
  private final GenericContainer<?> container;
  private ApiProbe probe = new ApiProbe("http://127.0.0.1:1", "http://127.0.0.1:1");

  ChaosNode(String image, Network network, String name, String region, List<String> join) {
    this.name = name;
    List<String> up =
        new ArrayList<>(
            List.of(
                "exec /opt/skein/skein up --name",
                name,
                "--region",
                region,
                "--listen web=0.0.0.0:" + TRAFFIC_PORT,
                "--window 2s --mesh-name chaos"));
    up.addAll(join);
    String endpoint =
        "java -Xmx24m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dsun.net.httpserver.nodelay=true"
            + " -cp '/opt/skein/lib/*' io.skein.app.demo.EndpointServer hello/"
            + name
            + " 8000 2 &";
    container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withNetwork(network)
            .withNetworkAliases(name)
            .withExposedPorts(API_PORT, TRAFFIC_PORT)
            .withEnv("SKEIN_JVM_OPTS", "-Xms24m -Xmx128m -Xss512k -XX:TieredStopAtLevel=1")
            .withCreateContainerCmdModifier(command -> {
              command.withEntrypoint("/bin/sh", "-c", endpoint + " " + String.join(" ", up));
              command.withCmd(List.of());
              Objects.requireNonNull(command.getHostConfig(), "host config")
                  .withInit(true)
                  .withMemory(MEMORY_BYTES)
                  .withCapAdd(Capability.NET_ADMIN);
            })
            .waitingFor(
                Wait.forHttp("/readyz")
                    .forPort(API_PORT)
                    .forStatusCode(200)
                    .withStartupTimeout(Duration.ofSeconds(120)));
  }

  /// Starts it and waits until it is ready.
  void start() {
    container.start();
    probe = new ApiProbe(base(API_PORT), base(TRAFFIC_PORT));
  }

  ApiProbe probe() {
    return probe;
  }

  String name() {
    return name;
  }

  String address() {
    return Objects.requireNonNull(
        container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
            .findFirst()
            .orElseThrow()
            .getIpAddress(),
        "address");
  }

  /// Drops every packet from and to `others`.
  void cutFrom(List<String> others) {
    StringBuilder script = new StringBuilder("iptables-restore -n <<'RULES'\n*filter\n");
    for (String other : others) {
      script.append("-A INPUT -s ").append(other).append(" -j DROP\n");
      script.append("-A OUTPUT -d ").append(other).append(" -j DROP\n");
    }
    asRoot(script.append("COMMIT\nRULES\n").toString());
  }

  /// Takes all rules back.
  void heal() {
    asRoot("iptables -F");
  }

  /// Packets that the rules have dropped since they were set.
  long droppedPackets() {
    String rules = asRoot("iptables -nvxL | awk '$3 == \"DROP\" { n += $1 } END { print n + 0 }'");
    return Long.parseLong(rules.strip());
  }

  private String asRoot(String script) {
    try {
      var result = container.execInContainerWithUser("0", "sh", "-c", script);
      if (result.getExitCode() != 0) {
        throw new AssertionError(name + ": " + script + ": " + result.getStderr());
      }
      return result.getStdout();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + script, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(name + ": interrupted", e);
    }
  }

  /// The end of what the node has said.
  String lastLog() {
    List<String> lines = container.getLogs().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  private String base(int port) {
    return "http://127.0.0.1:" + container.getMappedPort(port);
  }

  @Override
  public void close() {
    container.stop();
  }
}

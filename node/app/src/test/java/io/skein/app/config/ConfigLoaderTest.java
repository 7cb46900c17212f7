package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.healing.swarm.ActionKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {
  private static final Map<String, String> HOME = Map.of("HOME", "/home/u", "HOSTNAME", "box.lan");

  private static final String EVERYTHING =
      """
      node:
        name: eu-1
        region: eu
        zone: eu-a
        data: /var/lib/skein
        identity-passphrase-file: /run/secrets/identity
      mesh:
        bind: 0.0.0.0:7900
        advertise: eu-1.example.org:7901
        seeds: [us-1.example.org:7800, "[fd00::1]:7800"]
        token-file: /run/secrets/token
        invite-file: /mesh/token
        forward: 0.0.0.0:7902
        name: prod
        window: 2s
        directory: false
        timers:
          suspect: 8s
          heartbeat: 2s
          merge-min: 500ms
          merge-max: 1m
      api:
        bind: 0.0.0.0:9800
        allow-remote: true
      listeners:
        - name: web
          bind: 0.0.0.0:8080
          receipt-header: true
        - {name: admin, bind: "[::1]:8081"}
      services:
        - name: orders
          policy: least-request
          hosts: [orders.example.org, www.example.org]
          path: /orders
          health: {path: /healthz, interval: 5s, timeout: 2s}
          slow-after: 250ms
          endpoints:
            - name: a
              url: http://10.0.0.1:8081
              owner: region
              region: us
              weight: 3
              price: 2.5
      proxy:
        timeouts: {connect: 2s, first-byte: 20s, idle: 2m}
        retry-budget: 0.1
        locality: {probe-floor: 0.05}
        clients: {connections: 5000, connections-per-address: 50, body-rate: 100, answer-rate: 0, stretch: 20s,
          requests-per-connection: 1000, connection-age: 10m}
        http2: {streams: 64, stream-window: 128KiB, shared-window: 2MiB, held: 8MiB, header-list: 64KiB, resets: 100, control-frames: 10}
      receipts: {enabled: false, keep: 10m, budget: 128MiB}
      ledger:
        retention: {age: 48h, size: 512MiB, margin: 20m}
      healing: {set-aside: observe, shift: observe, cover: observe, re-home: act, avoid: observe, drain: act, rebuild: observe, fall-back: observe, shed: observe, rejoin: observe, most-at-once: 5, most-per-minute: 30}
      drain:
        notice: 3s
        timeout: 5s
      access-log:
        format: json
        file: /var/log/skein/access.log
      log:
        level: debug
        format: text
      """;

  @TempDir private Path directory;

  @Test
  void everythingHasItsDefault() {
    NodeConfig config = load(Optional.empty(), HOME).config();

    assertEquals(
        new NodeConfig(
            new IdentityConfig(
                "box", "local", "", Path.of("/home/u/.local/share/skein/box"), Optional.empty()),
            new MeshConfig(
                new HostPort("127.0.0.1", 7800),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new HostPort("127.0.0.1", 7801),
                "skein",
                Duration.ofSeconds(10),
                true,
                new MeshTimers(
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3))),
            new ApiConfig(new HostPort("127.0.0.1", 9700), false),
            List.of(),
            List.of(),
            new ProxyConfig(
                new ProxyConfig.Timeouts(
                    Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(60)),
                0.2,
                new ProxyConfig.Locality(0.03, true),
                new ProxyConfig.Clients(
                    20_000, 0, 240, 240, Duration.ofSeconds(10), 0, Duration.ofHours(1)),
                new ProxyConfig.Http2(128, 65_536, 1_048_576, 4_194_304, 32_768, 200, 20)),
            new ReceiptsConfig(true, Duration.ofHours(1), 32L << 20),
            RetentionConfig.DEFAULT,
            new DrainConfig(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            new AccessLogConfig(AccessLogConfig.Format.OFF, Optional.empty()),
            new LogConfig(LogConfig.Level.INFO, LogConfig.Format.AUTO)),
        config);
  }

  @Test
  void everyKeyCanBeSet() throws IOException {
    NodeConfig config = load(Optional.of(file(EVERYTHING)), HOME).config();

    assertEquals(
        new NodeConfig(
            new IdentityConfig(
                "eu-1",
                "eu",
                "eu-a",
                Path.of("/var/lib/skein"),
                Optional.of(Path.of("/run/secrets/identity"))),
            new MeshConfig(
                new HostPort("0.0.0.0", 7900),
                Optional.of(new HostPort("eu-1.example.org", 7901)),
                List.of(new HostPort("us-1.example.org", 7800), new HostPort("fd00::1", 7800)),
                Optional.empty(),
                Optional.of(Path.of("/run/secrets/token")),
                Optional.of(Path.of("/mesh/token")),
                new HostPort("0.0.0.0", 7902),
                "prod",
                Duration.ofSeconds(2),
                false,
                new MeshTimers(
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    Duration.ofMinutes(1))),
            new ApiConfig(new HostPort("0.0.0.0", 9800), true),
            List.of(
                new ListenerConfig("web", new HostPort("0.0.0.0", 8080), true),
                new ListenerConfig("admin", new HostPort("::1", 8081), false)),
            List.of(
                new ServiceConfig(
                    "orders",
                    RoutingPolicy.LEAST_REQUEST,
                    List.of("orders.example.org", "www.example.org"),
                    "/orders",
                    Optional.of(
                        new HealthConfig("/healthz", Duration.ofSeconds(5), Duration.ofSeconds(2))),
                    Duration.ofMillis(250),
                    List.of(
                        new EndpointConfig(
                            "a",
                            URI.create("http://10.0.0.1:8081"),
                            EndpointConfig.Owner.REGION,
                            "us",
                            3,
                            2_500)))),
            List.of(),
            List.of(),
            new ProxyConfig(
                new ProxyConfig.Timeouts(
                    Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofMinutes(2)),
                0.1,
                new ProxyConfig.Locality(0.05, true),
                new ProxyConfig.Clients(
                    5_000, 50, 100, 0, Duration.ofSeconds(20), 1_000, Duration.ofMinutes(10)),
                new ProxyConfig.Http2(64, 131_072, 2_097_152, 8_388_608, 65_536, 100, 10)),
            new ReceiptsConfig(false, Duration.ofMinutes(10), 128L << 20),
            new RetentionConfig(Duration.ofHours(48), 512L << 20, Duration.ofMinutes(20)),
            new HealingConfig(
                Arrays.stream(ActionKind.values())
                    .collect(
                        Collectors.toMap(
                            kind -> kind,
                            kind ->
                                kind == ActionKind.DRAIN || kind == ActionKind.RE_HOME
                                    ? HealingConfig.Mode.ACT
                                    : HealingConfig.Mode.OBSERVE)),
                5,
                30),
            new DrainConfig(Duration.ofSeconds(3), Duration.ofSeconds(5)),
            new AccessLogConfig(
                AccessLogConfig.Format.JSON, Optional.of(Path.of("/var/log/skein/access.log"))),
            TracingConfig.DEFAULT,
            MetricsConfig.DEFAULT,
            new LogConfig(LogConfig.Level.DEBUG, LogConfig.Format.TEXT)),
        config);
  }

  @Test
  void partsOfAServiceHaveTheirDefaults() throws IOException {
    Path file =
        file(
            """
            node: {region: eu}
            services:
              - name: orders
                health: {path: /up}
                endpoints: [{name: a, url: "http://127.0.0.1"}]
            """);

    ServiceConfig service = load(Optional.of(file), HOME).config().services().getFirst();

    assertEquals(
        new ServiceConfig(
            "orders",
            RoutingPolicy.SKEIN,
            List.of(),
            "/",
            Optional.of(new HealthConfig("/up", Duration.ofSeconds(2), Duration.ofSeconds(1))),
            Duration.ofSeconds(1),
            List.of(
                new EndpointConfig(
                    "a",
                    URI.create("http://127.0.0.1:80"),
                    EndpointConfig.Owner.SELF,
                    "eu",
                    1,
                    1_000))),
        service);
    assertEquals(List.of("orders"), service.effectiveHosts());
  }

  @Test
  void aCheckIsNeverMorePatientThanItIsFrequent() throws IOException {
    Path file = file("services: [{name: orders, health: {path: /up, interval: 200ms}}]\n");

    ServiceConfig service = load(Optional.of(file), HOME).config().services().getFirst();

    assertEquals(
        Optional.of(new HealthConfig("/up", Duration.ofMillis(200), Duration.ofMillis(200))),
        service.health());
  }

  @Test
  void aFlagWinsOverTheEnvironmentThatOverTheFile() throws IOException {
    Path file =
        file("node: {name: from-file, region: from-file, zone: from-file}\nmesh: {seeds: [a:1]}\n");
    Map<String, String> environment =
        Map.of(
            "HOME", "/home/u",
            "SKEIN_NODE_NAME", "from-environment",
            "SKEIN_NODE_REGION", "from-environment",
            "SKEIN_MESH_SEEDS", "b:2, c:3",
            "SKEIN_LISTENERS", "web=127.0.0.1:8080,127.0.0.1:8081");
    CommandLineOverrides flags =
        CommandLineOverrides.parse(
            List.of("--name", "from-flag", "--window=500ms", "--api-allow-remote"));

    ConfigOutcome.Loaded loaded =
        assertInstanceOf(
            ConfigOutcome.Loaded.class, ConfigLoader.load(Optional.of(file), environment, flags));
    NodeConfig config = loaded.config();

    assertEquals("from-flag", config.node().name());
    assertEquals("from-environment", config.node().region());
    assertEquals("from-file", config.node().zone());
    assertEquals(Duration.ofMillis(500), config.mesh().window());
    assertTrue(config.api().allowRemote());
    assertEquals(List.of(new HostPort("b", 2), new HostPort("c", 3)), config.mesh().seeds());
    assertEquals(
        List.of(
            new ListenerConfig("web", new HostPort("127.0.0.1", 8080), false),
            new ListenerConfig("listener-1", new HostPort("127.0.0.1", 8081), false)),
        config.listeners());
    Provenance provenance = loaded.provenance();
    assertEquals(Optional.of(new Place.OnCommandLine("--name")), provenance.place("node.name"));
    assertEquals(
        Optional.of(new Place.InEnvironment("SKEIN_NODE_REGION")), provenance.place("node.region"));
    assertEquals("line 1", provenance.place("node.zone").orElseThrow().mention());
    assertEquals(Optional.of(new Place.Default()), provenance.place("log.level"));
    assertTrue(provenance.render().contains("drain.timeout "), provenance.render());
  }

  @Test
  void repeatedFlagsMakeLists() {
    CommandLineOverrides flags =
        CommandLineOverrides.parse(
            List.of("--seed", "a:1", "--seed", "b:2", "--listen", "web=127.0.0.1:0"));

    NodeConfig config =
        assertInstanceOf(
                ConfigOutcome.Loaded.class, ConfigLoader.load(Optional.empty(), HOME, flags))
            .config();

    assertEquals(List.of(new HostPort("a", 1), new HostPort("b", 2)), config.mesh().seeds());
    assertEquals(
        List.of(new ListenerConfig("web", new HostPort("127.0.0.1", 0), false)),
        config.listeners());
  }

  @Test
  void portZeroIsUsableEverywhere() {
    CommandLineOverrides flags =
        CommandLineOverrides.parse(
            List.of("--mesh=127.0.0.1:0", "--api=127.0.0.1:0", "--listen=127.0.0.1:0"));

    NodeConfig config =
        assertInstanceOf(
                ConfigOutcome.Loaded.class, ConfigLoader.load(Optional.empty(), HOME, flags))
            .config();

    assertEquals(0, config.mesh().forward().port());
  }

  @Test
  void valuesReferToVariablesAndFiles() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "skein1-abc\n");
    Path file =
        file(
            "node: {name: '${WHO:-nobody}', region: \"${WHERE}\", zone: '${EMPTY:-z}', data: a$$b}\n"
                + "mesh: {token: '${file:"
                + token
                + "}'}\n");

    NodeConfig config =
        load(Optional.of(file), Map.of("HOME", "/h", "WHERE", "eu", "EMPTY", "")).config();

    assertEquals("nobody", config.node().name());
    assertEquals("eu", config.node().region());
    assertEquals("z", config.node().zone());
    assertEquals(Path.of("a$b"), config.node().data());
    assertEquals(Optional.of(new Secret("skein1-abc")), config.mesh().token());
  }

  @Test
  void aTokenIsReadFromItsFileAndNeverShown() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "skein1-abc\n");
    Path file = file("mesh: {token-file: " + token + "}\n");

    MeshConfig mesh = load(Optional.of(file), HOME).config().mesh();
    ConfigOutcome.Loaded overridden =
        assertInstanceOf(
            ConfigOutcome.Loaded.class,
            ConfigLoader.load(
                Optional.of(file), HOME, CommandLineOverrides.parse(List.of("--token", "other"))));

    assertEquals(Optional.of(new Secret("skein1-abc")), mesh.readToken());
    assertEquals(Optional.of(new Secret("other")), overridden.config().mesh().readToken());
    assertTrue(!overridden.provenance().render().contains("other"));
    assertTrue(!overridden.config().toString().contains("other"));
  }

  @Test
  void anEmptyFileIsAllDefaults() throws IOException {
    assertEquals(
        load(Optional.empty(), HOME).config(),
        load(Optional.of(file("# nothing yet\n---\n")), HOME).config());
  }

  @Test
  void theFileComesFromItsFlagThenFromTheEnvironment() {
    Map<String, String> environment = Map.of("SKEIN_CONFIG", "/etc/skein.yaml");

    assertEquals(
        Optional.of(Path.of("mine.yaml")),
        CommandLineOverrides.parse(List.of("--config", "mine.yaml")).configFile(environment));
    assertEquals(
        Optional.of(Path.of("/etc/skein.yaml")), CommandLineOverrides.NONE.configFile(environment));
    assertEquals(
        Optional.of(Path.of("r.json")),
        CommandLineOverrides.parse(List.of("--ready-file=r.json")).readyFile(Map.of()));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("skein.yaml"), text);
  }

  private static ConfigOutcome.Loaded load(Optional<Path> file, Map<String, String> environment) {
    return switch (ConfigLoader.load(file, environment, CommandLineOverrides.NONE)) {
      case ConfigOutcome.Loaded loaded -> loaded;
      case ConfigOutcome.Invalid invalid -> throw new AssertionError(invalid.render());
    };
  }
}

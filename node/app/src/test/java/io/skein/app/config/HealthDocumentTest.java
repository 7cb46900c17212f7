package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.skein.app.traffic.DiscoveryWish;
import io.skein.app.traffic.HealthWish;
import io.skein.app.traffic.Traffic;
import io.skein.proxy.discovery.DnsQuery;
import io.skein.proxy.health.Pace;
import io.skein.proxy.health.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The sections `health` and `discovery` of a service's traffic.
final class HealthDocumentTest {
  private static final String FULL =
      """
      {"discovery":{"kind":"srv","max-ttl":"1m","min-ttl":"2s","name":"_http._tcp.orders.test",
      "port":8080,"scheme":"h2c","servers":["127.0.0.1:5353"]},
      "health":{"body":"ready","expect":"PONG","grpc-service":"shop.Orders",
      "headers":["X-Check: yes"],"healthy-after":4,"host":"orders.test","kind":"grpc",
      "send":"PING","server-name":"orders.test","status":["200-299",418],"tls":true,
      "unhealthy-after":5,"verify":true,"while-bad":"500ms"}}\
      """
          .replace("\n", "");

  @TempDir Path folder;

  @Test
  void everyKeyCanBeSet() {
    Document<Traffic> document = Document.trafficWanted(FULL);

    assertEquals(List.of(), document.faults());
    assertEquals(
        new HealthWish(
            Optional.of(HealthWish.Kind.GRPC),
            List.of(new Probe.Statuses(200, 299), new Probe.Statuses(418, 418)),
            Optional.of("orders.test"),
            List.of(new Probe.Field("X-Check", "yes")),
            Optional.of("ready"),
            Optional.of("PING"),
            Optional.of("PONG"),
            Optional.of("shop.Orders"),
            Optional.of(true),
            Optional.of("orders.test"),
            Optional.of(true),
            OptionalInt.of(4),
            OptionalInt.of(5),
            Optional.of(Duration.ofMillis(500))),
        document.value().health());
    assertEquals(
        new DiscoveryWish(
            Optional.of(new DnsQuery(DnsQuery.Kind.SRV, "_http._tcp.orders.test", 8080)),
            "h2c",
            List.of(InetSocketAddress.createUnresolved("127.0.0.1", 5353)),
            Optional.of(Duration.ofSeconds(2)),
            Optional.of(Duration.ofMinutes(1))),
        document.value().discovery());
    assertEquals(FULL, document.text());
  }

  @Test
  void whatIsWishedBecomesACheck() {
    HealthWish wish = Document.trafficWanted(FULL).value().health();
    Probe.Tls tls = new Probe.Tls(Optional.of("orders.test"), true);
    assertEquals(
        Optional.of(new Probe.Grpc("shop.Orders", Optional.of("orders.test"), Optional.of(tls))),
        wish.probe("", false));
    assertEquals(
        new Pace(Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofSeconds(1), 0.1, 4, 5),
        wish.pace(Duration.ofSeconds(2), Duration.ofSeconds(1)));

    assertEquals(Optional.empty(), HealthWish.DEFAULT.probe("", false));
    assertEquals(Optional.of(Probe.Http.get("/up")), HealthWish.DEFAULT.probe("/up", false));
    assertEquals(
        Optional.of(new Probe.Tcp("PING", "+PONG")),
        Document.trafficWanted(
                "{\"health\":{\"kind\":\"tcp\",\"send\":\"PING\",\"expect\":\"+PONG\"}}")
            .value()
            .health()
            .probe("", false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"health":{"kind":"smtp"}}              | /health/kind
          {"health":{"status":["700"]}}           | /health/status/0
          {"health":{"status":["299-200"]}}       | /health/status/0
          {"health":{"headers":["no colon"]}}     | /health/headers/0
          {"health":{"headers":["a b: c"]}}       | /health/headers/0
          {"health":{"host":"ä.test"}}            | /health/host
          {"health":{"unhealthy-after":0}}        | /health/unhealthy-after
          {"discovery":{"name":"Not A Name"}}     | /discovery/name
          {"discovery":{"name":"a","port":0}}     | /discovery/port
          {"discovery":{"servers":["nowhere"]}}   | /discovery/servers/0
          {"discovery":{"min-ttl":"1ms"}}         | /discovery/min-ttl\
          """)
  void aMistakeHasAPointer(String json, String pointer) {
    assertEquals(
        List.of(pointer),
        Document.trafficWanted(json).faults().stream().map(Document.Fault::pointer).toList());
  }

  @Test
  void theConfigurationFileSaysTheSame() throws IOException {
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        """
        node: {name: a}
        services:
          - name: shop
            health: {kind: tcp, send: PING, expect: PONG, interval: 7s}
            discovery: {name: shop.test, port: 6379}
          - name: web
            health: {path: /up, status: [204], unhealthy-after: 2}
        """);

    ConfigOutcome outcome =
        ConfigLoader.load(
            Optional.of(file), Map.of("HOME", folder.toString()), CommandLineOverrides.NONE);

    List<ServiceConfig> services =
        assertInstanceOf(ConfigOutcome.Loaded.class, outcome).config().services();
    assertEquals(
        "{\"discovery\":{\"name\":\"shop.test\",\"port\":6379},"
            + "\"health\":{\"expect\":\"PONG\",\"kind\":\"tcp\",\"send\":\"PING\"}}",
        services.get(0).traffic());
    assertEquals("", services.get(0).health().orElseThrow().path());
    assertEquals(Duration.ofSeconds(7), services.get(0).health().orElseThrow().interval());
    assertEquals(
        "{\"health\":{\"status\":[204],\"unhealthy-after\":2}}", services.get(1).traffic());
  }
}

package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.Balancing;
import io.skein.app.traffic.DiscoveryWish;
import io.skein.app.traffic.HealthWish;
import io.skein.app.traffic.Protection;
import io.skein.app.traffic.Sticky;
import io.skein.app.traffic.Traffic;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.StickyCookie;
import io.skein.proxy.web.Compression;
import io.skein.proxy.web.Cors;
import io.skein.proxy.web.Web;
import io.skein.routing.c3.C3Config;
import io.skein.routing.candidate.PanicRule;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.maglev.MaglevConfig;
import io.skein.routing.p2c.P2cConfig;
import io.skein.routing.prequal.PrequalConfig;
import io.skein.routing.ringhash.RingHashConfig;
import io.skein.routing.skein.SkeinConfig;
import io.skein.routing.swarm.SwarmConfig;
import io.skein.routing.weighted.WeightedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrafficDocumentTest {
  /// Every key, each set to something else than its default; sorted and as short as it can be.
  private static final String FULL =
      """
      {"balancing":{"c3":{"exponent":2},"key":{"by":"header","name":"x-user"},"least-request":{"choices":3},
      "maglev":{"load-bound":0.0,"table-size":251},
      "predict":false,
      "prequal":{"hot-quantile":0.9,"max-age":"2s","max-uses":4,"pool":20,"probes":5,"removals":2},
      "ring-hash":{"load-bound":1.5,"points":200},
      "skein":{"choices":6,"crowding":3,"floor":"2ms","headroom":2.0,"initial-latency":"20ms","price":0.5,"probe-age":"3s",
      "probe-floor":0.01,"probes":2,"reputation-floor":0.1,"tolerance":0.3},
      "swarm":{"ceiling":3.0,"floor":0.1,"load":1,"pheromone":2},"weighted":{"most-turns":2048}},
      "breaker":{"connections":11,"failures":5,"open":"3s","pending":12,"requests":13},
      "compression":{"enabled":true,"least-size":"2KiB","level":6,"types":["text/*"]},
      "concurrency":{"enabled":true,"least":20,"most":30,"patience":"3s","tolerance":2.0,"waiting":40},
      "cors":{"credentials":true,"enabled":true,"expose":["X-Total"],"headers":["X-Key"],"max-age":"1h",
      "methods":["PUT"],"origins":["https://a.example","https://*.b.example"]},
      "hedging":{"budget":0.05,"enabled":false,"quantile":0.9},
      "panic":{"below":0.25},
      "priority":{"header":"x-priority","usual":"sheddable"},
      "rate-limits":[{"burst":7,"by":"service","name":"all","per":"1m","requests":60,"scope":"mesh"},
      {"burst":1,"by":"header","header":"x-key","name":"key","per":"1s","requests":5,"scope":"node"}],
      "relays":{"connections":100,"connections-per-address":3,"half-closed":"5s","idle":"1m","lifetime":"1h"},
      "retries":{"backoff":"1ms","budget":0.5,"methods":["POST"],"most-backoff":"2s",
      "on":["connect",503],"tries":4},
      "slow-start":{"least":0.5,"window":"1m"},
      "sticky":{"by":"header","http-only":false,"max-age":"2h","name":"X-User","pass-on":true,"path":"/a","same-site":"none","secure":true},
      "timeouts":{"connect":"250ms","first-byte":"5s","idle":"2m","total":"10s"}}\
      """
          .replace("\n", "");

  @TempDir Path folder;

  @Test
  void nothingSaidIsAsUsual() {
    for (String text : List.of("", "{}", "{\"timeouts\":{}}")) {
      Document<Traffic> document = Document.trafficWanted(text);
      assertEquals(Traffic.DEFAULT, document.value());
      assertEquals("", document.text());
      assertTrue(document.good());
    }
  }

  @Test
  void everyKeyCanBeSet() {
    Document<Traffic> document = Document.trafficWanted(FULL);

    assertEquals(List.of(), document.faults());
    assertEquals(
        new Traffic(
            new Traffic.Timeouts(
                Optional.of(Duration.ofMillis(250)),
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(Duration.ofMinutes(2)),
                Duration.ofSeconds(10)),
            new Traffic.Retries(
                OptionalDouble.of(0.5),
                4,
                List.of("connect", "503"),
                List.of("POST"),
                Duration.ofMillis(1),
                Duration.ofSeconds(2)),
            Traffic.Endpoints.DEFAULT,
            HealthWish.DEFAULT,
            DiscoveryWish.DEFAULT,
            new Protection(
                new Protection.Hedging(false, 0.9, 0.05),
                new Protection.Breaker(11, 12, 13, 5, Duration.ofSeconds(3)),
                new PanicRule(0.25),
                new Protection.SlowStart(Duration.ofMinutes(1), 0.5),
                new Protection.Concurrency(true, 20, 30, 2, 40, Duration.ofSeconds(3)),
                new Protection.Importance(Priority.SHEDDABLE, "x-priority"),
                List.of(
                    new Protection.Limit(
                        "all", 60, Duration.ofMinutes(1), 7, RateLimit.By.SERVICE, "", true),
                    new Protection.Limit(
                        "key", 5, Duration.ofSeconds(1), 1, RateLimit.By.HEADER, "x-key", false)),
                new Protection.Lasting(
                    100, 3, Duration.ofMinutes(1), Duration.ofSeconds(5), Duration.ofHours(1))),
            new Sticky(
                Sticky.By.HEADER,
                "X-User",
                new Sticky.Cookie(
                    Duration.ofHours(2), "/a", StickyCookie.SameSite.NONE, true, false, true)),
            new Web(
                new Cors(
                    List.of("https://a.example", "https://*.b.example"),
                    List.of("PUT"),
                    List.of("x-key"),
                    List.of("X-Total"),
                    true,
                    3_600),
                new Compression(List.of("text/*"), 2_048, 6)),
            new Balancing(
                new RequestKey(RequestKey.By.HEADER, "x-user"),
                new WeightedConfig(2_048),
                new P2cConfig(3),
                new C3Config(2),
                new PrequalConfig(5, 20, 2_000_000_000L, 0.9, 2, 4),
                new RingHashConfig(200, 1.5),
                new MaglevConfig(251, 0),
                new SwarmConfig(0.1, 3, 2, 1),
                new SkeinConfig(
                    6, 2, 0.3, 3, 2_000_000, 20_000_000, 0.1, 0.01, 3_000_000_000L, 0.5, 2),
                false)),
        document.value());
    assertEquals(FULL, document.text());
  }

  @Test
  void documentsOfOneMeaningHaveOneText() {
    String other =
        """
        { "timeouts" : { "idle": "120s", "first-byte": "5000ms", "connect": "250ms" },
          "sticky": {"name": "X-User", "max-age": "120m", "by": "header"},
          "retries": { "budget": "0.5", "tries": 3 }, "hedging": { "quantile": 0.95 } }
        """;

    assertEquals(
        "{\"retries\":{\"budget\":0.5},"
            + "\"sticky\":{\"by\":\"header\",\"max-age\":\"2h\",\"name\":\"X-User\"},"
            + "\"timeouts\":{\"connect\":\"250ms\",\"first-byte\":\"5s\",\"idle\":\"2m\"}}",
        Document.trafficWanted(other).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"timeouts":{"first-byte":"0s"}}        | /timeouts/first-byte
          {"timeouts":{"idle":"often"}}           | /timeouts/idle
          {"timeouts":{"conect":"1s"}}            | /timeouts/conect
          {"timeouts":"1s"}                       | /timeouts
          {"retries":{"budget":1.5}}              | /retries/budget
          {"retries":{"on":["5xx","3xx"]}}        | /retries/on/1
          {"hedging":{"quantile":0.3}}            | /hedging/quantile
          {"concurrency":{"least":9,"most":8}}    | /concurrency/most
          {"concurrency":{"waiting":-1}}       | /concurrency/waiting
          {"concurrency":{"patience":"0s"}}    | /concurrency/patience
          {"rate-limits":[{"name":"a","requests":1,"by":"header"}]} | /rate-limits/0/header
          {"rate-limits":[{"name":"a","requests":1,"by":"address","scope":"mesh"}]} | /rate-limits/0/scope
          {"sticky":{"same-site":"none"}}         | /sticky/same-site
          {"sticky":{"path":"a;b"}}               | /sticky/path
          {"retries":{"budget":"${HOME}"}}        | /retries/budget
          {"health":{"every":"1s"}}               | /health/every
          {"cors":{"origins":["https://a.example/"]}} | /cors/origins/0
          {"cors":{"origins":["*"],"credentials":true}} | /cors
          {"cors":{"enabled":true}}               | /cors
          {"cors":{"origins":["*"],"methods":["put"]}} | /cors/methods/0
          {"compression":{"level":10}}            | /compression/level
          {"compression":{"types":["text"]}}      | /compression/types/0
          {"a/b~c":1}                             | /a~1b~0c
          [1]                                     | ''
          nonsense                                | ''
          """)
  void aMistakeHasAPointer(String text, String pointer) {
    Document<Traffic> document = Document.trafficWanted(text);

    assertEquals(
        List.of(pointer), document.faults().stream().map(Document.Fault::pointer).toList());
    assertEquals(Traffic.DEFAULT, document.value());
  }

  @Test
  void aDocumentOfANewerNodeIsFollowedAsFarAsItIsUnderstood() {
    String text = "{\"timeouts\":{\"idle\":\"5s\",\"lunch\":\"1h\"},\"telepathy\":{\"on\":true}}";

    Document<Traffic> document = Document.trafficCarried(text);

    assertEquals(Optional.of(Duration.ofSeconds(5)), document.value().timeouts().idle());
    assertEquals(
        List.of("/telepathy", "/timeouts/lunch"), document.unknown().stream().sorted().toList());
    assertTrue(document.good());
  }

  @Test
  void aMalformedDocumentLeavesAllAsUsual() {
    for (String text :
        List.of("{\"timeouts\":{\"idle\":\"never\"}}", "{", "\u0000", "{\"a\":&x 1}")) {
      Document<Traffic> document = Document.trafficCarried(text);

      assertEquals(Traffic.DEFAULT, document.value());
      assertTrue(!document.good(), text);
    }
  }

  @Test
  void theConfigurationFileSaysTheSame() throws IOException {
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        // JSON is YAML.
        "services:\n  - "
            + FULL.replaceFirst(
                "\\{",
                "{\"name\":\"shop\",\"endpoints\":[{\"name\":\"a\",\"url\":\"https://127.0.0.1\"}],")
            + "\n  - name: plain\n");

    ConfigOutcome outcome =
        ConfigLoader.load(
            Optional.of(file), Map.of("HOME", folder.toString()), CommandLineOverrides.NONE);

    List<ServiceConfig> services =
        assertInstanceOf(ConfigOutcome.Loaded.class, outcome).config().services();
    assertEquals(FULL, services.get(0).traffic());
    assertEquals("https://127.0.0.1:443", services.get(0).endpoints().get(0).url().toString());
    assertEquals("", services.get(1).traffic());
  }
}

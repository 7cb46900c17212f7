package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.DiscoveryWish;
import io.skein.app.traffic.HealthWish;
import io.skein.app.traffic.Traffic;
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
      {"retries":{"budget":0.5},
      "timeouts":{"connect":"250ms","first-byte":"5s","idle":"2m"}}\
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
                Optional.of(Duration.ofMinutes(2))),
            new Traffic.Retries(OptionalDouble.of(0.5)), 
            Traffic.Endpoints.DEFAULT,
            HealthWish.DEFAULT,
            DiscoveryWish.DEFAULT),
        document.value());
    assertEquals(FULL, document.text());
  }

  @Test
  void documentsOfOneMeaningHaveOneText() {
    String other =
        """
        { "timeouts" : { "idle": "120s", "first-byte": "5000ms", "connect": "250ms" },
          "retries": { "budget": "0.5" } }
        """;

    assertEquals(FULL, Document.trafficWanted(other).text());
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
          {"retries":{"budget":"${HOME}"}}        | /retries/budget
          {"health":{"every":"1s"}}               | /health/every
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
        """
        services:
          - name: shop
            slow-after: 2s
            timeouts: {connect: 250ms, first-byte: 5s, idle: 120s}
            retries:
              budget: 0.5
            endpoints:
              - name: a
                url: https://127.0.0.1
          - name: plain
        """);

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

package io.skein.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.routes.Experiments;
import io.skein.app.traffic.Experiment;
import io.skein.proxy.route.Split;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The section `experiment` of a route.
final class ExperimentDocumentTest {
  private static Document<?> route(String experiment) {
    return Document.route(
        "shop", "{\"services\":[{\"name\":\"web\"}],\"experiment\":" + experiment + "}");
  }

  private static Experiment experiment(String experiment) {
    return Document.route(
            "shop", "{\"services\":[{\"name\":\"web\"}],\"experiment\":" + experiment + "}")
        .value()
        .traffic()
        .experiment()
        .orElseThrow();
  }

  @Test
  void everyKeyHasADefaultButTheName() {
    Experiment usual = experiment("{\"name\":\"try\"}");

    assertEquals(100_000, usual.share());
    assertEquals(Split.By.ADDRESS, usual.by());
    assertEquals(0.01, usual.rules().alpha());
    assertEquals(0.05, usual.rules().latencyMargin());
    assertEquals(0.002, usual.rules().failureMargin());
    assertEquals(Duration.ofSeconds(1), usual.batch());
    assertEquals(Duration.ofDays(1).toNanos(), usual.rules().mostNanos());
  }

  @Test
  void theSameSaidOtherwiseIsTheSameExperimentAndAnotherIsNot() {
    Experiment one = experiment("{\"name\":\"try\",\"share\":0.2,\"batch\":\"60s\"}");
    Experiment same = experiment("{\"batch\":\"1m\",\"share\":\"20 %\",\"name\":\"try\"}");
    Experiment other = experiment("{\"name\":\"try\",\"share\":0.21,\"batch\":\"60s\"}");

    assertEquals(Experiments.run("shop", one), Experiments.run("shop", same));
    assertTrue(!Experiments.run("shop", one).equals(Experiments.run("shop", other)));
    assertTrue(!Experiments.run("shop", one).equals(Experiments.run("else", one)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"share":0.1} | /experiment | is missing
          {"name":"x","share":0.6} | /experiment/share | 0.0001 to 0.5
          {"name":"x","share":"much"} | /experiment/share | not a share
          {"name":"x","polciy":"c3"} | /experiment/polciy | did you mean 'policy'
          {"name":"x","policy":"best"} | /experiment/policy | unknown
          {"name":"x","client":{"by":"cookie"}} | /experiment/client/name | expected the name of the cookie
          {"name":"x","client":{"name":"y"}} | /experiment/client/name | belongs to
          {"name":"x","alpha":0} | /experiment/alpha | 0.0001 to 0.2
          {"name":"x","batch":"1ms"} | /experiment/batch | 200ms
          """)
  void mistakesAreNamedWithTheirPlace(String experiment, String pointer, String words) {
    Document.Fault fault = route(experiment).faults().getFirst();

    assertEquals(pointer, fault.pointer());
    assertTrue(fault.message().contains(words), fault.message());
  }

  @Test
  void aSplitTreatsItsShareAndEachExperimentOthers() {
    Split one = new Split("one", 100_000, Split.By.ADDRESS, "", true);
    Split two = new Split("two", 500_000, Split.By.ADDRESS, "", true);
    int treated = 0;
    int both = 0;
    for (int i = 0; i < 100_000; i++) {
      long key = io.skein.routing.hash.KeyHash.of("10.0." + i / 256 + "." + i % 256);
      treated += one.treats(key) ? 1 : 0;
      both += one.treats(key) && two.treats(key) ? 1 : 0;
    }

    // Five standard deviations of 95 and of 69.
    assertEquals(10_000, treated, 475);
    assertEquals(5_000, both, 345);
  }
}

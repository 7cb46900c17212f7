package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What share an endpoint keeps that is shifted away from.
final class ShiftedWeightsTest {
  private static PutEndpoint endpoint(String service, String name, int weight) {
    return new PutEndpoint(
        service,
        service + "/" + name,
        "http://127.0.0.1:1",
        Optional.of(new NodeId(1, 1)),
        "eu",
        weight);
  }

  private static Catalogue.Entry entry(String service, PutEndpoint... endpoints) {
    return new Catalogue.Entry(
        new PutService(service, "http", "skein", List.of(), "/", "", 2_000, 1_000, 100, ""),
        List.of(endpoints));
  }

  private static Map<String, Integer> weights(
      Map<String, Catalogue.Entry> catalogue, String... shifted) {
    return ShiftedWeights.of(catalogue, Set.of(shifted)).values().stream()
        .flatMap(entry -> entry.endpoints().stream())
        .collect(
            Collectors.toMap(
                PutEndpoint::endpoint, PutEndpoint::weight, (a, _) -> a, TreeMap::new));
  }

  @Test
  void withoutShiftsItIsTheCatalogueItself() {
    Map<String, Catalogue.Entry> catalogue = Map.of("web", entry("web", endpoint("web", "a", 1)));
    assertSame(catalogue, ShiftedWeights.of(catalogue, Set.of()));
  }

  @Test
  void smallWeightsAreKeptAndTheOthersGetFourTimesTheirs() {
    Map<String, Catalogue.Entry> catalogue =
        Map.of("web", entry("web", endpoint("web", "a", 1), endpoint("web", "b", 3)));
    assertEquals(Map.of("web/a", 1, "web/b", 12), weights(catalogue, "web/a"));
  }

  @Test
  void whereTheOthersCannotGrowItShrinks() {
    Map<String, Catalogue.Entry> catalogue =
        Map.of("web", entry("web", endpoint("web", "a", 800), endpoint("web", "b", 251)));
    assertEquals(Map.of("web/a", 200, "web/b", 251), weights(catalogue, "web/a"));
  }

  @Test
  void thereItKeepsAtLeastOne() {
    Map<String, Catalogue.Entry> catalogue =
        Map.of("web", entry("web", endpoint("web", "a", 3), endpoint("web", "b", 251)));
    assertEquals(Map.of("web/a", 1, "web/b", 251), weights(catalogue, "web/a"));
  }

  @Test
  void atTheEdgeItsOthersStillGrow() {
    Map<String, Catalogue.Entry> catalogue =
        Map.of("web", entry("web", endpoint("web", "a", 1), endpoint("web", "b", 250)));
    assertEquals(Map.of("web/a", 1, "web/b", 1_000), weights(catalogue, "web/a"));
  }

  @Test
  void anotherServiceIsLeftAlone() {
    Catalogue.Entry other = entry("api", endpoint("api", "a", 1), endpoint("api", "b", 1));
    Map<String, Catalogue.Entry> catalogue =
        Map.of("api", other, "web", entry("web", endpoint("web", "a", 1), endpoint("web", "b", 1)));
    assertSame(other, ShiftedWeights.of(catalogue, Set.of("web/a")).get("api"));
    assertEquals(
        Map.of("api/a", 1, "api/b", 1, "web/a", 1, "web/b", 4), weights(catalogue, "web/a"));
  }
}

package io.skein.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.routing.candidate.Decision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static RouteTable.Entry entry(String name, List<String> hosts, List<String> paths) {
    return new RouteTable.Entry(
        new ServiceRoute(
            name,
            (_, _, _, _, _) -> Decision.NoneAvailable.NO_ENDPOINT,
            Map.of(),
            Timeouts.DEFAULT),
        hosts,
        paths);
  }

  private static String resolve(RouteTable table, String host, String path) {
    return table.resolve(host, path).map(ServiceRoute::service).orElse("-");
  }

  @Test
  void matchesTheHostFirstAndThenTheLongestPrefix() {
    RouteTable table =
        new RouteTable(
            List.of(
                entry("web", List.of("Shop.example"), List.of()),
                entry("api", List.of("shop.example"), List.of("/api", "/v2/")),
                entry("admin", List.of("shop.example"), List.of("/api/admin")),
                entry("other", List.of("other.example", "*"), List.of("/x")),
                entry("plain", List.of(), List.of())));
    assertEquals("web", resolve(table, "shop.example", "/"));
    assertEquals("web", resolve(table, "SHOP.example:8080", "/apix"));
    assertEquals("web", resolve(table, "shop.example.", "/v2"));
    assertEquals("api", resolve(table, "shop.example", "/api"));
    assertEquals("api", resolve(table, "shop.example:1", "/api?q=1"));
    assertEquals("api", resolve(table, "shop.example", "/v2/y"));
    assertEquals("admin", resolve(table, "shop.example", "/api/admin/x"));
    assertEquals("other", resolve(table, "other.example", "/x/y"));
    assertEquals("other", resolve(table, "unheard.of", "/x"));
    assertEquals("-", resolve(table, "other.example", "/y"));
    assertEquals("-", resolve(table, "unheard.of", "/"));
    assertEquals("plain", resolve(table, "plain:80", "/"));
    assertEquals("-", resolve(table, "[::1]:80", "/"));
    assertEquals("-", resolve(table, "", "/"));
    assertEquals("api", table.service("api").orElseThrow().service());
    assertEquals(true, table.service("nobody").isEmpty());
  }

  @Test
  void anOnlyServiceAnswersToEverything() {
    RouteTable table = new RouteTable(List.of(entry("web", List.of("a.example"), List.of("/p"))));
    assertEquals("web", resolve(table, "b.example", "/"));
    assertEquals("-", resolve(RouteTable.EMPTY, "a", "/"));
  }

  @Test
  void understandsAddressesAsHosts() {
    RouteTable table =
        new RouteTable(
            List.of(
                entry("six", List.of("[::1]"), List.of()),
                entry("four", List.of("127.0.0.1"), List.of())));
    assertEquals("six", resolve(table, "[::1]:8080", "/"));
    assertEquals("four", resolve(table, "127.0.0.1:8080", "/"));
  }

  @Test
  void refusesWhatCannotBeARoute() {
    assertThrows(IllegalArgumentException.class, () -> entry("web", List.of(), List.of("api")));
    assertThrows(IllegalArgumentException.class, () -> entry("a b", List.of(), List.of()));
    assertThrows(IllegalArgumentException.class, () -> entry("a\r\nX: y", List.of(), List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Target.EndpointTarget("a", 0));
    assertThrows(IllegalArgumentException.class, () -> new Timeouts(0, 1, 1));
  }
}

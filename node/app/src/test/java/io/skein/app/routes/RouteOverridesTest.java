package io.skein.app.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.RetryBudgetConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RouteOverridesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NodeId SELF = new NodeId(1, 0);

  private final AtomicLong clock = new AtomicLong(1_000 * SECOND);
  private final RouteTables tables =
      new RouteTables(
          new LocalFirstConfig(0), new RetryBudgetConfig(1, 0), Timeouts.DEFAULT, clock::get);

  private RouteTable build(String traffic, Map<String, String> routes) {
    Map<String, Catalogue.Entry> catalogue = new TreeMap<>();
    for (String name : List.of("web", "next")) {
      PutService service =
          new PutService(
              name, "http", "round-robin", List.of(), "/", "", 2_000, 1_000, 500, traffic);
      PutEndpoint endpoint =
          new PutEndpoint(name, name + "/a", "http://127.0.0.1:80", Optional.of(SELF), "eu", 1);
      catalogue.put(name, new Catalogue.Entry(service, List.of(endpoint)));
    }
    return tables.build(
        catalogue,
        routes,
        new Reach(SELF, Map.of(SELF, "eu"), Map.of()),
        _ -> Availability.USABLE,
        _ -> Candidate.NEUTRAL_REPUTATION,
        List.of());
  }

  private static Map<String, String> route(String more) {
    return Map.of("r", "{\"services\":[{\"name\":\"web\"}]" + more + "}");
  }

  private static ServiceRoute drawn(RouteTable table) {
    Rule rule = table.rules().all().getFirst();
    return Optional.ofNullable(table.draw(rule, new SplittableRandom(1))).orElseThrow();
  }

  @Test
  void aRouteThatSaysNothingIsItsService() {
    RouteTable table = build("", route(""));

    assertSame(table.service("web").orElseThrow(), drawn(table));
  }

  @Test
  void whatARouteSaysCountsForItsRequestsAloneAndTheRestIsTheServices() {
    String service =
        """
        {"timeouts":{"total":"9s"},"retries":{"tries":5,"on":["503"],"methods":["POST"]},
         "priority":{"header":"x-p"},
         "rate-limits":[{"name":"of-service","requests":5}]}
        """;

    RouteTable table =
        build(
            service,
            route(
                """
                ,"timeouts":{"total":"1s"},"retries":{"tries":2},"hedging":{"enabled":false},
                "request-priority":{"usual":"sheddable"},
                "rate-limits":[{"name":"of-route","requests":7}]
                """));

    ServiceRoute mine = drawn(table);
    ServiceRoute usual = table.service("web").orElseThrow();
    assertEquals(SECOND, mine.resilience().totalNanos());
    assertEquals(9 * SECOND, usual.resilience().totalNanos());
    // Three tries are what a service has that says nothing; this one says five.
    assertEquals(2, mine.resilience().retries().tries());
    assertEquals(5, usual.resilience().retries().tries());
    assertEquals(usual.resilience().retries().methods(), mine.resilience().retries().methods());
    assertEquals(usual.resilience().retries().statuses(), mine.resilience().retries().statuses());
    assertTrue(mine.resilience().hedging().isEmpty());
    assertTrue(usual.resilience().hedging().isPresent());
    assertEquals(Priority.SHEDDABLE, mine.resilience().priority());
    assertEquals("x-p", mine.resilience().priorityHeader());
    assertEquals(
        List.of("of-route", "of-service"),
        mine.resilience().limits().stream().map(RateLimit::name).toList());
    assertSame(usual.resilience().breakers(), mine.resilience().breakers());
  }

  @Test
  void aRetryIsPaidByTheRouteTheServiceAndTheNode() {
    RouteTable table =
        build("{\"retries\":{\"budget\":1}}", route(",\"retries\":{\"budget\":0.1}"));
    ServiceRoute mine = drawn(table);
    ServiceRoute usual = table.service("web").orElseThrow();
    long now = clock.get();
    for (int i = 0; i < 1_000; i++) {
      mine.retries().request(now);
    }

    int paid = 0;
    while (paid < 1_000 && mine.retries().tryRetry(now)) {
      paid++;
    }

    assertEquals(100, paid, "a tenth of the route's requests");
    assertTrue(usual.retries().tryRetry(now), "the service has more to give");
  }

  @Test
  void limitsLiveOnWhileTheyStayTheSameAndAreTheRoutesWhereverItsRequestsGo() {
    String both =
        """
        {"services":[{"name":"web"},{"name":"next"}],
         "rate-limits":[{"name":"all","requests":1}],"hedging":{"enabled":true}%s}
        """;
    Map<String, String> routes = Map.of("r", both.formatted(""));
    RouteTable first = build("", routes);
    Rule rule = first.rules().all().getFirst();
    RateLimit web = null;
    RateLimit next = null;
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 100; i++) {
      ServiceRoute each = Optional.ofNullable(first.draw(rule, random)).orElseThrow();
      RateLimit limit = each.resilience().limits().getFirst();
      web = each.service().equals("web") ? limit : web;
      next = each.service().equals("next") ? limit : next;
    }
    assertSame(web, next);

    RouteTable again = build("", Map.of("r", both.formatted(",\"timeouts\":{\"total\":\"1s\"}")));
    ServiceRoute later = drawn(again);
    assertSame(web, later.resilience().limits().getFirst());
    assertEquals(
        Map.of("r", List.of(later.resilience().limits().getFirst())), tables.routeLimits());

    RouteTable other =
        build("", Map.of("r", both.formatted("").replace("\"requests\":1", "\"requests\":2")));
    assertNotSame(web, drawn(other).resilience().limits().getFirst());
    build("", Map.of());
    assertTrue(tables.routeLimits().isEmpty());
  }

  @Test
  void aLimitOfTheMeshHasTheRoutesName() {
    build("", route(",\"rate-limits\":[{\"name\":\"all\",\"requests\":9,\"scope\":\"mesh\"}]"));

    assertEquals(List.of("route.r/all"), List.copyOf(tables.meshLimits().keySet()));
    assertFalse(tables.meshLimits().isEmpty());
  }
}

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
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.Backoff;
import io.skein.routing.retry.RetryBudgetConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class ProtectionsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final NodeId SELF = new NodeId(1, 0);
  private static final String SLOW_START = "{\"slow-start\":{\"window\":\"30s\",\"least\":0.1}}";
  private static final Predicate<String> ALL_USABLE = _ -> true;

  private final AtomicLong clock = new AtomicLong(1_000 * SECOND);
  private final RouteTables tables =
      new RouteTables(
          new LocalFirstConfig(0), RetryBudgetConfig.DEFAULT, Timeouts.DEFAULT, clock::get);

  private RouteTable build(String traffic, Predicate<String> usable, String... endpoints) {
    PutService service =
        new PutService(
            "web", "http", "round-robin", List.of(), "/", "", 2_000, 1_000, 500, traffic);
    List<PutEndpoint> all =
        List.of(endpoints).stream()
            .map(name ->
                new PutEndpoint(
                    "web", "web/" + name, "http://127.0.0.1:80", Optional.of(SELF), "eu", 1))
            .toList();
    return tables.build(
        Map.of("web", new Catalogue.Entry(service, all)),
        Map.of(),
        new Reach(SELF, Map.of(SELF, "eu"), Map.of()),
        id -> usable.test(id) ? Availability.USABLE : Availability.SET_ASIDE,
        _ -> Candidate.NEUTRAL_REPUTATION,
        List.of());
  }

  private static Resilience rules(RouteTable table) {
    return table.service("web").orElseThrow().resilience();
  }

  /// How often an endpoint's turn comes.
  private static int turn(String endpoint, RouteTable table, int turns) {
    ServiceRoute route = table.service("web").orElseThrow();
    SplittableRandom random = new SplittableRandom(1);
    int count = 0;
    for (int i = 0; i < turns; i++) {
      if (route.selector().choose(route.safe(), Policy.NOT_TRIED, true, 0, random)
              instanceof Decision.Chosen chosen
          && chosen.candidate().id().equals(endpoint)) {
        count++;
      }
    }
    return count;
  }

  @Test
  void nothingSaidMeansBreakersHedgesAndTwoTriesAndNoMore() {
    Resilience rules = rules(build("", ALL_USABLE, "a", "b"));
    assertEquals(RetryRules.DEFAULT, rules.retries());
    assertEquals(Set.of("web/a", "web/b"), rules.breakers().keySet());
    assertTrue(rules.hedging().isPresent() && rules.concurrency().isEmpty());
    assertTrue(rules.limits().isEmpty());
    assertEquals(0, rules.totalNanos());
  }

  @Test
  void theDocumentDecides() {
    Resilience rules =
        rules(
            build(
                """
                {"timeouts":{"total":"3s"},"hedging":{"enabled":true},
                 "retries":{"tries":4,"on":["reset","503"],"methods":["POST"],"backoff":"1s"},
                 "rate-limits":[{"name":"x","requests":120,"per":"1m","by":"address"}]}
                """,
                ALL_USABLE,
                "a"));
    assertEquals(3 * SECOND, rules.totalNanos());
    assertTrue(rules.hedging().isPresent());
    assertEquals(
        new RetryRules(
            4,
            false,
            false,
            true,
            false,
            List.of(503),
            Set.of("POST"),
            new Backoff(SECOND, SECOND)),
        rules.retries());
    assertEquals(2, rules.limits().getFirst().wanted().perSecond(), 1e-9);
  }

  @Test
  void whatHasAHistoryLivesAsLongAsItsPartOfTheDocumentStays() {
    String limits = "\"rate-limits\":[{\"name\":\"x\",\"requests\":5,\"scope\":\"mesh\"}]";
    String concurrency = "\"concurrency\":{\"enabled\":true}";
    Resilience before = rules(build("{" + limits + "," + concurrency + "}", ALL_USABLE, "a"));
    assertEquals(Set.of("web/x"), tables.meshLimits().keySet());
    Resilience after =
        rules(build("{" + limits + ",\"breaker\":{\"failures\":7}}", ALL_USABLE, "a", "b"));
    assertSame(before.limits().getFirst(), after.limits().getFirst());
    assertTrue(after.concurrency().isEmpty());
    assertNotSame(before.breakers().get("web/a"), after.breakers().get("web/a"));
    Resilience again =
        rules(build("{" + limits + ",\"breaker\":{\"failures\":7}}", ALL_USABLE, "a"));
    assertSame(after.breakers().get("web/a"), again.breakers().get("web/a"));
    assertEquals(Set.of("web/a"), again.breakers().keySet());
  }

  @Test
  void endpointsThatAreNewTogetherShareEvenly() {
    assertEquals(50, turn("web/a", build("", ALL_USABLE, "a", "b"), 100));
    assertFalse(tables.warming());
  }

  @Test
  void anEndpointThatIsNewOrBackTakesMostOfItsShareAtOnce() {
    build("", ALL_USABLE, "a");
    clock.addAndGet(60 * SECOND);
    assertEquals(60, turn("web/b", build("", ALL_USABLE, "a", "b"), 160), 2);
    assertTrue(tables.warming());
    clock.addAndGet(10 * SECOND);
    assertEquals(80, turn("web/b", build("", ALL_USABLE, "a", "b"), 160), 2);
    assertFalse(tables.warming());
  }

  @Test
  void anEndpointThatIsNewOrBackTakesItsShareAsSlowlyAsItsServiceSays() {
    build(SLOW_START, ALL_USABLE, "a");
    clock.addAndGet(60 * SECOND);
    RouteTable cold = build(SLOW_START, ALL_USABLE, "a", "b");
    assertTrue(tables.warming());
    assertEquals(100, turn("web/b", cold, 1_100), 5);
    clock.addAndGet(15 * SECOND);
    assertEquals(367, turn("web/b", build(SLOW_START, ALL_USABLE, "a", "b"), 1_100), 10);
    clock.addAndGet(15 * SECOND);
    assertEquals(550, turn("web/b", build(SLOW_START, ALL_USABLE, "a", "b"), 1_100), 10);
    assertFalse(tables.warming());

    build(SLOW_START, id -> !id.equals("web/a"), "a", "b");
    clock.addAndGet(60 * SECOND);
    RouteTable back = build(SLOW_START, ALL_USABLE, "a", "b");
    assertTrue(tables.warming());
    assertEquals(100, turn("web/a", back, 1_100), 5);
    assertEquals(
        550,
        turn("web/a", build("{\"slow-start\":{\"window\":\"0s\"}}", ALL_USABLE, "a", "b"), 1_100),
        10);
  }

  @Test
  void oneBudgetOfRetriesStandsAboveThoseOfTheServices() {
    ServiceRoute route = build("", ALL_USABLE, "a").service("web").orElseThrow();
    int granted = 0;
    for (int i = 0; i < 2_000; i++) {
      route.retries().request(SECOND);
    }
    while (granted < 2_000 && route.retries().tryRetry(SECOND)) {
      granted++;
    }
    assertEquals(400, granted);
    route.retries().giveBack(SECOND);
    assertTrue(route.retries().tryRetry(SECOND));
    assertFalse(route.retries().tryRetry(SECOND));
  }
}

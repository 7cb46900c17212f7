package io.skein.app.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.config.Document;
import io.skein.app.config.RoutingPolicy;
import io.skein.app.traffic.Balancing;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.Policies;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.Policy;
import io.skein.routing.hash.KeyHash;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.retry.RetryBudgetConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RouteBalancingTest {
  private static final NodeId SELF = new NodeId(1, 0);
  private static final String BY_USER =
      "{\"balancing\":{\"key\":{\"by\":\"header\",\"name\":\"x-user\"}}}";

  private final RouteTables tables =
      new RouteTables(new LocalFirstConfig(0.03), new RetryBudgetConfig(1, 0), Timeouts.DEFAULT);
  private final SplittableRandom random = new SplittableRandom(1);

  private RouteTable build(String policy, String traffic, Map<String, String> routes) {
    PutService service =
        new PutService("web", "http", policy, List.of(), "/", "", 2_000, 1_000, 500, traffic);
    List<PutEndpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      endpoints.add(
          new PutEndpoint("web", "web/" + i, "http://127.0.0.1:80", Optional.of(SELF), "eu", 1));
    }
    return tables.build(
        Map.of("web", new Catalogue.Entry(service, endpoints)),
        routes,
        new Reach(SELF, Map.of(SELF, "eu"), Map.of()),
        _ -> Availability.USABLE,
        _ -> Candidate.NEUTRAL_REPUTATION,
        List.of());
  }

  private String at(ServiceRoute route, long key) {
    Decision decision =
        route.selector().choose(route.safe(), key, Policy.NOT_TRIED, true, 0, random);
    return ((Decision.Chosen) decision).candidate().id();
  }

  private static ServiceRoute routed(RouteTable table) {
    return Optional.ofNullable(table.draw(table.rules().all().getFirst(), new SplittableRandom(1)))
        .orElseThrow();
  }

  @Test
  void theWordsOfTheConfigurationAreTheNamesOfThePolicies() {
    assertEquals(
        Set.copyOf(Policies.names()),
        Arrays.stream(RoutingPolicy.values()).map(RoutingPolicy::word).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @EnumSource(RoutingPolicy.class)
  void everyPolicyCanServe(RoutingPolicy policy) {
    ServiceRoute route = build(policy.word(), "", Map.of()).service("web").orElseThrow();
    Set<String> seen = new TreeSet<>();
    for (int k = 0; k < 400; k++) {
      seen.add(at(route, KeyHash.of("client-" + k)));
    }
    assertEquals(5, seen.size(), policy.word());
    assertEquals(policy.word(), Balancing.DEFAULT.of(policy.word()).kind());
  }

  @Test
  void aKeyStaysWhereItIsThroughNewTables() {
    ServiceRoute before = build("maglev", BY_USER, Map.of()).service("web").orElseThrow();
    assertEquals(new RequestKey(RequestKey.By.HEADER, "x-user"), before.selector().key());
    ServiceRoute after = build("maglev", BY_USER, Map.of()).service("web").orElseThrow();
    for (int k = 0; k < 200; k++) {
      long key = KeyHash.of("client-" + k);
      assertEquals(at(before, key), at(after, key));
    }
  }

  @Test
  void aServiceTakesAnotherPolicyAndOtherKnobsWithTheNextTable() {
    ServiceRoute one = build("round-robin", "", Map.of()).service("web").orElseThrow();
    assertEquals(RequestKey.NONE, one.selector().key());
    assertNotEquals(at(one, 7), at(one, 7));
    ServiceRoute other = build("ring-hash", "", Map.of()).service("web").orElseThrow();
    assertEquals(RequestKey.By.ADDRESS, other.selector().key().by());
    assertEquals(at(other, 7), at(other, 7));
    assertEquals(
        3,
        Document.trafficWanted("{\"balancing\":{\"c3\":{\"exponent\":3}}}")
            .value()
            .balancing()
            .c3()
            .exponent());
  }

  @Test
  void aRouteMayChooseOtherwiseThanItsServiceAndKeepsItsPlaceInTurn() {
    Map<String, String> routes =
        Map.of("r", "{\"services\":[{\"name\":\"web\"}],\"policy\":\"round-robin\"}");
    RouteTable table = build("maglev", BY_USER, routes);
    assertEquals(RequestKey.By.HEADER, table.service("web").orElseThrow().selector().key().by());
    List<String> turns = new ArrayList<>();
    for (int k = 0; k < 5; k++) {
      turns.add(at(routed(build("maglev", BY_USER, routes)), 7));
    }
    assertEquals(5, Set.copyOf(turns).size(), "one after the other: " + turns);
  }

  @Test
  void aRouteMayHaveAKeyOfItsOwn() {
    Map<String, String> routes =
        Map.of(
            "r", "{\"services\":[{\"name\":\"web\"}],\"balancing\":{\"key\":{\"by\":\"target\"}}}");
    RouteTable table = build("maglev", BY_USER, routes);
    assertEquals(RequestKey.By.TARGET, routed(table).selector().key().by());
    // The same table otherwise: the knobs of maglev are the same.
    assertEquals(at(table.service("web").orElseThrow(), 99), at(routed(table), 99));
  }

  @Test
  void whatIsWrongIsToldByItsKey() {
    assertEquals(
        "[/balancing/maglev/table-size]",
        Document.trafficWanted("{\"balancing\":{\"maglev\":{\"table-size\":65536}}}")
            .faults()
            .stream()
            .map(Document.Fault::pointer)
            .toList()
            .toString());
    for (String bad :
        List.of(
            "{\"maglev\":{\"load-bound\":0.5}}",
            "{\"swarm\":{\"floor\":0}}",
            "{\"key\":{\"by\":\"header\"}}",
            "{\"key\":{\"by\":\"cookie\"}}",
            "{\"prequal\":{\"prob\":3}}")) {
      assertTrue(!Document.trafficWanted("{\"balancing\":" + bad + "}").good(), bad);
    }
  }
}

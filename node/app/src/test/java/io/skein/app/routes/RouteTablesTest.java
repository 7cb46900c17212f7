package io.skein.app.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.Traffic;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.Policy;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.reputation.PeerRepute;
import io.skein.routing.retry.RetryBudgetConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTablesTest {
  private static final long NOW = 1_000_000_000_000L;
  private static final NodeId SELF = new NodeId(1, 0);
  private static final NodeId PEER = new NodeId(2, 0);
  private static final Reach REACH = new Reach(SELF, Map.of(SELF, "eu", PEER, "us"), Map.of());
  private static final Predicate<String> ALL_USABLE = _ -> true;

  private Reach reach = REACH;
  private final RouteTables tables =
      new RouteTables(new LocalFirstConfig(0), RetryBudgetConfig.DEFAULT, Timeouts.DEFAULT);
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void aServiceWithoutAnEndpointHasARouteThatLeadsNowhere() {
    RouteTable table = build(Map.of("web", entry("web", "skein")), ALL_USABLE, List.of());
    assertEquals(Decision.NoneAvailable.NO_ENDPOINT, choose(table, true));
  }

  @Test
  void choosesAmongTheEndpointsThisNodeReaches() {
    RouteTable table =
        build(
            catalogue(
                endpoint("a", Optional.of(SELF), "eu"),
                endpoint("b", Optional.empty(), "eu"),
                endpoint("c", Optional.of(PEER), "us"),
                endpoint("d", Optional.empty(), "us")),
            ALL_USABLE,
            List.of());
    assertEquals(Set.of("web/a", "web/b"), chosen(table, true));
    assertEquals(Set.of("web/a", "web/b"), route(table).targets().keySet());
    assertEquals(
        new Target.EndpointTarget("127.0.0.1", 8_080), route(table).targets().get("web/a"));
  }

  @Test
  void withoutAnEndpointOfItsOwnItGoesThroughAPeerThatOffersTheService() {
    RouteTable table =
        build(
            catalogue(endpoint("c", Optional.of(PEER), "us")),
            ALL_USABLE,
            List.of(offer(PEER, "web"), offer(new NodeId(3, 0), "other")));
    assertEquals(Set.of(PEER.toString()), chosen(table, true));
    assertEquals(
        new Target.PeerTarget(PEER.toString(), "10.0.0.2", 7_801),
        route(table).targets().get(PEER.toString()));
  }

  @Test
  void whatAPeerForwardedIsNeverForwardedAgain() {
    RouteTable table =
        build(
            catalogue(endpoint("c", Optional.of(PEER), "us")),
            ALL_USABLE,
            List.of(offer(PEER, "web")));
    assertInstanceOf(Decision.NoneAvailable.class, choose(table, false));
  }

  @Test
  void anEndpointSetAsideIsNotChosenAndItsPlaceIsKept() {
    Map<String, Catalogue.Entry> catalogue =
        catalogue(endpoint("a", Optional.of(SELF), "eu"), endpoint("b", Optional.of(SELF), "eu"));
    RouteTable table = build(catalogue, id -> !id.equals("web/a"), List.of());
    assertEquals(Set.of("web/b"), chosen(table, true));
  }

  @Test
  void whereTooFewAreLeftThoseSetAsideAreUsedCountedAndNamed() {
    Map<String, Catalogue.Entry> catalogue =
        catalogue(endpoint("a", Optional.of(SELF), "eu"), endpoint("b", Optional.of(SELF), "eu"));
    build(catalogue, _ -> true, List.of());
    assertEquals(Map.of(), tables.panics().reasons());

    RouteTable table = build(catalogue, _ -> false, List.of());
    assertInstanceOf(Decision.Chosen.class, choose(table, true));
    assertEquals(1, Objects.requireNonNull(tables.steered().get("web")).triesInPanic());
    assertEquals(
        Map.of("web", "0 of 2 endpoints usable, below 50 %: 2 that are not take requests too"),
        tables.panics().reasons());

    build(catalogue, _ -> true, List.of());
    assertEquals(Map.of(), tables.panics().reasons());
  }

  @Test
  void withEveryOwnEndpointSetAsideAPeerIsChosen() {
    RouteTable table =
        build(
            catalogue(endpoint("a", Optional.of(SELF), "eu")),
            _ -> false,
            List.of(offer(PEER, "web")));
    assertEquals(Set.of(PEER.toString()), chosen(table, true));
  }

  @Test
  void peersWeighByTheIdleEndpointsThatOnlyTheyReach() {
    NodeId idle = new NodeId(7, 7);
    NodeId beside = new NodeId(8, 8);
    Map<String, Catalogue.Entry> catalogue =
        catalogue(
            endpoint("mine", Optional.of(SELF), "eu"),
            endpoint("a", Optional.of(PEER), "us"),
            endpoint("b", Optional.of(idle), "ap"));
    reach = new Reach(SELF, Map.of(SELF, "eu", PEER, "us", idle, "ap", beside, "eu"), Map.of());
    List<PeerOffer> offers =
        List.of(
            busy(PEER, 0.75), // a quarter of an endpoint
            busy(idle, 0),
            busy(beside, 0)); // nothing that this node does not reach

    Map<String, Integer> counts = new java.util.TreeMap<>();
    RouteTable table = build(catalogue, id -> !id.equals("web/mine"), offers);
    for (int i = 0; i < 10_000; i++) {
      counts.merge(candidate(table, true).id(), 1, Integer::sum);
    }
    assertEquals(0.8, counts.getOrDefault(idle.toString(), 0) / 10_000.0, 0.02);
    assertEquals(0.2, counts.getOrDefault(PEER.toString(), 0) / 10_000.0, 0.02);
  }

  @Test
  void aCandidateHasThePriceOfItsEndpointAndAPeerTheMeanOfWhatOnlyItReaches() {
    List<PutEndpoint> endpoints =
        List.of(
            priced("a", SELF, 1, 500), priced("b", PEER, 1, 1_000), priced("c", PEER, 3, 3_000));
    Map<String, Catalogue.Entry> catalogue = catalogue(endpoints.toArray(new PutEndpoint[0]));
    List<PeerOffer> offers = List.of(offer(PEER, "web"));
    assertEquals(0.5, candidate(build(catalogue, _ -> true, List.of()), true).price());
    assertEquals(2.5, candidate(build(catalogue, _ -> false, offers), true).price());
  }

  private static PutEndpoint priced(String name, NodeId owner, int weight, int priceMilli) {
    return new PutEndpoint(
        "web",
        "web/" + name,
        "http://127.0.0.1:8080",
        Optional.of(owner),
        owner.equals(SELF) ? "eu" : "us",
        weight,
        priceMilli);
  }

  private static PeerOffer busy(NodeId node, double utilisation) {
    return new PeerOffer(
        node,
        "10.0.0.2",
        7_801,
        Set.of("web"),
        1_000_000,
        new PeerRepute(Candidate.NEUTRAL_REPUTATION, true),
        Optional.of(utilisation > 0 ? Map.of("web", utilisation) : Map.of()));
  }

  @Test
  void loadsSurviveARebuild() {
    Map<String, Catalogue.Entry> catalogue = catalogue(endpoint("a", Optional.of(SELF), "eu"));
    List<PeerOffer> offers = List.of(offer(PEER, "web"));
    EndpointLoad own = candidate(build(catalogue, ALL_USABLE, offers), true).load();
    EndpointLoad peers = candidate(build(catalogue, _ -> false, offers), true).load();
    own.dispatched();

    assertSame(own, candidate(build(catalogue, ALL_USABLE, offers), true).load());
    assertSame(own, tables.load("web/a"));
    assertEquals(1, tables.load("web/a").inFlight());
    assertSame(peers, candidate(build(catalogue, _ -> false, offers), true).load());
    assertNotSame(own, peers);
  }

  @Test
  void theLoadOfAnEndpointThatLeftTheCatalogueIsForgotten() {
    EndpointLoad before = tables.load("web/a");
    build(catalogue(endpoint("a", Optional.of(SELF), "eu")), ALL_USABLE, List.of());
    assertSame(before, tables.load("web/a"));
    build(catalogue(endpoint("b", Optional.of(SELF), "eu")), ALL_USABLE, List.of());
    assertNotSame(before, tables.load("web/a"));
  }

  @Test
  void theRetryBudgetSurvivesEvenAChangeOfPolicy() {
    ServiceRoute before = route(build(Map.of("web", entry("web", "skein")), ALL_USABLE, List.of()));
    ServiceRoute after =
        route(build(Map.of("web", entry("web", "round-robin")), ALL_USABLE, List.of()));
    assertSame(before.retries(), after.retries());
  }

  @Test
  void aPolicyThisVersionDoesNotKnowIsReplacedByTheDefault() {
    Map<String, Catalogue.Entry> catalogue = new TreeMap<>();
    catalogue.put("web", entry("web", "of-tomorrow", endpoint("a", Optional.of(SELF), "eu")));
    assertEquals(Set.of("web/a"), chosen(build(catalogue, ALL_USABLE, List.of()), true));
  }

  @Test
  void reputationAndWeightReachThePolicy() {
    RouteTable table =
        tables.build(
            catalogue(endpoint("a", Optional.of(SELF), "eu")),
            Map.of(),
            REACH,
            _ -> Availability.USABLE,
            id -> id.equals("web/a") ? 77 : 0,
            List.of());
    Candidate candidate = candidate(table, true);
    assertEquals(77, candidate.reputationQ30());
    assertEquals(3, candidate.weight());
    assertEquals(Candidate.Kind.ENDPOINT, candidate.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1:8080",
        "http://127.0.0.1:70000",
        "http://127.0.0.1:0",
        "http:///x",
        "http://exa mple:80",
        "mailto:x"
      })
  void aUrlItCannotUseGivesNoTarget(String url) {
    assertEquals(Optional.empty(), targetOf(url));
  }

  @Test
  void aUrlNamesWhereTheEndpointListens() {
    assertEquals(
        Optional.of(new Target.EndpointTarget("one.example", 81)),
        targetOf("http://one.example:81"));
  }

  // The catalogue refuses some of these urls already; this is about those that come through.
  private static Optional<Target> targetOf(String url) {
    try {
      return EndpointTargets.of(
          new PutEndpoint("web", "web/a", url, Optional.of(SELF), "eu", 1),
          Traffic.Endpoints.DEFAULT);
    } catch (IllegalArgumentException refusedByTheRecord) {
      return Optional.empty();
    }
  }

  private RouteTable build(
      Map<String, Catalogue.Entry> catalogue, Predicate<String> usable, List<PeerOffer> offers) {
    return tables.build(
        catalogue,
        Map.of(),
        reach,
        id -> usable.test(id) ? Availability.USABLE : Availability.SET_ASIDE,
        _ -> Candidate.NEUTRAL_REPUTATION,
        offers);
  }

  private static ServiceRoute route(RouteTable table) {
    return table.service("web").orElseThrow();
  }

  private Decision choose(RouteTable table, boolean mayForward) {
    ServiceRoute route = route(table);
    return route.selector().choose(route.safe(), Policy.NOT_TRIED, mayForward, NOW, random);
  }

  private Candidate candidate(RouteTable table, boolean mayForward) {
    return assertInstanceOf(Decision.Chosen.class, choose(table, mayForward)).candidate();
  }

  private Set<String> chosen(RouteTable table, boolean mayForward) {
    Set<String> ids = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      Candidate candidate = candidate(table, mayForward);
      assertTrue(route(table).targets().containsKey(candidate.id()));
      ids.add(candidate.id());
    }
    return ids;
  }

  private static Map<String, Catalogue.Entry> catalogue(PutEndpoint... endpoints) {
    return Map.of("web", entry("web", "skein", endpoints));
  }

  private static Catalogue.Entry entry(String service, String policy, PutEndpoint... endpoints) {
    return new Catalogue.Entry(
        new PutService(service, "http", policy, List.of(), "/", "", 2_000, 1_000, 500),
        List.of(endpoints));
  }

  @Test
  void aServiceIsServedAsItsDocumentSays() {
    Map<String, Catalogue.Entry> catalogue = new java.util.TreeMap<>();
    for (String traffic :
        List.of("", "{\"timeouts\":{\"first-byte\":\"7s\"}}", "{\"timeouts\":{\"idle\":0}}")) {
      catalogue.put(
          "web",
          new Catalogue.Entry(
              new PutService(
                  "web", "http", "skein", List.of(), "/", "", 2_000, 1_000, 500, traffic),
              List.of()));
      io.skein.proxy.route.Timeouts expected =
          traffic.contains("7s")
              ? io.skein.proxy.route.Timeouts.of(
                  java.time.Duration.ofSeconds(1),
                  java.time.Duration.ofSeconds(7),
                  java.time.Duration.ofSeconds(60))
              : io.skein.proxy.route.Timeouts.DEFAULT;
      assertEquals(expected, route(build(catalogue, ALL_USABLE, List.of())).timeouts(), traffic);
    }
  }

  private static PutEndpoint endpoint(String name, Optional<NodeId> owner, String region) {
    return new PutEndpoint("web", "web/" + name, "http://127.0.0.1:8080", owner, region, 3);
  }

  private static PeerOffer offer(NodeId node, String service) {
    return new PeerOffer(
        node,
        "10.0.0.2",
        7_801,
        Set.of(service),
        1_000_000,
        new PeerRepute(Candidate.NEUTRAL_REPUTATION, true));
  }
}

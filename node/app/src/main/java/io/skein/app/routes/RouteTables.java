package io.skein.app.routes;

import io.skein.app.catalogue.Catalogue;
import io.skein.app.traffic.Balancing;
import io.skein.app.traffic.Experiment;
import io.skein.app.traffic.RouteTraffic;
import io.skein.app.traffic.Sticky;
import io.skein.app.traffic.Traffic;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Split;
import io.skein.proxy.route.StickyKeys;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.Availability;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.CandidateSet;
import io.skein.routing.candidate.EndpointLoad;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;
import io.skein.routing.locality.Headroom;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.locality.SpillOver;
import io.skein.routing.predict.ClassLearner;
import io.skein.routing.predict.ServiceClasses;
import io.skein.routing.reputation.ForwardShares;
import io.skein.routing.retry.RetryBudget;
import io.skein.routing.retry.RetryBudgetConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/// Builds route tables. What must survive from one table to the next (live loads, round-robin
/// positions, retry budgets) is kept here. Confined to one thread; the tables are immutable.
public final class RouteTables {
  private LocalFirstConfig locality;
  private RetryBudgetConfig retries;
  private Timeouts timeouts;
  private final Map<String, EndpointLoad> endpointLoads = new HashMap<>();
  private final Map<String, EndpointLoad> peerLoads = new HashMap<>();
  private final RouteRules rules = new RouteRules();
  private final TrafficMemo documents = new TrafficMemo();
  private final RouteOverrides overrides = new RouteOverrides();
  private final Map<String, Served> served = new HashMap<>();
  private final Map<String, SteeredAway> steered = new ConcurrentHashMap<>();
  private final Panics panics = new Panics();
  private final ClassLearner classes = new ClassLearner();
  private final Experiments experiments = new Experiments();
  private static final double MILLI = 1_000;

  private final Map<String, Busy> busy = new HashMap<>();

  private RetryBudget nodeRetries;
  private final RandomGenerator random = new SplittableRandom(System.nanoTime());
  private final Warming warming = new Warming();
  private final LongSupplier clock;
  private StickyKeys keys;

  private record Served(
      PolicyConfig policy,
      LocalFirst chooser,
      SpillOver spill,
      String document,
      Traffic traffic,
      Timeouts timeouts,
      Budget budget,
      Protections protections) {}

  /// The proxy's view of two retry budgets, the service's and the node's: a retry is paid from
  /// both.
  private record Budget(RetryBudget service, RetryBudget node)
      implements io.skein.proxy.route.RetryBudget {
    @Override
    public void request(long nowNanos) {
      service.requested(nowNanos);
      node.requested(nowNanos);
    }

    @Override
    public boolean tryRetry(long nowNanos) {
      if (!service.tryRetry(nowNanos)) {
        return false;
      }
      if (node.tryRetry(nowNanos)) {
        return true;
      }
      service.giveBack(nowNanos);
      return false;
    }

    @Override
    public void giveBack(long takenNanos) {
      service.giveBack(takenNanos);
      node.giveBack(takenNanos);
    }
  }

  public RouteTables(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    this(locality, retries, timeouts, System::nanoTime);
  }

  RouteTables(
      LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts, LongSupplier clock) {
    this.clock = clock;
    byte[] unknown = new byte[StickyKeys.BYTES];
    random.nextBytes(unknown);
    this.keys = new StickyKeys(unknown);
    this.nodeRetries = new RetryBudget(retries);
    this.locality = locality;
    this.retries = retries;
    this.timeouts = timeouts;
  }

  /// Signs cookies with these keys from the next table on.
  public void signWith(StickyKeys signing) {
    keys = signing;
  }

  /// What services get that say nothing themselves, from the next table on. Positions of policies
  /// and what was spent of budgets begin anew where their own part changed.
  public void usual(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    boolean budgets = !retries.equals(this.retries);
    boolean choosers = !locality.equals(this.locality);
    if (budgets) {
      nodeRetries = new RetryBudget(retries);
    }
    this.locality = locality;
    this.retries = retries;
    this.timeouts = timeouts;
    if (choosers) {
      overrides.forgetChoosers();
    }
    served.replaceAll((_, old) ->
        new Served(
            old.policy(),
            choosers ? chooser(old.policy(), old.spill()) : old.chooser(),
            old.spill(),
            old.document(),
            old.traffic(),
            timeouts(old.traffic().timeouts()),
            budgets ? budget(old.traffic().retries()) : old.budget(),
            old.protections()));
  }

  /// What tells how busy a service's endpoints are that this node reaches.
  private record Busy(SpillOver spill, List<Candidate> local) {}

  /// How busy the endpoints of a service are that this node reaches, 0 to 1: the mean of what they
  /// say themselves where any does, else what their latency tells. The mesh's thread.
  public double utilisation(String service, long nowNanos) {
    Busy of = busy.get(service);
    if (of == null) {
      return 0;
    }
    return of.local().stream()
        .filter(Candidate::usable)
        .flatMap(each -> each.load().report(nowNanos).stream())
        .mapToDouble(report -> Math.min(1, report.utilisation()))
        .average()
        .orElseGet(of.spill()::utilisation);
  }

  // What each peer has to spare, of endpoints that this node does not reach, several nodes that
  // reach the same ones having their part each.
  private static double[] spare(
      Catalogue.Entry entry,
      List<PeerOffer> offering,
      Reach reach,
      Function<String, Availability> availability) {
    Map<NodeId, Double> beyond = new HashMap<>();
    for (PutEndpoint endpoint : entry.endpoints()) {
      if (availability.apply(endpoint.endpoint()) == Availability.USABLE) {
        Set<NodeId> nodes = reach.nodesReaching(endpoint);
        if (!nodes.contains(reach.self())) {
          nodes.forEach(node -> beyond.merge(node, 1.0 / nodes.size(), Double::sum));
        }
      }
    }
    return offering.stream()
        .mapToDouble(offer -> {
          double endpoints = beyond.getOrDefault(offer.node(), 0.0);
          double unknown = endpoints == 0 ? 0 : Candidate.UNKNOWN_SPARE;
          return offer
              .utilisation()
              .map(said -> endpoints * (1 - said.getOrDefault(entry.service().service(), 0.0)))
              .orElse(unknown);
        })
        .toArray();
  }

  // The mean of what a peer reaches and this node does not.
  private static double price(Catalogue.Entry entry, NodeId peer, Reach reach) {
    double sum = 0;
    double weights = 0;
    for (PutEndpoint endpoint : entry.endpoints()) {
      if (!reach.reaches(endpoint) && reach.nodesReaching(endpoint).contains(peer)) {
        sum += endpoint.weight() * (endpoint.priceMilli() / MILLI);
        weights += endpoint.weight();
      }
    }
    return weights == 0 ? 1 : sum / weights;
  }

  /// The live load of an endpoint as this node sees it.
  public EndpointLoad load(String endpoint) {
    return endpointLoads.computeIfAbsent(endpoint, _ -> new EndpointLoad());
  }

  /// The live loads of endpoints, by id. The mesh's thread.
  public Map<String, EndpointLoad> loads() {
    return Collections.unmodifiableMap(endpointLoads);
  }

  /// Whether some policy asks how loaded endpoints or peers are.
  public boolean measuresByLoad() {
    return endpointLoads.values().stream().anyMatch(EndpointLoad::measuresByLoad)
        || peerLoads.values().stream().anyMatch(EndpointLoad::measuresByLoad);
  }

  /// The live load of a peer for one service, if requests may go there.
  public Optional<EndpointLoad> peerLoad(String service, String peer) {
    return Optional.ofNullable(peerLoads.get(service + " " + peer));
  }

  /// Requests that went elsewhere because endpoints may not be used, by service. Any thread.
  public Map<String, SteeredAway> steered() {
    return Collections.unmodifiableMap(steered);
  }

  /// Which services have too few usable endpoints. Any thread.
  public Panics panics() {
    return panics;
  }

  /// The table for the facts given.
  ///
  /// @param catalogue services by name
  /// @param routes documents of the mesh's routes by name
  /// @param reach who reaches what
  /// @param availability whether an endpoint may be used
  /// @param reputation an endpoint's score in Q30
  /// @param offers live peers
  public RouteTable build(
      Map<String, Catalogue.Entry> catalogue,
      Map<String, String> routes,
      Reach reach,
      Function<String, Availability> availability,
      ToLongFunction<String> reputation,
      List<PeerOffer> offers) {
    List<RouteTable.Entry> entries = new ArrayList<>();
    Map<String, Sides> sides = new HashMap<>();
    Set<String> seen = new HashSet<>();
    Set<String> seenPeers = new HashSet<>();
    Set<String> learning = new HashSet<>();
    long now = clock.getAsLong();
    warming.begin();
    for (Catalogue.Entry entry : catalogue.values()) {
      PutService service = entry.service();
      Served kept = kept(service);
      List<PutEndpoint> near = new ArrayList<>();
      for (PutEndpoint endpoint : entry.endpoints()) {
        if (reach.reaches(endpoint)) {
          near.add(endpoint);
          if (warming.note(
              endpoint.endpoint(),
              availability.apply(endpoint.endpoint()) == Availability.USABLE,
              now)) {
            kept.protections().restored(endpoint.endpoint());
          }
        }
      }
      Map<String, Integer> weights =
          warming.weights(
              near,
              id -> availability.apply(id) == Availability.USABLE,
              kept.protections().slowStart(),
              now);
      List<Candidate> local = new ArrayList<>();
      List<Candidate> peers = new ArrayList<>();
      Map<String, Target> targets = new HashMap<>();
      for (PutEndpoint endpoint : entry.endpoints()) {
        seen.add(endpoint.endpoint());
        Optional<Target> target = target(endpoint, kept.traffic().endpoints());
        if (target.isPresent() && reach.reaches(endpoint)) {
          local.add(
              new Candidate(
                      endpoint.endpoint(),
                      Candidate.Kind.ENDPOINT,
                      weights.getOrDefault(endpoint.endpoint(), endpoint.weight()),
                      availability.apply(endpoint.endpoint()),
                      reputation.applyAsLong(endpoint.endpoint()),
                      0,
                      load(endpoint.endpoint()))
                  .priced(endpoint.priceMilli() / MILLI));
          targets.put(endpoint.endpoint(), target.get());
        }
      }
      List<PeerOffer> offering =
          offers.stream().filter(offer -> offer.services().contains(service.service())).toList();
      List<ForwardShares.Share> shares =
          ForwardShares.of(offering.stream().map(PeerOffer::repute).toList());
      for (int i = 0; i < offering.size(); i++) {
        PeerOffer offer = offering.get(i);
        String id = offer.node().toString();
        String key = service.service() + " " + id;
        seenPeers.add(key);
        peers.add(
            new Candidate(
                    id,
                    Candidate.Kind.PEER,
                    shares.get(i).weight(),
                    true,
                    shares.get(i).reputationQ30(),
                    offer.distanceNanos(),
                    peerLoads.computeIfAbsent(key, _ -> new EndpointLoad()))
                .priced(price(entry, offer.node(), reach)));
        targets.put(id, new Target.PeerTarget(id, offer.host(), offer.port()));
      }
      busy.put(service.service(), new Busy(kept.spill(), List.copyOf(local)));
      double[] spare = spare(entry, offering, reach, availability);
      Sides both =
          new Sides(
              new CandidateSet(local, kept.traffic().protection().panic()),
              new CandidateSet(Headroom.weighing(peers, spare)),
              steered.computeIfAbsent(service.service(), _ -> new SteeredAway()),
              kept.traffic().sticky().by() == Sticky.By.NOTHING
                  ? Affinity.NONE
                  : Affinities.of(
                      entry, kept.traffic().sticky(), reach, local, peers, availability, keys),
              kept.traffic().balancing().predicts(kept.policy())
                  ? learned(service.service(), local, peers)
                  : ServiceClasses.NONE);
      if (both.classes() != ServiceClasses.NONE) {
        learning.add(service.service());
      }
      sides.put(service.service(), both);
      entries.add(entry(service, kept, both, targets));
    }
    endpointLoads.keySet().retainAll(seen);
    peerLoads.keySet().retainAll(seenPeers);
    served.keySet().retainAll(catalogue.keySet());
    steered.keySet().retainAll(catalogue.keySet());
    classes.keep(learning);
    panics.retain(catalogue.keySet());
    busy.keySet().retainAll(catalogue.keySet());
    warming.retain(seen);
    RouteTable table = new RouteTable(entries, rules.of(routes), new Overriding(sides, now));
    Set<String> alive = new HashSet<>(routes.keySet());
    for (Experiments.Running each : experiments.all()) {
      alive.add(RouteOverrides.arm(each.route(), each.experiment().name()));
    }
    overrides.retain(alive);
    experiments.retain(routes.keySet());
    return table;
  }

  /// What is learned of classes of requests. Any thread.
  public ClassLearner classes() {
    return classes;
  }

  /// What the mesh's routes make of services, while one table is built.
  private final class Overriding implements RouteTable.Overrides {
    private final Map<String, Sides> sides;
    private final long nowNanos;

    Overriding(Map<String, Sides> sides, long nowNanos) {
      this.sides = sides;
      this.nowNanos = nowNanos;
    }

    @Override
    public ServiceRoute apply(Rule rule, ServiceRoute service) {
      return Optional.ofNullable(served.get(service.service()))
          .map(mine ->
              overrides.apply(
                  rule.name(),
                  rules.traffic(rule.name()),
                  balanced(rule.name(), service, mine, sides),
                  mine.traffic(),
                  retries.minPerSecond(),
                  random,
                  nowNanos))
          .orElse(service);
    }

    @Override
    public Optional<Split> split(Rule rule) {
      return experiments.split(rule.name(), rules.traffic(rule.name()).experiment(), nowNanos);
    }

    @Override
    public ServiceRoute treat(Rule rule, ServiceRoute service) {
      RouteTraffic wanted = rules.traffic(rule.name());
      Optional<Served> mine = Optional.ofNullable(served.get(service.service()));
      if (mine.isEmpty() || wanted.experiment().isEmpty()) {
        return apply(rule, service);
      }
      Experiment tried = wanted.experiment().get();
      RouteTraffic treated = tried.treatment().over(wanted);
      String arm = RouteOverrides.arm(rule.name(), tried.name());
      return overrides.treat(
          rule.name(),
          arm,
          wanted,
          treated,
          balanced(arm, treated, service, mine.get(), sides, true),
          mine.get().traffic(),
          retries.minPerSecond(),
          random,
          nowNanos);
    }
  }

  /// The experiments on routes. The mesh's thread.
  public Experiments experiments() {
    return experiments;
  }

  /// What services' documents say, read once for all who ask. Any thread.
  public TrafficMemo documents() {
    return documents;
  }

  /// The limits of routes, by route. Any thread.
  public Map<String, List<RateLimit>> routeLimits() {
    return overrides.limits();
  }

  /// Whether a table built a little later would give an endpoint more weight.
  public boolean warming() {
    return warming.warming();
  }

  /// The limits that the whole mesh keeps together, by `service/limit` or `route.NAME/limit`.
  public Map<String, RateLimit> meshLimits() {
    Map<String, RateLimit> limits = new TreeMap<>();
    served.forEach((name, each) ->
        each.protections()
            .meshLimits()
            .forEach(limit -> limits.put(name + "/" + limit.name(), limit)));
    overrides
        .limits()
        .forEach((route, mine) ->
            mine.stream()
                .filter(limit -> limit.demand().isPresent())
                // No service's name has a dot.
                .forEach(limit -> limits.put("route." + route + "/" + limit.name(), limit)));
    return limits;
  }

  private Served kept(PutService service) {
    Served kept = served.get(service.service());
    if (kept == null
        || !kept.document().equals(service.traffic())
        || !kept.policy().equals(kept.traffic().balancing().of(service.policy()))) {
      kept = served(service, Optional.ofNullable(kept));
      served.put(service.service(), kept);
    }
    return kept;
  }

  private RouteTable.Entry entry(
      PutService service, Served kept, Sides sides, Map<String, Target> targets) {
    panics.note(service.service(), sides.local(), kept.traffic().protection().panic());
    ServiceRoute route =
        new ServiceRoute(
                service.service(),
                sides.selector(
                    kept.chooser(),
                    kept.traffic().balancing().keyFor(kept.policy()),
                    kept.traffic().balancing().predicts(kept.policy())),
                targets,
                kept.timeouts(),
                kept.budget(),
                kept.protections().towards(targets.keySet()))
            .withWeb(kept.traffic().web());
    return new RouteTable.Entry(route, service.hosts(), List.of(service.pathPrefix()));
  }

  /// The service as a route wants it to be balanced.
  private ServiceRoute balanced(
      String route, ServiceRoute service, Served mine, Map<String, Sides> sides) {
    RouteTraffic wanted = rules.traffic(route);
    if (wanted.policy().isEmpty() && wanted.balancing().isEmpty()) {
      return service;
    }
    return balanced(route, wanted, service, mine, sides, false);
  }

  /// @param own whether a policy is made for it even if it is the service's
  private ServiceRoute balanced(
      String route,
      RouteTraffic wanted,
      ServiceRoute service,
      Served mine,
      Map<String, Sides> sides,
      boolean own) {
    Balancing knobs = wanted.balancing().orElse(mine.traffic().balancing());
    PolicyConfig policy = knobs.of(wanted.policy().orElse(mine.policy().kind()));
    RequestKey key = knobs.keyFor(policy);
    boolean predicts = knobs.predicts(policy);
    if (!own
        && policy.equals(mine.policy())
        && predicts == mine.traffic().balancing().predicts(mine.policy())
        && key.equals(service.selector().key())) {
      return service;
    }
    LocalFirst chooser =
        overrides.chooser(route, service.service(), policy, () -> chooser(policy, mine.spill()));
    return Optional.ofNullable(sides.get(service.service()))
        .map(both -> service.with(both.selector(chooser, key, predicts)))
        .orElse(service);
  }

  /// How a service is served from now on; what has a history goes on where it stays the same.
  private Served served(PutService service, Optional<Served> before) {
    Traffic traffic = documents.of(service.traffic());
    PolicyConfig policy = traffic.balancing().of(service.policy());
    Optional<LocalFirst> chooser =
        before.filter(b -> b.policy().equals(policy)).map(Served::chooser);
    SpillOver spill = before.map(Served::spill).orElseGet(SpillOver::new);
    Optional<Budget> budget =
        before.filter(b -> b.traffic().retries().equals(traffic.retries())).map(Served::budget);
    return new Served(
        policy,
        chooser.orElseGet(() -> chooser(policy, spill)),
        spill,
        service.traffic(),
        traffic,
        timeouts(traffic.timeouts()),
        budget.orElseGet(() -> budget(traffic.retries())),
        Protections.of(traffic, before.map(Served::protections), random, clock.getAsLong()));
  }

  private LocalFirst chooser(PolicyConfig policy, SpillOver spill) {
    return new LocalFirst(policy.policy(Surroundings.USUAL), locality, spill);
  }

  private ServiceClasses learned(String service, List<Candidate> local, List<Candidate> peers) {
    Map<String, EndpointLoad> loads = new TreeMap<>();
    local.forEach(each -> loads.put(each.id(), each.load()));
    peers.forEach(each -> loads.put(each.id(), each.load()));
    return classes.learn(service, loads);
  }

  private Budget budget(Traffic.Retries wanted) {
    return new Budget(
        new RetryBudget(
            new RetryBudgetConfig(wanted.budget().orElse(retries.ratio()), retries.minPerSecond())),
        nodeRetries);
  }

  private Timeouts timeouts(Traffic.Timeouts wanted) {
    return new Timeouts(
        wanted.connect().map(Duration::toNanos).orElse(timeouts.connectNanos()),
        wanted.firstByte().map(Duration::toNanos).orElse(timeouts.firstByteNanos()),
        wanted.idle().map(Duration::toNanos).orElse(timeouts.idleNanos()));
  }

  /// Where an endpoint's URL points; empty for one that is no `scheme://host[:port]`.
  public static Optional<Target> target(PutEndpoint endpoint) {
    return target(endpoint, Traffic.Endpoints.DEFAULT);
  }

  private static Optional<Target> target(PutEndpoint endpoint, Traffic.Endpoints wanted) {
    try {
      URI url = URI.create(endpoint.url());
      Optional<Scheme> scheme = Scheme.find(String.valueOf(url.getScheme()));
      if (scheme.isEmpty() || url.getHost() == null) {
        return Optional.empty();
      }
      int port = url.getPort() < 0 ? scheme.get().defaultPort() : url.getPort();
      return Optional.of(
          new Target.EndpointTarget(
              url.getHost(), port, scheme.get(), wanted.tls(), wanted.sendProxy()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

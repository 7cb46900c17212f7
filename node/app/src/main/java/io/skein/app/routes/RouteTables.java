package io.skein.app.routes;

import io.skein.app.routes.Servings.Served;
import io.skein.app.traffic.Balancing;
import io.skein.app.traffic.Experiment;
import io.skein.app.traffic.RouteTraffic;
import io.skein.app.traffic.Sticky;
import io.skein.app.traffic.Traffic;
import io.skein.ledger.catalogue.Catalogue;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.Affinity;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Rule;
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
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.locality.SpillOver;
import io.skein.routing.predict.ClassLearner;
import io.skein.routing.predict.ServiceClasses;
import io.skein.routing.retry.RetryBudgetConfig;
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

/// Builds route tables: whom a service's requests can be sent to ([Candidates]), how the service is
/// served ([Servings]), and what the mesh's routes make of both ([RouteOverrides]). What must
/// survive from one table to the next is kept there. Confined to one thread; the tables are
/// immutable.
public final class RouteTables {
  private final RandomGenerator random = new SplittableRandom(System.nanoTime());
  private final Servings servings;
  private final Candidates candidates = new Candidates();
  private final RouteRules rules = new RouteRules();
  private final RouteOverrides overrides = new RouteOverrides();
  private final Experiments experiments = new Experiments();
  private final ClassLearner classes = new ClassLearner();
  private final Panics panics = new Panics();
  private final Map<String, SteeredAway> steered = new ConcurrentHashMap<>();
  private final Map<String, Busy> busy = new HashMap<>();
  private final LongSupplier clock;
  private StickyKeys keys;

  /// What tells how busy a service's endpoints are that this node reaches.
  private record Busy(SpillOver spill, List<Candidate> local) {}

  public RouteTables(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    this(locality, retries, timeouts, System::nanoTime);
  }

  RouteTables(
      LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts, LongSupplier clock) {
    this.clock = clock;
    this.servings = new Servings(locality, retries, timeouts, random, clock);
    byte[] unknown = new byte[StickyKeys.BYTES];
    random.nextBytes(unknown);
    this.keys = new StickyKeys(unknown);
  }

  /// Signs cookies with these keys from the next table on.
  public void signWith(StickyKeys signing) {
    keys = signing;
  }

  /// What services get that say nothing themselves, from the next table on. Positions of policies
  /// and what was spent of budgets begin anew where their own part changed.
  public void usual(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    if (servings.usual(locality, retries, timeouts)) {
      overrides.forgetChoosers();
    }
  }

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

  /// The live load of an endpoint as this node sees it.
  public EndpointLoad load(String endpoint) {
    return candidates.load(endpoint);
  }

  /// The live loads of endpoints, by id. The mesh's thread.
  public Map<String, EndpointLoad> loads() {
    return candidates.loads();
  }

  /// Whether some policy asks how loaded endpoints or peers are.
  public boolean measuresByLoad() {
    return candidates.measuresByLoad();
  }

  /// The live load of a peer for one service, if requests may go there.
  public Optional<EndpointLoad> peerLoad(String service, String peer) {
    return candidates.peerLoad(service, peer);
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
    long now = clock.getAsLong();
    Candidates.Round round = candidates.round(reach, availability, reputation, offers, now);
    List<RouteTable.Entry> entries = new ArrayList<>();
    Map<String, Sides> sides = new HashMap<>();
    Set<String> learning = new HashSet<>();
    for (Catalogue.Entry entry : catalogue.values()) {
      String service = entry.service().service();
      Served served = servings.of(entry.service());
      Candidates.Of found = round.of(entry, served);
      busy.put(service, new Busy(served.spill(), List.copyOf(found.local())));
      Sides both = sides(entry, served, found, reach, availability);
      if (both.classes() != ServiceClasses.NONE) {
        learning.add(service);
      }
      sides.put(service, both);
      entries.add(entry(entry.service(), served, both, found.targets()));
    }
    round.end();
    servings.retain(catalogue.keySet());
    steered.keySet().retainAll(catalogue.keySet());
    classes.keep(learning);
    panics.retain(catalogue.keySet());
    busy.keySet().retainAll(catalogue.keySet());
    RouteTable table = new RouteTable(entries, rules.of(routes), new Overriding(sides, now));
    Set<String> alive = new HashSet<>(routes.keySet());
    for (Experiments.Running each : experiments.all()) {
      alive.add(RouteOverrides.arm(each.route(), each.experiment().name()));
    }
    overrides.retain(alive);
    experiments.retain(routes.keySet());
    return table;
  }

  private Sides sides(
      Catalogue.Entry entry,
      Served served,
      Candidates.Of found,
      Reach reach,
      Function<String, Availability> availability) {
    String service = entry.service().service();
    Traffic traffic = served.traffic();
    return new Sides(
        new CandidateSet(found.local(), traffic.protection().panic()),
        new CandidateSet(found.weighed()),
        steered.computeIfAbsent(service, _ -> new SteeredAway()),
        traffic.sticky().by() == Sticky.By.NOTHING
            ? Affinity.NONE
            : Affinities.of(
                entry, traffic.sticky(), reach, found.local(), found.peers(), availability, keys),
        traffic.balancing().predicts(served.policy())
            ? learned(service, found)
            : ServiceClasses.NONE);
  }

  private ServiceClasses learned(String service, Candidates.Of found) {
    Map<String, EndpointLoad> loads = new TreeMap<>();
    found.local().forEach(each -> loads.put(each.id(), each.load()));
    found.peers().forEach(each -> loads.put(each.id(), each.load()));
    return classes.learn(service, loads);
  }

  private RouteTable.Entry entry(
      PutService service, Served served, Sides sides, Map<String, Target> targets) {
    Balancing balancing = served.traffic().balancing();
    panics.note(service.service(), sides.local(), served.traffic().protection().panic());
    ServiceRoute route =
        new ServiceRoute(
                service.service(),
                sides.selector(
                    served.chooser(),
                    balancing.keyFor(served.policy()),
                    balancing.predicts(served.policy())),
                targets,
                served.timeouts(),
                served.budget(),
                served.protections().towards(targets.keySet()))
            .withWeb(served.traffic().web());
    return new RouteTable.Entry(route, service.hosts(), List.of(service.pathPrefix()));
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
      return servings
          .find(service.service())
          .map(mine ->
              overrides.apply(
                  rule.name(),
                  rules.traffic(rule.name()),
                  balanced(rule.name(), service, mine, sides),
                  mine.traffic(),
                  servings.minRetries(),
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
      Optional<Served> mine = servings.find(service.service());
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
          servings.minRetries(),
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
    return servings.documents();
  }

  /// The limits of routes, by route. Any thread.
  public Map<String, List<RateLimit>> routeLimits() {
    return overrides.limits();
  }

  /// Whether a table built a little later would give an endpoint more weight.
  public boolean warming() {
    return candidates.warming();
  }

  /// The limits that the whole mesh keeps together, by `service/limit` or `route.NAME/limit`.
  public Map<String, RateLimit> meshLimits() {
    Map<String, RateLimit> limits = new TreeMap<>();
    servings.meshLimits((service, limit) -> limits.put(service + "/" + limit.name(), limit));
    overrides
        .limits()
        .forEach((route, mine) ->
            mine.stream()
                .filter(limit -> limit.demand().isPresent())
                // No service's name has a dot.
                .forEach(limit -> limits.put("route." + route + "/" + limit.name(), limit)));
    return limits;
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
        overrides.chooser(
            route, service.service(), policy, () -> servings.chooser(policy, mine.spill()));
    return Optional.ofNullable(sides.get(service.service()))
        .map(both -> service.with(both.selector(chooser, key, predicts)))
        .orElse(service);
  }
}

package io.skein.app.routes;

import io.skein.app.traffic.Protection;
import io.skein.app.traffic.RouteTraffic;
import io.skein.app.traffic.Traffic;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.hedge.Hedging;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.retry.RetryBudgetConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What routes make of the services they forward to, living: limits, budgets and measured latencies
/// of a route last for as long as its own part of the document stays the same. A limit or a budget
/// is the route's, whichever of its services a request goes to. Confined to the thread of
/// [RouteTables].
final class RouteOverrides {
  private final Map<String, Living> living = new HashMap<>();
  private final Map<String, Map<String, Chooser>> choosers = new HashMap<>();
  private volatile Map<String, List<RateLimit>> limits = Map.of();

  private record Chooser(PolicyConfig policy, LocalFirst chooser) {}

  private record Living(
      RouteTraffic traffic,
      List<RateLimit> limits,
      Optional<io.skein.routing.retry.RetryBudget> budget,
      Map<String, Hedged> hedged) {}

  private record Hedged(Protection.Hedging wanted, Optional<Hedging> hedging) {}

  /// A service as a route wants it.
  ///
  /// @param wanted what the route says
  /// @param usual what the service says
  /// @param minRetries retries a second that are always allowed
  ServiceRoute apply(
      String route,
      RouteTraffic wanted,
      ServiceRoute service,
      Traffic usual,
      int minRetries,
      RandomGenerator random,
      long nowNanos) {
    if (wanted.equals(RouteTraffic.NONE)) {
      return service;
    }
    Living mine = living(route, wanted, minRetries, random, nowNanos);
    return made(mine, mine.limits(), wanted, service, usual);
  }

  /// The same for the requests that a route's experiment treats: they have budgets and measured
  /// latencies of their own, and share the route's limits.
  ///
  /// @param arm see [#arm]
  ServiceRoute treat(
      String route,
      String arm,
      RouteTraffic wanted,
      RouteTraffic treated,
      ServiceRoute service,
      Traffic usual,
      int minRetries,
      RandomGenerator random,
      long nowNanos) {
    Living shared = living(route, wanted, minRetries, random, nowNanos);
    Living mine = living(arm, treated.withoutLimits(), minRetries, random, nowNanos);
    return made(mine, shared.limits(), treated, service, usual);
  }

  /// By what the treatment of an experiment is known here; no route's name has a space.
  static String arm(String route, String experiment) {
    return route + " " + experiment;
  }

  private static ServiceRoute made(
      Living mine,
      List<RateLimit> limits,
      RouteTraffic wanted,
      ServiceRoute service,
      Traffic usual) {
    Resilience rules = service.resilience();
    Protection.Hedging hedging = wanted.hedging().over(usual.protection().hedging());
    boolean sameHedging = hedging.equals(usual.protection().hedging());
    Traffic.Retries retries = wanted.retries().over(usual.retries());
    List<RateLimit> both = new ArrayList<>(limits);
    both.addAll(rules.limits());
    RetryBudget budget =
        mine.budget().isPresent()
            ? new LayeredBudget(mine.budget().get(), service.retries())
            : service.retries();
    return service.with(
        budget,
        new Resilience(
            wanted.total().map(total -> total.toNanos()).orElse(rules.totalNanos()),
            retries.equals(usual.retries()) ? rules.retries() : Protections.retries(retries),
            sameHedging ? rules.hedging() : hedging(mine, service.service(), hedging),
            rules.breakers(),
            rules.maxConnections(),
            both,
            rules.concurrency(),
            wanted.priority().usual().orElse(rules.priority()),
            wanted.priority().header().orElse(rules.priorityHeader()),
            rules.relays()));
  }

  /// Who chooses for a route's requests to a service; kept for as long as the policy and its knobs
  /// stay the same.
  LocalFirst chooser(String route, String service, PolicyConfig policy, Supplier<LocalFirst> make) {
    Map<String, Chooser> mine = choosers.computeIfAbsent(route, _ -> new HashMap<>());
    Chooser known = mine.get(service);
    if (known == null || !known.policy().equals(policy)) {
      known = new Chooser(policy, make.get());
      mine.put(service, known);
    }
    return known.chooser();
  }

  /// Choosers are made anew, with another locality.
  void forgetChoosers() {
    choosers.clear();
  }

  private static Optional<Hedging> hedging(Living mine, String service, Protection.Hedging wanted) {
    Hedged known = mine.hedged().get(service);
    if (known == null || !known.wanted().equals(wanted)) {
      known =
          new Hedged(
              wanted,
              wanted.enabled() ? Optional.of(Protections.hedging(wanted)) : Optional.empty());
      mine.hedged().put(service, known);
    }
    return known.hedging();
  }

  private Living living(
      String route, RouteTraffic wanted, int minRetries, RandomGenerator random, long nowNanos) {
    Optional<Living> before = Optional.ofNullable(living.get(route));
    if (before.isPresent() && before.get().traffic().equals(wanted)) {
      return before.get();
    }
    List<RateLimit> limits = new ArrayList<>();
    for (Protection.Limit limit : wanted.rateLimits()) {
      limits.add(
          before
              .filter(b -> b.traffic().rateLimits().contains(limit))
              .map(b -> b.limits().get(b.traffic().rateLimits().indexOf(limit)))
              .orElseGet(() -> Protections.limit(limit, random, nowNanos)));
    }
    OptionalDouble share = wanted.retries().budget();
    Optional<io.skein.routing.retry.RetryBudget> budget =
        before
            .filter(b -> b.traffic().retries().budget().equals(share))
            .map(Living::budget)
            .orElseGet(() ->
                share.isPresent()
                    ? Optional.of(
                        new io.skein.routing.retry.RetryBudget(
                            new RetryBudgetConfig(share.getAsDouble(), minRetries)))
                    : Optional.empty());
    Living made =
        new Living(
            wanted,
            List.copyOf(limits),
            budget,
            before.map(Living::hedged).orElseGet(HashMap::new));
    living.put(route, made);
    return made;
  }

  /// Routes, and arms of experiments, that are not named are forgotten.
  void retain(Set<String> routes) {
    living.keySet().retainAll(routes);
    choosers.keySet().retainAll(routes);
    Map<String, List<RateLimit>> now = new TreeMap<>();
    living.forEach((route, mine) -> {
      if (!mine.limits().isEmpty()) {
        now.put(route, mine.limits());
      }
    });
    limits = java.util.Collections.unmodifiableMap(now);
  }

  /// The limits of routes, by route. Any thread.
  Map<String, List<RateLimit>> limits() {
    return limits;
  }
}

package io.skein.app.routes;

import io.skein.app.traffic.Traffic;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.PolicyConfig;
import io.skein.routing.candidate.Surroundings;
import io.skein.routing.locality.LocalFirst;
import io.skein.routing.locality.LocalFirstConfig;
import io.skein.routing.locality.SpillOver;
import io.skein.routing.retry.RetryBudgetConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// How each service is served: its policy and what that remembers, its budget of retries, its
/// timeouts and protections, made from what its operator says and, where that says nothing, from
/// what is usual on this node. What has a history goes on for as long as its own part of the
/// document stays the same. Confined to the thread of [RouteTables].
final class Servings {
  private final Map<String, Served> served = new HashMap<>();
  private final TrafficMemo documents = new TrafficMemo();
  private final RandomGenerator random;
  private final LongSupplier clock;
  private LocalFirstConfig locality;
  private RetryBudgetConfig retries;
  private Timeouts timeouts;
  private RetryBudget nodeRetries;

  /// How one service is served.
  ///
  /// @param document what its operator says, as it is written
  /// @param traffic the same, read
  record Served(
      PolicyConfig policy,
      LocalFirst chooser,
      SpillOver spill,
      String document,
      Traffic traffic,
      Timeouts timeouts,
      RetryBudget budget,
      Protections protections) {}

  /// @param random for secrets of keyed limits
  Servings(
      LocalFirstConfig locality,
      RetryBudgetConfig retries,
      Timeouts timeouts,
      RandomGenerator random,
      LongSupplier clock) {
    this.locality = locality;
    this.retries = retries;
    this.timeouts = timeouts;
    this.nodeRetries = node(retries);
    this.random = random;
    this.clock = clock;
  }

  private static RetryBudget node(RetryBudgetConfig retries) {
    return new LayeredBudget.Outermost(new io.skein.routing.retry.RetryBudget(retries));
  }

  /// See [RouteTables#usual].
  ///
  /// @return whether the policies begin anew
  boolean usual(LocalFirstConfig locality, RetryBudgetConfig retries, Timeouts timeouts) {
    boolean budgets = !retries.equals(this.retries);
    boolean choosers = !locality.equals(this.locality);
    if (budgets) {
      nodeRetries = node(retries);
    }
    this.locality = locality;
    this.retries = retries;
    this.timeouts = timeouts;
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
    return choosers;
  }

  /// What services' documents say, read once for all who ask. Any thread.
  TrafficMemo documents() {
    return documents;
  }

  /// How a service is served from now on.
  Served of(PutService service) {
    Served kept = served.get(service.service());
    if (kept == null
        || !kept.document().equals(service.traffic())
        || !kept.policy().equals(kept.traffic().balancing().of(service.policy()))) {
      kept = made(service, Optional.ofNullable(kept));
      served.put(service.service(), kept);
    }
    return kept;
  }

  /// How a service is served; empty for one that was not asked [#of].
  Optional<Served> find(String service) {
    return Optional.ofNullable(served.get(service));
  }

  /// Services that are not named are forgotten.
  void retain(Set<String> services) {
    served.keySet().retainAll(services);
  }

  private Served made(PutService service, Optional<Served> before) {
    Traffic traffic = documents.of(service.traffic());
    PolicyConfig policy = traffic.balancing().of(service.policy());
    Optional<LocalFirst> chooser =
        before.filter(b -> b.policy().equals(policy)).map(Served::chooser);
    SpillOver spill = before.map(Served::spill).orElseGet(SpillOver::new);
    Optional<RetryBudget> budget =
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

  /// A policy that remembers nothing yet.
  LocalFirst chooser(PolicyConfig policy, SpillOver spill) {
    return new LocalFirst(policy.policy(Surroundings.USUAL), locality, spill);
  }

  private RetryBudget budget(Traffic.Retries wanted) {
    return new LayeredBudget(
        new io.skein.routing.retry.RetryBudget(
            new RetryBudgetConfig(wanted.budget().orElse(retries.ratio()), retries.minPerSecond())),
        nodeRetries);
  }

  /// Retries a second that are always allowed.
  int minRetries() {
    return retries.minPerSecond();
  }

  private Timeouts timeouts(Traffic.Timeouts wanted) {
    return new Timeouts(
        wanted.connect().map(Duration::toNanos).orElse(timeouts.connectNanos()),
        wanted.firstByte().map(Duration::toNanos).orElse(timeouts.firstByteNanos()),
        wanted.idle().map(Duration::toNanos).orElse(timeouts.idleNanos()));
  }

  /// Names each limit that the whole mesh keeps together, with its service.
  void meshLimits(BiConsumer<String, RateLimit> sink) {
    served.forEach((service, each) ->
        each.protections().meshLimits().forEach(limit -> sink.accept(service, limit)));
  }
}

package io.skein.app.routes;

import io.skein.app.traffic.Protection;
import io.skein.app.traffic.Traffic;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.RelayRules;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.breaker.BreakerConfig;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.AdaptiveLimitConfig;
import io.skein.routing.hedge.HedgeConfig;
import io.skein.routing.hedge.Hedging;
import io.skein.routing.rate.KeyedRates;
import io.skein.routing.rate.Rate;
import io.skein.routing.retry.Backoff;
import io.skein.routing.slowstart.SlowStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The living rules of one service, made from what its operator said. What has a history (limits,
/// breakers, measured latencies) lives on for as long as its own part of the document stays the
/// same. Confined to the thread of [RouteTables]; what it hands out is for any thread.
final class Protections {
  private static final List<String> EVERY_CONDITION =
      List.of("connect", "refused", "reset", "timeout", "5xx");

  private final Traffic traffic;
  private final Resilience resilience;
  private final BreakerConfig breakerConfig;
  private final SlowStart slowStart;
  private final Map<String, Breaker> breakers = new HashMap<>();

  private Protections(Traffic traffic, Resilience resilience) {
    this.traffic = traffic;
    this.resilience = resilience;
    Protection.Breaker breaker = traffic.protection().breaker();
    this.breakerConfig =
        new BreakerConfig(
            breaker.connections(),
            breaker.pending(),
            breaker.requests(),
            breaker.failures(),
            breaker.open().toNanos(),
            BreakerConfig.DEFAULT.mostOpenNanos());
    Protection.SlowStart start = traffic.protection().slowStart();
    this.slowStart = new SlowStart(start.window().toNanos(), 1, start.least());
  }

  /// The rules for a document.
  ///
  /// @param before those of the document that stood before, if there were any
  /// @param random for secrets of keyed limits
  static Protections of(
      Traffic traffic, Optional<Protections> before, RandomGenerator random, long nowNanos) {
    Protection wanted = traffic.protection();
    Optional<Protection> old = before.map(b -> b.traffic.protection());
    Optional<Hedging> hedging =
        !wanted.hedging().enabled()
            ? Optional.empty()
            : old.filter(o -> o.hedging().equals(wanted.hedging()))
                .flatMap(_ -> before.orElseThrow().resilience.hedging())
                .or(() -> Optional.of(hedging(wanted.hedging())));
    Optional<AdaptiveLimit> concurrency =
        !wanted.concurrency().enabled()
            ? Optional.empty()
            : old.filter(o -> o.concurrency().equals(wanted.concurrency()))
                .flatMap(_ -> before.orElseThrow().resilience.concurrency())
                .or(() -> Optional.of(concurrency(wanted.concurrency(), nowNanos)));
    List<RateLimit> limits = new ArrayList<>();
    for (Protection.Limit limit : wanted.rateLimits()) {
      limits.add(
          old.filter(o -> o.rateLimits().contains(limit))
              .map(o -> before.orElseThrow().resilience.limits().get(o.rateLimits().indexOf(limit)))
              .orElseGet(() -> limit(limit, random, nowNanos)));
    }
    Protections made =
        new Protections(
            traffic,
            new Resilience(
                traffic.timeouts().total().toNanos(),
                retries(traffic.retries()),
                hedging,
                Map.of(),
                wanted.breaker().connections(),
                limits,
                concurrency,
                wanted.priority().usual(),
                wanted.priority().header(),
                relays(wanted.relays(), before)));
    before
        .filter(b -> b.traffic.protection().breaker().equals(wanted.breaker()))
        .ifPresent(b -> made.breakers.putAll(b.breakers));
    return made;
  }

  /// The rules towards these endpoints and peers.
  Resilience towards(Set<String> candidates) {
    breakers.keySet().retainAll(candidates);
    candidates.forEach(id -> breakers.computeIfAbsent(id, _ -> new Breaker(breakerConfig)));
    return resilience.withBreakers(breakers);
  }

  /// An endpoint came back: what its breaker remembers is over.
  void restored(String candidate) {
    Optional.ofNullable(breakers.get(candidate)).ifPresent(Breaker::reset);
  }

  SlowStart slowStart() {
    return slowStart;
  }

  /// The limits that the whole mesh keeps together.
  List<RateLimit> meshLimits() {
    return resilience.limits().stream().filter(limit -> limit.demand().isPresent()).toList();
  }

  static RetryRules retries(Traffic.Retries wanted) {
    List<String> on = wanted.on().isEmpty() ? EVERY_CONDITION : wanted.on();
    List<Integer> statuses = new ArrayList<>();
    for (String condition : on) {
      if (condition.equals("5xx")) {
        statuses.addAll(RetryRules.DEFAULT.statuses());
      } else if (Character.isDigit(condition.charAt(0))) {
        statuses.add(Integer.parseInt(condition));
      }
    }
    Duration most =
        wanted.mostBackoff().compareTo(wanted.backoff()) < 0
            ? wanted.backoff()
            : wanted.mostBackoff();
    return new RetryRules(
        wanted.tries(),
        on.contains("connect"),
        on.contains("refused"),
        on.contains("reset"),
        on.contains("timeout"),
        statuses,
        Set.copyOf(wanted.methods()),
        new Backoff(wanted.backoff().toNanos(), most.toNanos()));
  }

  static Hedging hedging(Protection.Hedging wanted) {
    HedgeConfig usual = HedgeConfig.DEFAULT;
    return new Hedging(
        new HedgeConfig(
            wanted.quantile(),
            wanted.budget(),
            usual.leastDelayNanos(),
            usual.mostDelayNanos(),
            usual.minAnswers()));
  }

  private static AdaptiveLimit concurrency(Protection.Concurrency wanted, long nowNanos) {
    AdaptiveLimitConfig usual = AdaptiveLimitConfig.DEFAULT;
    return new AdaptiveLimit(
        new AdaptiveLimitConfig(
            wanted.least(),
            wanted.most(),
            initial(wanted),
            wanted.tolerance(),
            usual.defaultShare(),
            usual.sheddableShare(),
            usual.windowNanos(),
            usual.probeNanos(),
            wanted.waiting(),
            wanted.patience().toNanos()),
        nowNanos);
  }

  // Where requests wait, too low a limit costs nobody his answer at the start; too high a one takes
  // the latency of an overload that it allows for the usual one.
  private static int initial(Protection.Concurrency wanted) {
    return wanted.waiting() > 0
        ? wanted.least()
        : Math.clamp(AdaptiveLimitConfig.DEFAULT.initial(), wanted.least(), wanted.most());
  }

  private static Relays relays(Protection.Lasting wanted, Optional<Protections> before) {
    RelayRules rules =
        new RelayRules(
            wanted.connections(),
            wanted.connectionsPerAddress(),
            wanted.idle().toNanos(),
            wanted.halfClosed().toNanos(),
            wanted.lifetime().toNanos());
    return before.map(b -> b.resilience.relays().under(rules)).orElseGet(() -> new Relays(rules));
  }

  static RateLimit limit(Protection.Limit wanted, RandomGenerator random, long nowNanos) {
    double perSecond = wanted.requests() * 1e9 / wanted.per().toNanos();
    return new RateLimit(
        wanted.name(),
        wanted.by(),
        wanted.header(),
        Rate.perSecond(perSecond, wanted.burst()),
        wanted.mesh(),
        KeyedRates.DEFAULT_PLACES,
        random.nextLong(),
        nowNanos);
  }
}

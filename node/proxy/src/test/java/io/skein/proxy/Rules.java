package io.skein.proxy;

import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.RelayRules;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.hedge.Hedging;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules of a test's service: [Resilience#NONE], but for what the test says.
public final class Rules {
  private static final Resilience NONE = Resilience.NONE;

  private Duration total = Duration.ZERO;
  private RetryRules retries = NONE.retries();
  private Optional<Hedging> hedging = Optional.empty();
  private Map<String, Breaker> breakers = Map.of();
  private int connections = NONE.maxConnections();
  private List<RateLimit> limits = List.of();
  private Optional<AdaptiveLimit> concurrency = Optional.empty();
  private Priority priority = NONE.priority();
  private String priorityHeader = "";
  private RelayRules relays = RelayRules.NONE;

  public Rules total(Duration wanted) {
    total = wanted;
    return this;
  }

  public Rules retries(RetryRules wanted) {
    retries = wanted;
    return this;
  }

  public Rules hedging(Hedging wanted) {
    hedging = Optional.of(wanted);
    return this;
  }

  public Rules breakers(Map<String, Breaker> wanted) {
    breakers = wanted;
    return this;
  }

  public Rules connections(int most) {
    connections = most;
    return this;
  }

  public Rules limits(RateLimit... wanted) {
    limits = List.of(wanted);
    return this;
  }

  public Rules concurrency(AdaptiveLimit wanted) {
    concurrency = Optional.of(wanted);
    return this;
  }

  public Rules priority(Priority wanted) {
    priority = wanted;
    return this;
  }

  public Rules priorityHeader(String lowerCaseName) {
    priorityHeader = lowerCaseName;
    return this;
  }

  public Rules relays(RelayRules wanted) {
    relays = wanted;
    return this;
  }

  public Resilience made() {
    return new Resilience(
        total.toNanos(),
        retries,
        hedging,
        breakers,
        connections,
        limits,
        concurrency,
        priority,
        priorityHeader,
        new Relays(relays));
  }
}

package io.skein.proxy.resilience;

import io.skein.routing.breaker.Breaker;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.hedge.Hedging;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that keeps one service's requests and endpoints from harm. Immutable, but for the
/// state its parts share with all other snapshots of the service.
///
/// @param totalNanos from a request's head to its answer's last byte, all tries together; 0: no
///   limit
/// @param retries when a try is repeated
/// @param hedging when a second try is made beside the first
/// @param breakers of its endpoints, by candidate id
/// @param maxConnections to one endpoint, all event loops together
/// @param limits of rate, the first that refuses counts
/// @param concurrency limit of requests in flight
/// @param priority of requests that say nothing
/// @param priorityHeader lower-case name of the header in which a client says its priority; empty:
///   clients are not believed
/// @param relays its relayed connections
public record Resilience(
    long totalNanos,
    RetryRules retries,
    Optional<Hedging> hedging,
    Map<String, Breaker> breakers,
    int maxConnections,
    List<RateLimit> limits,
    Optional<AdaptiveLimit> concurrency,
    Priority priority,
    String priorityHeader,
    Relays relays) {
  /// No total, three tries, nothing limited.
  public static final Resilience NONE =
      new Resilience(
          0,
          RetryRules.DEFAULT,
          Optional.empty(),
          Map.of(),
          Integer.MAX_VALUE,
          List.of(),
          Optional.empty(),
          Priority.DEFAULT,
          "",
          Relays.FREE);

  public Resilience {
    if (totalNanos < 0) {
      throw new IllegalArgumentException("totalNanos: " + totalNanos + " (expected: >= 0)");
    }
    breakers = Map.copyOf(breakers);
    limits = List.copyOf(limits);
  }

  /// The same towards other endpoints.
  public Resilience withBreakers(Map<String, Breaker> others) {
    return new Resilience(
        totalNanos,
        retries,
        hedging,
        others,
        maxConnections,
        limits,
        concurrency,
        priority,
        priorityHeader,
        relays);
  }

  /// Whether more than half of the endpoints have an open breaker: then failures say more about the
  /// service, or about us, than about one endpoint, and trying beats refusing (the panic rule).
  public boolean panicking() {
    int open = 0;
    for (Breaker breaker : breakers.values()) {
      open += breaker.closed() ? 0 : 1;
    }
    return open * 2 > breakers.size();
  }
}

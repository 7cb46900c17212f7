package io.skein.app.config;

import io.skein.app.traffic.Protection;
import io.skein.app.traffic.RouteTraffic;
import io.skein.routing.concurrency.Priority;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Binds what a route wants otherwise than its services: the keys and ranges are those of a
/// service, and none has a default.
final class RouteTrafficBinder {
  private RouteTrafficBinder() {}

  /// @param total of `timeouts`
  static RouteTraffic bind(Section route, Optional<Duration> total) {
    return new RouteTraffic(
        total,
        route.section("retries", RouteTrafficBinder::retries),
        route.section("hedging", RouteTrafficBinder::hedging),
        route.section("request-priority", RouteTrafficBinder::importance),
        route.optional("policy", BalancingBinder.POLICY).map(RoutingPolicy::word),
        route.optionalSection("balancing", BalancingBinder::bind),
        route.sections(
            "rate-limits", Protection.MAX_LIMITS, ProtectionBinder::limit, Protection.Limit::name),
        route.optionalSection("experiment", ExperimentBinder::bind));
  }

  static RouteTraffic.Retries retries(Section section) {
    return new RouteTraffic.Retries(
        number(section.optional("budget", ValueType.fraction(1))),
        section
            .optional("tries", TrafficBinder.TRIES)
            .map(OptionalInt::of)
            .orElseGet(OptionalInt::empty),
        section.values("on", TrafficBinder.RETRY_CONDITION, TrafficBinder.MOST_CONDITIONS),
        section.values("methods", TrafficBinder.METHOD, TrafficBinder.MOST_METHODS),
        section.optional("backoff", TrafficBinder.WAIT),
        section.optional("most-backoff", TrafficBinder.WAIT));
  }

  static RouteTraffic.Hedging hedging(Section section) {
    Optional<Boolean> enabled = section.optional("enabled", ValueType.SWITCH);
    Optional<Double> quantile = section.optional("quantile", ProtectionBinder.QUANTILE);
    Optional<Double> budget = section.optional("budget", ProtectionBinder.HEDGE_BUDGET);
    return new RouteTraffic.Hedging(enabled, number(quantile), number(budget));
  }

  private static RouteTraffic.Importance importance(Section section) {
    return new RouteTraffic.Importance(
        section.optional("usual", ValueType.word(Priority.values(), Priority::word)),
        section.optional("header", ProtectionBinder.HEADER));
  }

  private static OptionalDouble number(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }
}

package io.skein.app.traffic;

import io.skein.routing.concurrency.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a route wants otherwise than the services it forwards to: the parts of its document that
/// concern single requests. What it does not say is as each service has it. Breakers, slow start,
/// concurrency limits and checks are not here: they judge endpoints, and an endpoint does not know
/// by which route a request came.
///
/// @param total from a request's head to its answer's last byte; 0: no limit
/// @param retries when a failed try is repeated
/// @param hedging a second try beside a slow first one
/// @param priority whose requests are refused last
/// @param policy how an endpoint is chosen for its requests
/// @param balancing knobs of that policy, or of the service's if there is none
/// @param rateLimits limits of this route's requests, beside those of the service
/// @param experiment what is tried out on a share of its clients
public record RouteTraffic(
    Optional<Duration> total,
    Retries retries,
    Hedging hedging,
    Importance priority,
    Optional<String> policy,
    Optional<Balancing> balancing,
    List<Protection.Limit> rateLimits,
    Optional<Experiment> experiment) {
  /// All as the services have it.
  public static final RouteTraffic NONE =
      new RouteTraffic(
          Optional.empty(),
          Retries.NONE,
          Hedging.NONE,
          Importance.NONE,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty());

  public RouteTraffic {
    rateLimits = List.copyOf(rateLimits);
  }

  /// The same without limits of its own.
  public RouteTraffic withoutLimits() {
    return new RouteTraffic(
        total, retries, hedging, priority, policy, balancing, List.of(), Optional.empty());
  }

  /// Section `retries`; see [Traffic.Retries].
  ///
  /// @param budget retries of this route's requests as a share of them, beside the service's budget
  /// @param tries of one request at most, the first included
  /// @param on conditions; empty: the service's
  /// @param methods that are retriable; empty: the service's
  /// @param backoff bound of the first wait
  /// @param mostBackoff bound of every wait
  public record Retries(
      OptionalDouble budget,
      OptionalInt tries,
      List<String> on,
      List<String> methods,
      Optional<Duration> backoff,
      Optional<Duration> mostBackoff) {
    /// As the service has it.
    public static final Retries NONE =
        new Retries(
            OptionalDouble.empty(),
            OptionalInt.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty());

    public Retries {
      on = List.copyOf(on);
      methods = List.copyOf(methods);
    }

    /// What a route wants, as far as this says nothing else.
    public Retries over(Retries route) {
      return new Retries(
          budget.isPresent() ? budget : route.budget,
          tries.isPresent() ? tries : route.tries,
          on.isEmpty() ? route.on : on,
          methods.isEmpty() ? route.methods : methods,
          backoff.or(route::backoff),
          mostBackoff.or(route::mostBackoff));
    }

    /// What a service wants, as far as this says nothing else; the budget is the service's.
    public Traffic.Retries over(Traffic.Retries service) {
      return new Traffic.Retries(
          service.budget(),
          tries.orElse(service.tries()),
          on.isEmpty() ? service.on() : on,
          methods.isEmpty() ? service.methods() : methods,
          backoff.orElse(service.backoff()),
          mostBackoff.orElse(service.mostBackoff()));
    }
  }

  /// Section `hedging`; see [Protection.Hedging].
  ///
  /// @param enabled whether safe requests without a body are hedged
  /// @param quantile of the time to the first byte after which the second try begins
  /// @param budget second tries as a share of this route's requests
  public record Hedging(Optional<Boolean> enabled, OptionalDouble quantile, OptionalDouble budget) {
    /// As the service has it.
    public static final Hedging NONE =
        new Hedging(Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    /// What a route wants, as far as this says nothing else.
    public Hedging over(Hedging route) {
      return new Hedging(
          enabled.or(route::enabled),
          quantile.isPresent() ? quantile : route.quantile,
          budget.isPresent() ? budget : route.budget);
    }

    /// What a service wants, as far as this says nothing else.
    public Protection.Hedging over(Protection.Hedging service) {
      return new Protection.Hedging(
          enabled.orElse(service.enabled()),
          quantile.orElse(service.quantile()),
          budget.orElse(service.budget()));
    }
  }

  /// Section `request-priority`; see [Protection.Importance].
  ///
  /// @param usual of requests that say nothing
  /// @param header in which a client says its own
  public record Importance(Optional<Priority> usual, Optional<String> header) {
    /// As the service has it.
    public static final Importance NONE = new Importance(Optional.empty(), Optional.empty());
  }
}

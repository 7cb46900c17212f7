package io.skein.proxy.http;

import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.overload.Step;
import io.skein.routing.rate.Rate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Whether a request is let in: by what this node can bear, by what its sender may ask, by what the
/// service can serve; in this order, as each is dearer than the one before. Reused from request to
/// request; event loop only.
///
/// What a peer forwards was counted against the rate limits where it came in, and is not again.
final class Admission {
  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private final Origin origin;
  private @Nullable AdaptiveLimit held;
  private Relays.@Nullable Place place;

  Admission(Worker worker, Downstream client, Exchange exchange, Origin origin) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.origin = origin;
  }

  /// Lets a request in, or refuses it.
  ///
  /// @return whether it was let in
  boolean admit(ServiceRoute service) {
    Resilience rules = service.resilience();
    Step step = worker.plane.overload;
    Optional<AdaptiveLimit> limit = rules.concurrency();
    boolean lasting = exchange.request.facts.websocket;
    if (step == Step.NONE
        && !lasting
        && limit.isEmpty()
        && rules.limits().isEmpty()
        && rules.priorityHeader().isEmpty()) {
      return true;
    }
    Priority priority = priority(rules);
    // What lasts is refused a step before requests of its priority.
    if (refusedBy(lasting && step == Step.SHED_SHEDDABLE ? Step.SHED_DEFAULT : step, priority)) {
      exchange.refuse(Reason.OVERLOADED, "pressure: " + step.word(), false);
      return false;
    }
    if (!client.mesh() && !withinRates(rules.limits())) {
      return false;
    }
    if (limit.isPresent()) {
      if (!limit.get().tryAcquire(priority)) {
        exchange.refuse(Reason.SHED, "service " + service.service(), false);
        return false;
      }
      held = limit.get();
    }
    return !lasting || enter(rules.relays(), priority);
  }

  /// What a peer forwards was counted where it came in.
  private boolean enter(Relays relays, Priority priority) {
    Relays its = client.mesh() ? Relays.FREE : relays;
    place = its.tryEnter(origin.address(), priority != Priority.CRITICAL);
    if (place == null) {
      release();
      exchange.refuse(Reason.RELAYS_FULL, "relayed connections", false);
    }
    return place != null;
  }

  /// The request became a connection that lasts, and its place there with it.
  Relays.Place takePlace() {
    Relays.Place its = place;
    place = null;
    if (its == null) {
      throw new IllegalStateException("nobody asked to switch protocols");
    }
    return its;
  }

  private static boolean refusedBy(Step step, Priority priority) {
    return switch (step) {
      case NONE, NO_KEEP_ALIVE -> false;
      case SHED_SHEDDABLE -> priority == Priority.SHEDDABLE;
      case SHED_DEFAULT -> priority != Priority.CRITICAL;
      case REFUSE_ALL -> true;
    };
  }

  private Priority priority(Resilience rules) {
    RequestFacts request = exchange.request.facts;
    String said = client.mesh() ? request.priority : "";
    if (!client.mesh() && !rules.priorityHeader().isEmpty()) {
      CharSequence value = request.fields.first(rules.priorityHeader());
      said = value == null ? "" : value.toString();
    }
    Priority priority =
        said.isEmpty() ? rules.priority() : Priority.of(said).orElse(rules.priority());
    request.priority = priority == Priority.DEFAULT ? "" : priority.word();
    return priority;
  }

  private boolean withinRates(List<RateLimit> limits) {
    for (int i = 0; i < limits.size(); i++) {
      RateLimit limit = limits.get(i);
      long wait = limit.take(key(limit), exchange.account.begunNanos());
      if (wait != Rate.ADMITTED) {
        RequestFacts request = exchange.request.facts;
        request.retryAfterSeconds = TimeUnit.NANOSECONDS.toSeconds(wait + 999_999_999L);
        request.ratePolicy = limit.policy();
        exchange.refuse(Reason.RATE_LIMITED, "limit " + limit.name(), false);
        return false;
      }
    }
    return true;
  }

  private CharSequence key(RateLimit limit) {
    return switch (limit.by()) {
      case SERVICE -> "";
      case ADDRESS -> origin.address();
      case HEADER -> {
        CharSequence value = exchange.request.facts.fields.first(limit.header());
        yield value == null ? origin.address() : value;
      }
    };
  }

  /// An answer began, or should have.
  ///
  /// @param overloaded whether that says that the service has too much to do
  void sample(long latencyNanos, boolean overloaded, long nowNanos) {
    AdaptiveLimit limit = held;
    if (limit != null) {
      limit.sample(latencyNanos, overloaded, nowNanos);
    }
  }

  /// The request is over.
  void release() {
    Relays.Place its = place;
    if (its != null) {
      place = null;
      its.leave(System.nanoTime());
    }
    AdaptiveLimit limit = held;
    if (limit != null) {
      held = null;
      limit.release();
    }
  }
}

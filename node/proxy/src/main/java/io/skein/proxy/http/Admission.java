package io.skein.proxy.http;

import io.skein.proxy.entrance.Arrival;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.concurrency.WaitingLine;
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
/// Where requests may wait for a place in flight, they do so without a timer: the tick of their
/// connection looks after them.
///
/// What came before its event loop was there for it waits behind what is fresher first ([Arrears]).
///
/// What a peer forwards was counted against the rate limits where it came in, and is not again.
final class Admission {
  enum Verdict {
    ADMITTED,
    /// [Exchange#turn] follows, or its patience ends.
    WAITS,
    REFUSED
  }

  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private @Nullable AdaptiveLimit held;
  private @Nullable Waiting waiting;
  private Relays.@Nullable Place place;
  private @Nullable Late late;

  Admission(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
  }

  /// Lets a request in, or refuses it, or has it wait.
  Verdict admit(ServiceRoute service) {
    long now = exchange.account.begunNanos();
    return worker.arrears.suspected(now) && waitsBehindFresher(service, now)
        ? Verdict.WAITS
        : letIn(service);
  }

  /// Asks the kernel how late the request is.
  private boolean waitsBehindFresher(ServiceRoute service, long now) {
    Arrears arrears = worker.arrears;
    Arrival arrival = client.arrival(now);
    if (!arrears.late(arrival, now)) {
      return false;
    }
    worker.plane.metrics.lateRequest();
    exchange.deadlines.waited(arrival.waitedNanos());
    if (arrears.full()) {
      return false;
    }
    exchange.lines();
    Late mine = new Late(service, now - arrival.waitedNanos());
    late = mine;
    arrears.join(mine, now);
    return true;
  }

  /// A request that came before this event loop was there for it.
  private final class Late extends Arrears.Late {
    private final ServiceRoute service;

    Late(ServiceRoute service, long arrivedNanos) {
      super(arrivedNanos);
      this.service = service;
    }

    @Override
    boolean turn() {
      if (late != this) {
        return false;
      }
      long now = System.nanoTime();
      if (client.arrival(now).gone()) {
        client.abort();
        return false;
      }
      // Its time may be over.
      exchange.tick(now);
      if (late == this) {
        late = null;
        if (letIn(service) == Verdict.ADMITTED) {
          exchange.turn();
        }
      }
      return true;
    }
  }

  private Verdict letIn(ServiceRoute service) {
    Resilience rules = service.resilience();
    Step step = worker.plane.overload;
    Optional<AdaptiveLimit> limit = rules.concurrency();
    boolean lasting = exchange.request.facts.websocket;
    if (step == Step.NONE
        && !lasting
        && limit.isEmpty()
        && rules.limits().isEmpty()
        && rules.priorityHeader().isEmpty()) {
      return Verdict.ADMITTED;
    }
    Priority priority = priority(rules);
    // What lasts is refused a step before requests of its priority.
    if (refusedBy(lasting && step == Step.SHED_SHEDDABLE ? Step.SHED_DEFAULT : step, priority)) {
      exchange.refuse(Reason.OVERLOADED, "pressure: " + step.word(), false);
      return Verdict.REFUSED;
    }
    if (!client.mesh() && !withinRates(rules.limits())) {
      return Verdict.REFUSED;
    }
    if (lasting && !enter(rules.relays(), priority)) {
      return Verdict.REFUSED;
    }
    if (limit.isEmpty()) {
      return Verdict.ADMITTED;
    }
    if (limit.get().line().tryEnter(priority)) {
      held = limit.get();
      return Verdict.ADMITTED;
    }
    return join(limit.get(), priority, service.service());
  }

  private Verdict join(AdaptiveLimit limit, Priority priority, String service) {
    Waiting mine = new Waiting(limit, service);
    // Its turn may come within this call, and is told to the loop then.
    exchange.lines();
    waiting = mine;
    WaitingLine.Ticket ticket = limit.line().join(priority, mine, System.nanoTime());
    mine.ticket = ticket;
    if (ticket == null) {
      waiting = null;
      exchange.refuse(Reason.SHED, "service " + service, false);
      return Verdict.REFUSED;
    }
    return Verdict.WAITS;
  }

  /// A request in the line.
  private final class Waiting implements Runnable {
    private final AdaptiveLimit limit;
    private final String service;
    private WaitingLine.@Nullable Ticket ticket;

    Waiting(AdaptiveLimit limit, String service) {
      this.limit = limit;
      this.service = service;
    }

    // On the thread of whoever made room.
    @Override
    public void run() {
      if (!worker.loop.isShuttingDown()) {
        worker.loop.execute(this::turn);
      }
    }

    private void turn() {
      if (waiting == this) {
        waiting = null;
        held = limit;
        exchange.turn();
        worker.flush();
      }
    }
  }

  /// Time passed while it waits.
  void tick(long nowNanos) {
    Waiting mine = waiting;
    WaitingLine.Ticket ticket = mine == null ? null : mine.ticket;
    if (mine == null || ticket == null) {
      return;
    }
    mine.limit.line().look(nowNanos);
    if (ticket.outOfPatience(nowNanos)) {
      exchange.refuse(Reason.SHED, "service " + mine.service + ", after waiting", false);
    }
  }

  /// What a peer forwards was counted where it came in.
  private boolean enter(Relays relays, Priority priority) {
    Relays its = client.mesh() ? Relays.FREE : relays;
    place = its.tryEnter(client.origin().address(), priority != Priority.CRITICAL);
    if (place == null) {
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
      case ADDRESS -> client.origin().address();
      case HEADER -> {
        CharSequence value = exchange.request.facts.fields.first(limit.header());
        yield value == null ? client.origin().address() : value;
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
    if (late != null) {
      late = null;
      worker.plane.metrics.lateRequestLeft();
    }
    Relays.Place its = place;
    if (its != null) {
      place = null;
      its.leave(System.nanoTime());
    }
    AdaptiveLimit limit = held;
    if (limit != null) {
      held = null;
      limit.line().left(System.nanoTime());
    }
    Waiting mine = waiting;
    if (mine != null) {
      waiting = null;
      WaitingLine.Ticket ticket = mine.ticket;
      if (ticket != null) {
        ticket.leave(System.nanoTime());
      }
    }
  }
}

package io.skein.proxy.tcp;

import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.RelayRules;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.Choosing;
import io.skein.proxy.route.ConnectionCounts;
import io.skein.proxy.route.RequestKey;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Tried;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.Priority;
import io.skein.routing.hash.KeyHash;
import io.skein.routing.overload.Step;
import io.skein.routing.rate.Rate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Whether a connection is let in, and what it holds of its service's and its endpoint's bounds
/// until it ends. A connection is a request here: it takes one from each rate limit, and one of the
/// requests and connections that an endpoint's breaker allows for as long as it lasts. The adaptive
/// limit judges by the time to connect, so it counts those that are being connected. Event loop
/// only.
///
/// How an endpoint is, is known at its first byte, or when the connection stood for [#SETTLED]; one
/// that is reset before counts as a failure, as one that cannot be made does.
///
/// What a peer sends was counted against the service's limits where it came in, and is not again;
/// the endpoint's bounds hold for everything.
final class TcpGuard {
  private static final long SETTLED = TimeUnit.SECONDS.toNanos(1);

  private final TcpLoop loop;
  private final Choosing choosing;
  private final Tried tried = new Tried();
  private Relays.@Nullable Place place;
  private @Nullable AdaptiveLimit connecting;
  private @Nullable Breaker breaker;
  private Breaker.Leave leave = Breaker.Leave.GRANTED;
  private boolean pending;
  private boolean judged;
  private @Nullable Target counted;
  private ConnectionCounts.@Nullable Count count;
  private Priority priority = Priority.DEFAULT;
  private long key;
  private long triedNanos;

  TcpGuard(TcpLoop loop) {
    this.loop = loop;
    this.choosing = new Choosing(loop.random);
  }

  // ---- at the service

  /// Lets a connection in.
  ///
  /// @param fromPeer whether a peer sent it
  /// @param address the client's
  /// @return why not; null if it was let in
  @Nullable Reason enter(ServiceRoute service, boolean fromPeer, String address, long nowNanos) {
    Resilience rules = service.resilience();
    // A connection has nothing else that could be its key.
    key = service.selector().key() == RequestKey.NONE ? 0 : KeyHash.of(address);
    priority = rules.priority();
    if (refuses(loop.plane.overload().get(), priority)) {
      return Reason.OVERLOADED;
    }
    if (!fromPeer && !withinRates(rules.limits(), address, nowNanos)) {
      return Reason.RATE_LIMITED;
    }
    if (rules.concurrency().isPresent()) {
      AdaptiveLimit limit = rules.concurrency().get();
      if (!limit.tryAcquire(priority)) {
        return Reason.SHED;
      }
      connecting = limit;
    }
    if (!fromPeer) {
      place = rules.relays().tryEnter(address, priority != Priority.CRITICAL);
      if (place == null) {
        return Reason.RELAYS_FULL;
      }
    }
    return null;
  }

  /// A connection lasts, so under pressure it is refused a step before requests of its priority.
  private static boolean refuses(Step step, Priority priority) {
    return switch (step) {
      case NONE, NO_KEEP_ALIVE -> false;
      case SHED_SHEDDABLE, SHED_DEFAULT -> priority != Priority.CRITICAL;
      case REFUSE_ALL -> true;
    };
  }

  private static boolean withinRates(List<RateLimit> limits, String address, long nowNanos) {
    for (int i = 0; i < limits.size(); i++) {
      RateLimit limit = limits.get(i);
      String key = limit.by() == RateLimit.By.SERVICE ? "" : address;
      if (limit.take(key, nowNanos) != Rate.ADMITTED) {
        return false;
      }
    }
    return true;
  }

  RelayRules rules() {
    Relays.Place its = place;
    return its == null ? RelayRules.NONE : its.rules();
  }

  /// Whether the connection may be given up under pressure while it is silent.
  boolean expendable() {
    return priority != Priority.CRITICAL;
  }

  // ---- at an endpoint

  /// Chooses a candidate; its breaker's leave is for [#trying] or [#notTrying].
  Decision choose(ServiceRoute service, boolean mayForward, long nowNanos) {
    return choosing.choose(service, service.unsafe(), key, tried, mayForward, nowNanos);
  }

  /// A try begins at that candidate.
  void begins(Candidate candidate) {
    tried.add(candidate);
  }

  /// Takes what the candidate chosen last may be asked for.
  ///
  /// @return whether there is room for another connection; if not, [#failed] has to be told
  boolean trying(ServiceRoute service, Target target, long nowNanos) {
    breaker = choosing.takeBreaker();
    leave = choosing.leave();
    judged = false;
    triedNanos = nowNanos;
    ConnectionCounts.Count its = loop.plane.connections().hold(target);
    counted = target;
    count = its;
    its.opened();
    if (its.open() > service.resilience().maxConnections()) {
      return false;
    }
    Breaker guarding = breaker;
    pending = guarding != null && guarding.tryWait();
    return guarding == null || pending;
  }

  /// The candidate chosen last is not tried.
  void notTrying() {
    choosing.giveUp();
  }

  /// No connection was made.
  ///
  /// @param end whose doing that is
  void failed(Breaker.End end, long nowNanos) {
    sample(end == Breaker.End.FAILED, nowNanos);
    left(end, nowNanos);
  }

  void connected(long nowNanos) {
    waited();
    sample(false, nowNanos);
    release();
  }

  /// The endpoint does what it should.
  void well(long nowNanos) {
    Breaker its = breaker;
    if (!judged && its != null) {
      judged = true;
      its.judged(leave, Breaker.End.GOOD, nowNanos);
    }
  }

  /// Looks whether the connection stood for long enough.
  void tick(long connectedNanos, long nowNanos) {
    if (!judged && nowNanos - connectedNanos > SETTLED) {
      well(nowNanos);
    }
  }

  /// The connection is over.
  ///
  /// @param broken whether the endpoint broke it off
  void over(boolean broken, long nowNanos) {
    choosing.giveUp();
    left(broken ? Breaker.End.FAILED : Breaker.End.UNKNOWN, nowNanos);
    release();
    Relays.Place its = place;
    if (its != null) {
      its.leave(nowNanos);
    }
  }

  private void left(Breaker.End end, long nowNanos) {
    waited();
    Breaker its = breaker;
    breaker = null;
    if (its != null && judged) {
      its.ended(Breaker.Leave.GRANTED, Breaker.End.UNKNOWN, nowNanos);
    } else if (its != null) {
      its.ended(leave, end, nowNanos);
    }
    ConnectionCounts.Count held = count;
    Target target = counted;
    count = null;
    counted = null;
    if (held != null && target != null) {
      held.closed();
      loop.plane.connections().letGo(target);
    }
  }

  private void waited() {
    Breaker its = breaker;
    if (pending && its != null) {
      its.waited();
    }
    pending = false;
  }

  private void sample(boolean failed, long nowNanos) {
    AdaptiveLimit limit = connecting;
    if (limit != null) {
      limit.sample(nowNanos - triedNanos, failed, nowNanos);
    }
  }

  private void release() {
    AdaptiveLimit limit = connecting;
    connecting = null;
    if (limit != null) {
      limit.release();
    }
  }
}

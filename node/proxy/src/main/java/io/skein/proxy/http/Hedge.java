package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.hedge.Hedging;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A second try beside the first, for safe requests without a body that are answered more slowly
/// than their like. The first head of a good answer (below 500) decides the race; the other try is
/// given up, which closes its connection or resets its stream and does not count as a failure of
/// its endpoint; but that it had not answered by then is remembered there as a latency of at least
/// that long, or whoever never answers would look idle. A try that fails while the other runs is
/// out of the race and no more than that.
///
/// A second try that the budget refuses is asked for again after as long a wait: who waits longest
/// deserves the budget most.
///
/// Where the first try waits at somebody who stands still
/// ([io.skein.proxy.route.Selector#standsStill]), the second is no luxury: without it the first
/// would fail, and be repeated then. So it is paid like a repetition, from the budget of retries,
/// and needs neither a quantile nor the 2 %: all that wait there go elsewhere within a tick. Only
/// where the service's rules repeat what timed out, to nobody who stands still as well, and on from
/// there if that one turns out to, as often as the rules allow tries. The first try goes on
/// meanwhile, or nobody would notice the first answer after a standstill.
///
/// Whether a peer that has not answered anything yet stands still, nobody can tell. Who waits there
/// is sent elsewhere likewise once the service, as it is now, has no such peer, unless that one has
/// answered somebody since, in the last two seconds: what it answered in the moment before it was
/// lost, or before its packets were, tells nothing of those that wait.
///
/// Who stays with an endpoint gets none while that is to be had: only that one knows the client,
/// and an answer of another would move it there. Where it is known to be lost or is reached another
/// way by now, and nobody was answered since the request was sent, or for two seconds, the request
/// goes where the client's next would. Nor does a request to a service with a single endpoint get
/// one: there is no other.
///
/// Costs nothing on services without hedging. On those with it a request sets a date and its end
/// clears it; a timer of the event loop looks at the date once in a delay, however many requests a
/// connection has meanwhile. Reused from request to request; event loop only.
final class Hedge {
  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private static final long NONE = Long.MIN_VALUE;

  /// Who has answered nobody for so long is not taken to answer anybody else.
  private static final long QUIET_NANOS = 2_000_000_000L;

  /// Who has waited for less is not sent elsewhere, wherever that is.
  private static final long LEAST_WAITED_NANOS = 100_000_000L;

  /// After what part of the time that it has waited a request is looked at again.
  private static final long AGAIN = 4;

  private final Runnable look = this::look;
  private @Nullable ScheduledFuture<?> timer;
  private long timerNanos;
  private long dueNanos = NONE;
  private long delayNanos;
  private boolean again;
  private @Nullable ServiceRoute armed;
  private @Nullable Attempt spare;
  private @Nullable Attempt racing;
  private boolean won;
  private boolean rescued;
  private long nextRescueNanos;

  Hedge(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
  }

  /// Whether the second try's answer is the one that is passed on.
  boolean won() {
    return won;
  }

  /// Whether that try was made because the first one waited at somebody who stood still.
  boolean rescued() {
    return rescued;
  }

  /// Whether two tries run.
  boolean races() {
    return racing != null;
  }

  /// Whether that is the second try.
  boolean is(Attempt attempt) {
    return attempt == racing;
  }

  /// The first try's request is on its way, or its connection is being made.
  void arm() {
    ServiceRoute service = exchange.request.service();
    RequestFacts request = exchange.request.facts;
    if (service == null || armed != null || request.websocket) {
      return;
    }
    Optional<Hedging> hedging = service.resilience().hedging();
    if (hedging.isEmpty()
        || service.targets().size() < 2
        || exchange.attempt.count() > 1
        || client.mesh()
        || !exchange.request.bodiless()
        || !safe(request.method)) {
      return;
    }
    long begun = exchange.startedNanos();
    long delay = exchange.staying.stays() ? Hedging.NEVER : hedging.get().requested(begun);
    armed = service;
    nextRescueNanos = begun + LEAST_WAITED_NANOS;
    if (delay != Hedging.NEVER) {
      delayNanos = delay;
      again = false;
      due(begun + delay, begun);
    }
  }

  private void due(long atNanos, long nowNanos) {
    dueNanos = atNanos;
    ScheduledFuture<?> looks = timer;
    if (looks != null && timerNanos - atNanos > 0) {
      looks.cancel(false);
      looks = null;
    }
    if (looks == null) {
      timerNanos = atNanos;
      timer = worker.loop.schedule(look, Math.max(0, atNanos - nowNanos), TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    timer = null;
    ServiceRoute service = armed;
    if (dueNanos == NONE || service == null) {
      return;
    }
    long now = System.nanoTime();
    if (now - dueNanos < 0) {
      due(dueNanos, now);
      return;
    }
    dueNanos = NONE;
    service.resilience().hedging().ifPresent(hedging -> begin(service, hedging, now));
    worker.flush();
  }

  private static boolean safe(HttpMethod method) {
    return method.equals(HttpMethod.GET)
        || method.equals(HttpMethod.HEAD)
        || method.equals(HttpMethod.OPTIONS);
  }

  private void begin(ServiceRoute service, Hedging hedging, long now) {
    if (!waitsAlone()) {
      return;
    }
    Candidate other = exchange.repetition.beside(service, now);
    if (other == null) {
      return;
    }
    if (!hedging.tryHedge(again, now)) {
      again = true;
      exchange.repetition.notBeside();
      due(now + delayNanos, now);
      return;
    }
    exchange.account.hedged();
    rescued = false;
    race(service, other, now);
  }

  /// It is time to look after those that wait.
  void tick(long now) {
    ServiceRoute service = armed;
    if (service == null || now - nextRescueNanos < 0 || !exchange.awaitsAnswer()) {
      return;
    }
    Attempt last = last();
    nextRescueNanos = now + (now - last.sentNanos()) / AGAIN;
    RetryRules rules = service.resilience().retries();
    if (!rules.timeout() || last.count() >= rules.tries()) {
      return;
    }
    Candidate at = last.candidate();
    boolean stays = last.count() == 1 && exchange.staying.stays();
    if (!stays && service.selector().standsStill(at, now)) {
      rescue(service, now);
    } else if ((stays || at.kind() == Candidate.Kind.PEER)
        && !at.load().hasAnswered(now - Math.min(QUIET_NANOS, now - last.sentNanos()))) {
      ServiceRoute today = worker.plane.routes.get().service(service.service()).orElse(service);
      if (stays) {
        moveOn(today, now);
      } else if (!today.targets().containsKey(at.id())) {
        rescue(today, now);
      }
    }
  }

  private Attempt last() {
    return racing == null ? exchange.attempt : racing;
  }

  private void rescue(ServiceRoute service, long now) {
    Candidate other = exchange.repetition.beside(service, now);
    if (other != null && paid(service, other, now)) {
      race(service, other, now);
    }
  }

  /// @param service as it is now
  private void moveOn(ServiceRoute service, long now) {
    Candidate way = exchange.staying.way(service);
    Candidate other =
        exchange.staying.lost(service) ? exchange.repetition.beside(service, now) : way;
    if (other != null
        && !other.id().equals(exchange.attempt.candidate().id())
        && paid(service, other, now)) {
      exchange.staying.goes(way);
      race(service, other, now);
    }
  }

  private boolean paid(ServiceRoute service, Candidate other, long now) {
    if (service.selector().standsStill(other, now) || !service.retries().tryRetry(now)) {
      exchange.repetition.notBeside();
      return false;
    }
    exchange.account.retried();
    rescued = true;
    return true;
  }

  private boolean waitsAlone() {
    return racing == null && exchange.awaitsAnswer() && exchange.attempt.count() == 1;
  }

  /// Beside the first; a second one that runs makes room.
  private void race(ServiceRoute service, Candidate other, long now) {
    Attempt last = last();
    unanswered(last, now);
    int tries = last.count();
    if (last == racing) {
      drop(last, OutcomeKind.CLIENT_GONE);
    }
    Attempt second = spare;
    if (second == null) {
      second = new Attempt(worker, client, exchange);
    }
    spare = null;
    racing = second;
    nextRescueNanos = now + LEAST_WAITED_NANOS;
    second.follow(tries);
    second.begin(service, other);
  }

  /// The head of a good answer came while two tries run.
  void decide(Attempt from) {
    Attempt second = racing;
    if (from == second) {
      won = true;
      unanswered(exchange.attempt, System.nanoTime());
      drop(exchange.attempt, OutcomeKind.CLIENT_GONE);
    } else if (second != null) {
      unanswered(second, System.nanoTime());
      drop(second, OutcomeKind.CLIENT_GONE);
    }
  }

  private static void unanswered(Attempt by, long now) {
    by.candidate().load().unanswered(now - by.sentNanos(), now);
  }

  /// One of the two tries is out of the race; the other becomes the exchange's.
  void drop(Attempt out, OutcomeKind kind) {
    Attempt second = racing;
    if (second == null) {
      return;
    }
    racing = null;
    out.abandon(kind);
    if (out != second) {
      exchange.attempt = second;
    }
    out.reset();
    out.said.clear();
    spare = out;
  }

  /// The request is over, or nothing is to be hedged any more.
  void cancel() {
    dueNanos = NONE;
    armed = null;
    Attempt second = racing;
    if (second != null) {
      drop(second, OutcomeKind.CLIENT_GONE);
    }
  }

  void reset() {
    cancel();
    won = false;
    rescued = false;
  }
}

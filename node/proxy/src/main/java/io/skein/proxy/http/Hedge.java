package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.outcome.OutcomeKind;
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
/// Who stays with an endpoint gets none: only that one knows the client, and an answer of another
/// would move it there.
///
/// Costs nothing on services without hedging. On those with it a request sets a date and its end
/// clears it; a timer of the event loop looks at the date once in a delay, however many requests a
/// connection has meanwhile. Reused from request to request; event loop only.
final class Hedge {
  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private final Origin origin;
  private static final long NONE = Long.MIN_VALUE;

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

  Hedge(Worker worker, Downstream client, Exchange exchange, Origin origin) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.origin = origin;
  }

  /// Whether the second try's answer is the one that is passed on.
  boolean won() {
    return won;
  }

  /// Whether two tries run.
  boolean races() {
    return racing != null;
  }

  /// Whether that is the second try.
  boolean is(Attempt attempt) {
    return attempt == racing;
  }

  /// The first try's request is on its way.
  void arm(ServiceRoute service) {
    Optional<Hedging> hedging = service.resilience().hedging();
    RequestFacts request = exchange.request.facts;
    if (hedging.isEmpty()
        || armed != null
        || exchange.attempt.count() > 1
        || client.mesh()
        || exchange.staying.stays()
        || request.framing != Framing.NONE
        || !safe(request.method)) {
      return;
    }
    long begun = exchange.startedNanos();
    long delay = hedging.get().requested(begun);
    if (delay != Hedging.NEVER) {
      armed = service;
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
    if (!exchange.awaitsAnswer() || exchange.attempt.count() > 1) {
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
    unanswered(exchange.attempt, now);
    exchange.account.hedged();
    Attempt second = spare;
    if (second == null) {
      second = new Attempt(worker, client, exchange, origin);
    }
    spare = null;
    racing = second;
    second.follow(exchange.attempt);
    second.begin(service, other);
  }

  /// The head of an answer came while two tries run.
  ///
  /// @param good whether it decides the race
  /// @return whether it is to be passed on
  boolean decide(Attempt from, boolean good, OutcomeKind bad) {
    if (!good) {
      drop(from, bad);
      return false;
    }
    Attempt second = racing;
    if (from == second) {
      won = true;
      unanswered(exchange.attempt, System.nanoTime());
      drop(exchange.attempt, OutcomeKind.CLIENT_GONE);
    } else if (second != null) {
      unanswered(second, System.nanoTime());
      drop(second, OutcomeKind.CLIENT_GONE);
    }
    return true;
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
  }
}

package io.skein.proxy.http;

import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where a request is tried first, and the rules by which it is tried again; event loop only.
///
/// A try is repeated on another candidate if its service's [RetryRules] say so, within the budgets
/// of the service and the node, and only if the endpoint cannot have seen the request or the method
/// is retriable (by default the idempotent ones, RFC 9110 §9.2.2), all of the body so far is still
/// at hand, and the client got nothing of an answer. What a peer forwarded is repeated only if no
/// endpoint saw it: the peer itself may try elsewhere.
///
/// A retry waits first, unless nobody saw the first try. It is paid for, and has its candidate and
/// its place there, before it waits: what waits is counted.
///
/// A candidate whose breaker refuses is passed over, [#MOST_LOOKS] times. If only open breakers
/// refused and more than half are open, the last one looked at is tried nevertheless.
final class Repetition {
  private static final int MOST_LOOKS = 3;

  private final Worker worker;
  private final Downstream client;
  private final Account account;
  private final Request request;
  private final Answer answer;
  private final Exchange exchange;
  private @Nullable Breaker breaker;
  private Breaker.Leave leave = Breaker.Leave.GRANTED;
  private @Nullable ScheduledFuture<?> waiting;
  private boolean repeated;

  Repetition(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.account = exchange.account;
    this.request = exchange.request;
    this.answer = exchange.answer;
  }

  void reset() {
    repeated = false;
    ScheduledFuture<?> timer = waiting;
    if (timer != null) {
      waiting = null;
      timer.cancel(false);
      giveUpPlace();
    }
  }

  /// Whether a try was repeated.
  boolean repeated() {
    return repeated;
  }

  // ---- candidates

  /// Chooses a candidate other than the latest. Its breaker's leave, if it has one, is for
  /// [#takeBreaker] and [#leave].
  Decision choose(ServiceRoute service, long nowNanos) {
    Decision decision = choose(service, exchange.attempt.candidate(), nowNanos);
    if (service.resilience().breakers().isEmpty()) {
      return decision;
    }
    boolean allOpen = true;
    Decision.NoneAvailable why = Decision.NoneAvailable.BREAKER_OPEN;
    for (int look = 1; decision instanceof Decision.Chosen chosen; look++) {
      Breaker its = service.resilience().breakers().get(chosen.candidate().id());
      if (its == null) {
        return decision;
      }
      Breaker.Leave answered = its.tryRequest(nowNanos);
      boolean last = look == MOST_LOOKS;
      allOpen &= answered == Breaker.Leave.OPEN;
      if (!answered.granted() && last && allOpen && service.resilience().panicking()) {
        its.force();
        answered = Breaker.Leave.GRANTED;
      }
      if (answered.granted()) {
        breaker = its;
        leave = answered;
        return decision;
      }
      why = allOpen ? Decision.NoneAvailable.BREAKER_OPEN : Decision.NoneAvailable.FULL;
      if (last) {
        return why;
      }
      Decision next = choose(service, chosen.candidate(), nowNanos);
      // A service's only endpoint is looked at again: that is the panic rule's case.
      decision = next instanceof Decision.Chosen ? next : decision;
    }
    return decision;
  }

  private Decision choose(ServiceRoute service, Candidate tried, long nowNanos) {
    return service
        .selector()
        .choose(
            request.facts.idempotent ? service.safe() : service.unsafe(),
            tried,
            !client.mesh(),
            nowNanos,
            worker.random);
  }

  /// The breaker of the candidate chosen last, for the try that begins now.
  @Nullable Breaker takeBreaker() {
    Breaker its = breaker;
    breaker = null;
    return its;
  }

  /// What that breaker answered.
  Breaker.Leave leave() {
    return leave;
  }

  private void giveUpPlace() {
    Breaker its = takeBreaker();
    if (its != null) {
      its.ended(leave, Breaker.End.UNKNOWN, System.nanoTime());
    }
  }

  // ---- retries

  /// Tries again after a failure that is settled.
  ///
  /// @param unseen whether the endpoint cannot have seen the request
  /// @return whether that was possible
  boolean afterFailure(OutcomeKind kind, boolean unseen) {
    ServiceRoute service = request.service();
    if (service == null) {
      return false;
    }
    RetryRules rules = service.resilience().retries();
    boolean wanted =
        switch (kind) {
          case CONNECT_FAILED -> rules.connect();
          case RESET -> unseen ? rules.refused() : rules.reset();
          case TIMEOUT -> rules.timeout();
          case OK, SERVER_ERROR, CLIENT_GONE -> false;
        };
    if (!wanted || !(unseen || (retriable(rules) && !client.mesh()))) {
      return false;
    }
    Candidate other = another(service);
    if (other == null) {
      return false;
    }
    repeat(service, other, unseen);
    return true;
  }

  /// Tries again elsewhere instead of passing on an answer.
  ///
  /// @return whether that was possible
  boolean insteadOfAnswer() {
    ServiceRoute service = request.service();
    if (service == null || answer.facts().meaning() < 400) {
      return false;
    }
    RetryRules rules = service.resilience().retries();
    boolean unseen =
        exchange.attempt.candidate().kind() == Candidate.Kind.PEER
            && answer.facts().refusedByPeer();
    if (!(unseen || (rules.repeats(answer.facts().meaning()) && retriable(rules)))
        || client.mesh()
        || !request.ended()) {
      return false;
    }
    Candidate other = another(service);
    if (other == null) {
      return false;
    }
    exchange.attempt.settle(OutcomeKind.SERVER_ERROR);
    exchange.attempt.discard(answer.reusable() && answer.facts().length <= Upstream.MOST_DISCARDED);
    repeat(service, other, unseen);
    return true;
  }

  private boolean retriable(RetryRules rules) {
    return rules.methods().isEmpty()
        ? request.facts.idempotent
        : rules.methods().contains(request.facts.method.name());
  }

  private @Nullable Candidate another(ServiceRoute service) {
    long now = System.nanoTime();
    if (exchange.attempt.count() >= service.resilience().retries().tries()
        || answer.interimPassed()
        || !request.replay.complete()
        || exchange.deadlines.over(now)
        || !service.retries().tryRetry(now)) {
      return null;
    }
    if (choose(service, now) instanceof Decision.Chosen chosen) {
      return chosen.candidate();
    }
    service.retries().giveBack(now);
    return null;
  }

  private void repeat(ServiceRoute service, Candidate other, boolean unseen) {
    account.retried();
    request.facts.stayAt = "";
    repeated = true;
    answer.forget();
    client.resume(Downstream.UPSTREAM_FULL);
    int retry = exchange.attempt.count();
    long wait =
        unseen && retry == 1
            ? 0
            : service.resilience().retries().backoff().waitNanos(retry, worker.random);
    if (wait == 0) {
      exchange.attempt.begin(service, other);
      return;
    }
    exchange.connecting(exchange.attempt);
    waiting =
        worker.loop.schedule(
            () -> {
              waiting = null;
              exchange.attempt.begin(service, other);
              worker.flush();
            },
            wait,
            TimeUnit.NANOSECONDS);
  }

  /// A candidate for a second try beside the first.
  ///
  /// @return null if there is no other
  @Nullable Candidate beside(ServiceRoute service, long nowNanos) {
    if (!(choose(service, nowNanos) instanceof Decision.Chosen chosen)) {
      return null;
    }
    if (chosen.candidate() == exchange.attempt.candidate()
        || chosen.candidate().id().equals(exchange.attempt.candidate().id())) {
      giveUpPlace();
      return null;
    }
    return chosen.candidate();
  }

  /// Takes back what [#beside] chose.
  void notBeside() {
    giveUpPlace();
  }
}

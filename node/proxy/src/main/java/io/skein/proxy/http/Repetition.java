package io.skein.proxy.http;

import io.netty.util.concurrent.ScheduledFuture;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.resilience.RetryRules;
import io.skein.proxy.route.Choosing;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Tried;
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
final class Repetition {
  private final Worker worker;
  private final Downstream client;
  private final Account account;
  private final Request request;
  private final Answer answer;
  private final Exchange exchange;
  private final Choosing choosing;
  private final Tried tried = new Tried();
  private @Nullable ScheduledFuture<?> waiting;
  private boolean repeated;

  Repetition(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.choosing = new Choosing(worker.random);
    this.exchange = exchange;
    this.account = exchange.account;
    this.request = exchange.request;
    this.answer = exchange.answer;
  }

  void reset() {
    repeated = false;
    tried.clear();
    ScheduledFuture<?> timer = waiting;
    if (timer != null) {
      waiting = null;
      timer.cancel(false);
      choosing.giveUp();
    }
  }

  /// Whether a try was repeated.
  boolean repeated() {
    return repeated;
  }

  // ---- candidates

  /// Chooses a candidate that was not tried or, where all were, another one than the latest. Its
  /// breaker's leave, if it has one, is for [#takeBreaker] and [#leave].
  Decision choose(ServiceRoute service, long nowNanos) {
    return choosing.choose(
        service,
        exchange.classing.of(service),
        exchange.staying.key(service),
        tried,
        !client.mesh(),
        nowNanos);
  }

  /// A try begins at that candidate, alone or beside another one.
  void trying(Candidate candidate) {
    tried.add(candidate);
  }

  /// The breaker of the candidate chosen last, for the try that begins now.
  @Nullable Breaker takeBreaker() {
    return choosing.takeBreaker();
  }

  /// What that breaker answered.
  Breaker.Leave leave() {
    return choosing.leave();
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
    if (tried.has(chosen.candidate())) {
      choosing.giveUp();
      return null;
    }
    return chosen.candidate();
  }

  /// Takes back what [#beside] chose.
  void notBeside() {
    choosing.giveUp();
  }
}

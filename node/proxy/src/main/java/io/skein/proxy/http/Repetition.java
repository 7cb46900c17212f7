package io.skein.proxy.http;

import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import org.jspecify.annotations.Nullable;

/// Where a request is tried first, and the rules by which it is tried again; event loop only.
///
/// A try is repeated at most once, on another candidate, within the service's budget, and only if
/// the endpoint cannot have seen the request or the method is idempotent (RFC 9110 §9.2.2), all of
/// the body so far is still at hand, and the client got nothing of an answer. What a peer forwarded
/// is repeated only if no endpoint saw it: the peer itself may try elsewhere.
final class Repetition {
  private final Worker worker;
  private final Downstream client;
  private final Account account;
  private final Request request;
  private final Answer answer;
  private final Exchange exchange;

  Repetition(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.account = exchange.account;
    this.request = exchange.request;
    this.answer = exchange.answer;
  }

  /// Chooses a candidate other than the latest.
  Decision choose(ServiceRoute service, long nowNanos) {
    return service
        .selector()
        .choose(
            request.facts.idempotent ? service.safe() : service.unsafe(),
            exchange.attempt.candidate(),
            !client.mesh(),
            nowNanos,
            worker.random);
  }

  /// Tries again after a failure that is settled.
  ///
  /// @param unseen whether the endpoint cannot have seen the request
  /// @return whether that was possible
  boolean afterFailure(boolean unseen) {
    ServiceRoute service = request.service();
    if (service == null || !(unseen || (request.facts.idempotent && !client.mesh()))) {
      return false;
    }
    Candidate other = another(service);
    if (other == null) {
      return false;
    }
    repeat(service, other);
    return true;
  }

  /// Tries again elsewhere instead of passing on a server error.
  ///
  /// @return whether that was possible
  boolean insteadOfAnswer() {
    ServiceRoute service = request.service();
    boolean unseen =
        exchange.attempt.candidate().kind() == Candidate.Kind.PEER
            && answer.facts().refusedByPeer();
    if (service == null
        || !(unseen || (request.facts.idempotent && answer.facts().status >= 500))
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
    repeat(service, other);
    return true;
  }

  private void repeat(ServiceRoute service, Candidate other) {
    account.retried();
    answer.forget();
    client.resume(Downstream.UPSTREAM_FULL);
    exchange.attempt.begin(service, other);
  }

  private @Nullable Candidate another(ServiceRoute service) {
    if (exchange.attempt.count() > 1 || answer.interimPassed() || !request.replay.complete()) {
      return null;
    }
    long now = System.nanoTime();
    return choose(service, now) instanceof Decision.Chosen chosen && service.retries().tryRetry(now)
        ? chosen.candidate()
        : null;
  }
}

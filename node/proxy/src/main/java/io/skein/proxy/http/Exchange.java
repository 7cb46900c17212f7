package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.candidate.Decision;
import org.jspecify.annotations.Nullable;

/// One request and its answer, in whatever versions of HTTP: between a [Downstream] and the
/// [Upstream] of its [Attempt]. Used for one request after the other; event loop only.
///
/// | phase | meaning | what ends it |
/// |---|---|---|
/// | IDLE | no request | a head |
/// | HELD | the head is read, nothing is sent yet: a body whose framing is broken from the start is never forwarded | the first piece of body |
/// | CONNECTING | a candidate is chosen | connection, or its failure: retry or 502 |
/// | WAITING | the request is on its way | the answer's head; reset, timeout, 5xx: retry or 502/504 |
/// | ANSWERING | the answer's head went downstream: from here on a failure can only truncate | the answer's end |
/// | REST | the whole answer went, the request's body did not; its rest keeps both connections usable | the body's end |
///
/// A reused connection that breaks before any answer says nothing about the endpoint: an idempotent
/// request is sent again on a new one. All other failures are for [Repetition] to judge.
///
/// This class decides what happens next. [Request] is what the client sends, [Attempt] the side
/// towards upstream, [Answer] the way back, [Account] what is told to others, [Deadlines] who is
/// late.
final class Exchange {
  enum Phase {
    IDLE,
    HELD,
    CONNECTING,
    WAITING,
    ANSWERING,
    REST
  }

  final Account account;
  final Request request;
  final Answer answer;
  Attempt attempt;
  final Repetition repetition;
  final Deadlines deadlines;

  private final Downstream client;
  private final ResponseFacts ownAnswer = new ResponseFacts();
  private Phase phase = Phase.IDLE;

  Exchange(Worker worker, Downstream client, Origin origin) {
    this.client = client;
    this.account = new Account(worker, origin);
    this.deadlines = new Deadlines(worker, client);
    this.request = new Request(worker, client, this);
    this.answer = new Answer(client, this, request.facts);
    this.attempt = new Attempt(worker, client, this, origin);
    this.repetition = new Repetition(worker, client, this);
  }

  boolean active() {
    return phase != Phase.IDLE;
  }

  /// Whether the request waits for the first piece of its body.
  boolean held() {
    return phase == Phase.HELD;
  }

  /// Whether a request is under way whose last byte has arrived.
  boolean requestEnded() {
    return active() && request.ended();
  }

  // ---- the request

  /// A head was read into the request's facts.
  ///
  /// @param refused why it is refused, if it is
  /// @param detail more about that; nothing a client sent
  void begin(@Nullable Reason refused, String detail) {
    begin();
    request.head(refused, detail);
  }

  /// Answers a head that did not arrive in time.
  void refuseSilent() {
    begin();
    request.lateHead();
  }

  private void begin() {
    account.begin();
    deadlines.clientMoved();
    phase = Phase.HELD;
  }

  void dispatch(ServiceRoute service) {
    switch (repetition.choose(service, account.begunNanos())) {
      case Decision.Chosen chosen -> attempt.begin(service, chosen.candidate());
      case Decision.NoneAvailable none ->
          refuse(
              switch (none) {
                case NO_ENDPOINT -> Reason.NO_ENDPOINT;
                case ALL_SET_ASIDE -> Reason.ALL_SET_ASIDE;
                case ALL_TRIED -> Reason.ALL_TRIED;
              },
              "service " + service.service(),
              false);
    }
  }

  /// The body's last byte went upstream.
  void bodySent() {
    if (phase == Phase.REST) {
      attempt.release(!attempt.broken(), false);
      complete(false);
    }
  }

  // ---- what an attempt reports

  void connecting() {
    phase = Phase.CONNECTING;
  }

  void waiting() {
    phase = Phase.WAITING;
    deadlines.clientMoved();
    deadlines.upstreamMoved();
  }

  /// A try failed that the endpoint may have seen.
  void failed(OutcomeKind kind, Reason reason) {
    failed(kind, reason, attempt.candidate().id(), false);
  }

  /// A try failed before its answer could be passed on, or in the midst of it.
  ///
  /// @param unseen whether the endpoint cannot have seen the request
  void failed(OutcomeKind kind, Reason reason, String detail, boolean unseen) {
    attempt.abandon(kind);
    if (!repetition.afterFailure(unseen)) {
      refuse(reason, detail, false);
    }
  }

  // ---- the answer

  /// An answer's head was read into what the attempt's connection said.
  void upstreamHead(Attempt from, boolean wellFormed) {
    if (from == attempt) {
      answer.head(wellFormed);
    }
  }

  void upstreamBody(Attempt by, Upstream from, ByteBuf data, boolean last, Fields trailers) {
    if (by == attempt) {
      answer.body(from, data, last, trailers);
    } else {
      data.release();
    }
  }

  /// The answer's head goes downstream: the request cannot be repeated any more.
  void answering() {
    phase = Phase.ANSWERING;
    request.replay.forget();
  }

  /// The answer's last byte went downstream.
  void answered() {
    attempt.settle(attempt.said.status >= 500 ? OutcomeKind.SERVER_ERROR : OutcomeKind.OK);
    boolean reusable = answer.reusable() && !attempt.broken();
    if (reusable && !request.ended() && !answer.closes() && client.takesRest()) {
      phase = Phase.REST;
    } else {
      attempt.release(reusable && request.ended(), true);
      complete(!request.ended());
    }
  }

  /// @param unseen whether the endpoint says that it did nothing about the request
  void upstreamClosed(Attempt by, boolean unseen) {
    if (by != attempt) {
      return;
    }
    if (phase == Phase.REST) {
      attempt.release(false, false);
      complete(true);
    } else if (!(phase == Phase.WAITING && answer.silent() && attempt.renew(unseen))) {
      failed(OutcomeKind.RESET, Reason.UPSTREAM_RESET, attempt.candidate().id(), unseen);
    }
  }

  /// What is sent upstream does not arrive any more; its answer may.
  void upstreamBroken(Attempt by) {
    if (by != attempt) {
      return;
    }
    attempt.breakOff();
    client.resume(Downstream.UPSTREAM_FULL);
  }

  void upstreamWritable(Attempt by) {
    if (by != attempt) {
      return;
    }
    deadlines.upstreamMoved();
    client.resume(Downstream.UPSTREAM_FULL);
  }

  void clientWritable() {
    deadlines.upstreamMoved();
    attempt.resume();
  }

  // ---- time

  void tick(long now) {
    ServiceRoute service = request.service();
    if (service == null) {
      return;
    }
    switch (deadlines.overdue(
        phase, request.ended(), answer.awaitsContinue(), service.timeouts(), now)) {
      case NOBODY -> {}
      case UPSTREAM -> failed(OutcomeKind.TIMEOUT, Reason.UPSTREAM_TIMEOUT);
      case CLIENT -> client.abort();
      case BODY -> {
        if (phase == Phase.REST) {
          attempt.abandon(OutcomeKind.CLIENT_GONE);
          complete(true);
        } else {
          refuse(Reason.CLIENT_TIMEOUT, "the body is incomplete", true);
        }
      }
    }
  }

  // ---- the end

  private void complete(boolean close) {
    Reason reason = attempt.count() > 1 ? Reason.RETRY_OK : Reason.OK;
    end(attempt.said.status, reason, answer.closes() || close);
  }

  /// Answers in the proxy's own name, or cuts an answer short.
  void refuse(Reason reason, String detail, boolean close) {
    attempt.abandon(OutcomeKind.CLIENT_GONE);
    if (headIsOut()) {
      record(attempt.said.status, reason);
      client.truncate();
      return;
    }
    boolean mayCome = close || request.bodyLeft();
    if (!mayCome) {
      request.endsHere();
    }
    boolean closes =
        client.refuse(
            request.facts,
            reason,
            detail,
            mayCome,
            client.receiptHeader() ? account.receipt() : "");
    end(reason.status(), reason, closes);
  }

  /// Answers as the request's rule says; refuses if the rule names a service that is not there.
  void answerByRule() {
    ownAnswer.clear();
    ByteBuf body = request.ruling.answer(request.facts, ownAnswer);
    if (body == null) {
      refuse(Reason.NO_ENDPOINT, "the rule's service is not there", false);
      return;
    }
    boolean mayCome = request.bodyLeft();
    if (!mayCome) {
      request.endsHere();
    }
    String receipt = client.receiptHeader() ? account.receipt() : "";
    boolean closes = client.head(request.facts, ownAnswer, mayCome, "", receipt);
    account.answered(body.readableBytes());
    client.body(body, true, Fields.NONE);
    end(ownAnswer.status, Reason.RULE, closes);
  }

  /// The client went away.
  void clientGone() {
    if (active()) {
      attempt.abandon(OutcomeKind.CLIENT_GONE);
      record(headIsOut() ? attempt.said.status : 0, Reason.CLIENT_GONE);
    }
  }

  private boolean headIsOut() {
    return phase == Phase.ANSWERING || phase == Phase.REST;
  }

  private void end(int status, Reason reason, boolean close) {
    record(status, reason);
    client.ended(close);
  }

  private void record(int status, Reason reason) {
    account.end(
        request.facts, attempt.candidate(), attempt.servedBy(), attempt.count(), status, reason);
    phase = Phase.IDLE;
    request.reset();
    answer.reset();
    attempt.reset();
  }
}

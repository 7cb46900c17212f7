package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.resilience.Relays;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.web.Cors;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Decision;
import io.skein.routing.experiment.ArmCounts;
import org.jspecify.annotations.Nullable;

/// One request and its answer, in whatever versions of HTTP: between a [Downstream] and the
/// [Upstream] of its [Attempt]. Used for one request after the other; event loop only.
///
/// | phase | meaning | what ends it |
/// |---|---|---|
/// | IDLE | no request | a head |
/// | LINED | the service has no place in flight for it yet ([io.skein.routing.concurrency.WaitingLine]), or it came late and fresher ones go first ([Arrears]); what comes of the body is kept | its turn; 503 when its patience ends |
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
    LINED,
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
  final Admission admission;

  final Classing classing;
  final Staying staying;
  final Debugging debugging;
  final Mirroring mirroring;
  final Compressing compressing;
  final Tracing tracing;

  private final Hedge hedge;
  private final Pacing pacing;
  private final Downstream client;
  private final ResponseFacts ownAnswer = new ResponseFacts();
  private Phase phase = Phase.IDLE;
  private long startedNanos;

  Exchange(Worker worker, Downstream client) {
    this.client = client;
    this.account = new Account(worker, client);
    this.deadlines = new Deadlines(worker, client);
    this.request = new Request(worker, client, this);
    this.answer = new Answer(client, this, request.facts);
    this.attempt = new Attempt(worker, client, this);
    this.classing = new Classing(worker, client, request.facts);
    this.staying = new Staying(client, request.facts, worker.random);
    this.debugging = new Debugging(worker, client, request.facts);
    this.mirroring = new Mirroring(worker, client, request.facts);
    this.tracing = new Tracing(worker, client, request.facts);
    this.compressing = new Compressing(worker, client, account);
    this.repetition = new Repetition(worker, client, this);
    this.admission = new Admission(worker, client, this);
    this.hedge = new Hedge(worker, client, this);
    this.pacing = new Pacing(worker, client, this);
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

  /// Passes on a copy of another request.
  ///
  /// @param body taken over
  void copy(ServiceRoute service, RequestFacts head, ByteBuf body) {
    begin();
    request.copy(service, head, body);
  }

  /// Answers a head that did not arrive in time.
  void refuseSilent() {
    begin();
    request.lateHead();
  }

  private void begin() {
    account.begin();
    deadlines.clientMoved();
    pacing.begin();
    startedNanos = account.begunNanos();
    phase = Phase.HELD;
  }

  /// When it could be sent, but for its body: when it came, or when its turn in the line had come.
  long startedNanos() {
    return startedNanos;
  }

  /// The request waits for its turn.
  void lines() {
    phase = Phase.LINED;
  }

  /// The request's turn has come.
  void turn() {
    phase = Phase.HELD;
    startedNanos = System.nanoTime();
    deadlines.clientMoved();
    request.admitted();
  }

  void dispatch(ServiceRoute service) {
    Candidate first = staying.first(service);
    if (request.facts.debug) {
      debugging.choosing(service, staying.key(service), first != null);
    }
    if (first != null) {
      attempt.begin(service, first);
      return;
    }
    switch (repetition.choose(service, startedNanos)) {
      case Decision.Chosen chosen -> attempt.begin(service, chosen.candidate());
      case Decision.NoneAvailable none ->
          refuse(Reason.of(none), "service " + service.service(), false);
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

  void connecting(Attempt by) {
    if (by == attempt) {
      phase = Phase.CONNECTING;
      hedge.arm();
    }
  }

  void waiting(Attempt by) {
    deadlines.upstreamMoved();
    if (by == attempt) {
      phase = Phase.WAITING;
      deadlines.clientMoved();
      hedge.arm();
    }
  }

  /// Whether a try is under way of whose answer nothing came.
  boolean awaitsAnswer() {
    return (phase == Phase.WAITING || (phase == Phase.CONNECTING && attempt.dials()))
        && answer.silent();
  }

  /// One of two tries failed; the other goes on.
  private void outOfRace(Attempt by, OutcomeKind kind) {
    hedge.drop(by, kind);
    phase = attempt.started() ? Phase.WAITING : Phase.CONNECTING;
  }

  /// A try failed that the endpoint may have seen.
  void failed(OutcomeKind kind, Reason reason) {
    failed(attempt, kind, reason, attempt.candidate().id(), false);
  }

  /// A try failed before its answer could be passed on, or in the midst of it.
  ///
  /// @param unseen whether the endpoint cannot have seen the request
  void failed(Attempt by, OutcomeKind kind, Reason reason, String detail, boolean unseen) {
    if (hedge.races()) {
      outOfRace(by, kind);
      return;
    }
    if (by != attempt) {
      return;
    }
    attempt.abandon(kind);
    if (kind == OutcomeKind.TIMEOUT || (kind == OutcomeKind.RESET && unseen)) {
      long now = System.nanoTime();
      admission.sample(now - attempt.sentNanos(), true, now);
    }
    if (headIsOut() || !repetition.afterFailure(kind, unseen)) {
      // Tried for want of anybody else: what fails is the service, not this one connection.
      boolean nobodyElse = reason == Reason.CONNECT_FAILED && !by.candidate().usable();
      refuse(nobodyElse ? Reason.ALL_SET_ASIDE : reason, detail, false);
    }
  }

  // ---- the answer

  /// An answer's head was read into what the attempt's connection said.
  void upstreamHead(Attempt from, boolean wellFormed) {
    if (hedge.races()) {
      boolean good = wellFormed && from.said.status < 500;
      OutcomeKind bad = wellFormed ? OutcomeKind.SERVER_ERROR : OutcomeKind.RESET;
      if (!good) {
        outOfRace(from, bad);
        return;
      }
      hedge.decide(from);
      phase = Phase.WAITING;
    }
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
    hedge.cancel();
    learn();
    request.replay.forget();
  }

  /// Upstream switched protocols: both connections are handed over, and the exchange is over.
  void upgrade(ResponseFacts facts) {
    ServiceRoute service = request.service();
    Upstream from = attempt.detach();
    if (service == null || from == null) {
      throw new IllegalStateException("an answer without a request");
    }
    answering();
    attempt.settle(OutcomeKind.OK);
    Relays.Place place = admission.takePlace();
    Breaker breaker = service.resilience().breakers().get(attempt.candidate().id());
    if (breaker != null) {
      place.hold(breaker);
    }
    client.upgrade(
        facts,
        client.mesh() ? attempt.candidate().id() : "",
        client.receiptHeader() ? account.receipt() : "",
        from,
        attempt.candidate(),
        service.service(),
        place);
    record(facts.status, repetition.repeated() ? Reason.RETRY_OK : Reason.OK);
  }

  private void learn() {
    ServiceRoute service = request.service();
    if (service == null
        || (service.resilience().concurrency().isEmpty()
            && service.resilience().hedging().isEmpty())) {
      return;
    }
    long now = System.nanoTime();
    long latency = now - attempt.sentNanos();
    int status = attempt.said.meaning();
    admission.sample(latency, status == 503 || status == 429, now);
    if (status < 500 && service.resilience().hedging().isPresent()) {
      service.resilience().hedging().get().answered(latency, now);
    }
  }

  /// The answer's last byte went downstream.
  void answered() {
    attempt.settle(attempt.said.failed() ? OutcomeKind.SERVER_ERROR : OutcomeKind.OK);
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
    if (hedge.races()) {
      outOfRace(by, OutcomeKind.RESET);
      return;
    }
    if (by != attempt) {
      return;
    }
    if (phase == Phase.REST) {
      attempt.release(false, false);
      complete(true);
    } else if (deadlines.callOver(System.nanoTime())) {
      attempt.abandon(OutcomeKind.TIMEOUT);
      refuse(Reason.TOTAL_TIMEOUT, attempt.candidate().id(), false);
    } else if (!(phase == Phase.WAITING && answer.silent() && attempt.renew(unseen))) {
      failed(attempt, OutcomeKind.RESET, Reason.UPSTREAM_RESET, attempt.candidate().id(), unseen);
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
    if (pacing.tooSlow(phase, now)) {
      refuse(Reason.CLIENT_SLOW, "fewer bytes a second than are asked", true);
      return;
    }
    if (deadlines.over(now) && phase != Phase.REST) {
      hedge.cancel();
      attempt.abandon(
          phase == Phase.HELD || phase == Phase.LINED
              ? OutcomeKind.CLIENT_GONE
              : OutcomeKind.TIMEOUT);
      refuse(Reason.TOTAL_TIMEOUT, "service " + service.service(), false);
      return;
    }
    if (phase == Phase.LINED) {
      admission.tick(now);
      return;
    }
    hedge.tick(now);
    switch (deadlines.overdue(
        phase,
        request.ended(),
        request.facts.grpc,
        answer.awaitsContinue(),
        service.timeouts(),
        now)) {
      case NOBODY -> {}
      case UPSTREAM -> {
        hedge.cancel();
        failed(OutcomeKind.TIMEOUT, Reason.UPSTREAM_TIMEOUT);
      }
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
    boolean repeated = hedge.won() ? hedge.rescued() : repetition.repeated();
    Reason reason = repeated ? Reason.RETRY_OK : hedge.won() ? Reason.HEDGE_OK : Reason.OK;
    end(attempt.said.status, reason, answer.closes() || close);
  }

  /// Answers in the proxy's own name, or cuts an answer short.
  void refuse(Reason reason, String detail, boolean close) {
    hedge.cancel();
    attempt.abandon(OutcomeKind.CLIENT_GONE);
    if (headIsOut()) {
      record(attempt.said.status, reason);
      client.truncate(reason, detail);
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
    answer(body, Reason.RULE);
  }

  /// Answers a browser that asks for leave.
  void answerPreflight(Cors cors) {
    ownAnswer.clear();
    CrossOrigin.answer(cors, request.facts, ownAnswer);
    answer(Unpooled.EMPTY_BUFFER, Reason.PREFLIGHT);
  }

  private void answer(ByteBuf body, Reason reason) {
    boolean mayCome = request.bodyLeft();
    if (!mayCome) {
      request.endsHere();
    }
    String receipt = client.receiptHeader() ? account.receipt() : "";
    boolean closes = client.head(request.facts, ownAnswer, mayCome, "", receipt);
    account.answered(body.readableBytes());
    client.body(body, true, Fields.NONE);
    int status = ownAnswer.status;
    ownAnswer.clear();
    end(status, reason, closes);
  }

  /// The client went away.
  void clientGone() {
    if (active()) {
      hedge.cancel();
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
    ArmCounts arm = request.ruling.arm();
    if (arm != null) {
      account.count(arm, status, reason, attempt.said.failed());
    }
    account.end(
        request.facts,
        attempt.candidate(),
        attempt.servedBy(),
        attempt.count(),
        status,
        reason,
        attempt.target());
    tracing.end(status, reason, account.begunNanos(), account.service(), request.ruling.rule());
    phase = Phase.IDLE;
    admission.release();
    hedge.reset();
    repetition.reset();
    deadlines.total(0, 0);
    deadlines.call(0, 0);
    request.reset();
    classing.clear();
    staying.clear();
    debugging.clear();
    mirroring.clear();
    compressing.clear();
    answer.reset();
    attempt.reset();
  }
}

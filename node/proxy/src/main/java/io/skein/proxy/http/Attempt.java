package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.load.LoadReportReader;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.routing.breaker.Breaker;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import org.jspecify.annotations.Nullable;

/// A try to have a request answered by one candidate: its connection, what is sent on it, and how
/// it ended. Reused from try to try and from request to request; event loop only.
///
/// Its [Upstream] tells it what comes back; whatever that means is for [Exchange] to decide.
///
/// `EndpointLoad.dispatched` at its beginning is matched by one [Account#tried] at its end.
final class Attempt {
  /// What upstream said.
  final ResponseFacts said = new ResponseFacts();

  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private final RequestFacts request;
  private final Replay replay;

  private int count;
  private boolean open;
  private boolean renewed;
  private boolean broken;
  private long sentNanos;
  private int inFlight;
  private long spanId;
  private Candidate candidate = Policy.NOT_TRIED;
  private @Nullable Target target;
  private @Nullable Dial dial;
  private @Nullable Upstream upstream;
  private @Nullable Breaker breaker;
  private Breaker.Leave leave = Breaker.Leave.GRANTED;
  private boolean pending;

  Attempt(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.request = exchange.request.facts;
    this.replay = exchange.request.replay;
  }

  void reset() {
    count = 0;
    renewed = false;
    broken = false;
    candidate = Policy.NOT_TRIED;
    target = null;
  }

  /// How often the request was tried.
  int count() {
    return count;
  }

  /// The candidate of the latest try, or `NOT_TRIED`.
  Candidate candidate() {
    return candidate;
  }

  /// Where the latest try went; null if nowhere.
  @Nullable Target target() {
    return target;
  }

  /// Whether its connection is being made.
  boolean dials() {
    return dial != null;
  }

  /// Whether the request is on its way.
  boolean started() {
    return upstream != null;
  }

  /// Whether a part of the request did not reach upstream, or more came than the answer.
  boolean broken() {
    return broken;
  }

  /// The endpoint said of its load in a field of its answer.
  void loadTold(CharSequence name, CharSequence value) {
    if (candidate.kind() == Candidate.Kind.ENDPOINT) {
      LoadReportReader.read(name, value)
          .ifPresent(report -> candidate.load().told(report, System.nanoTime()));
    }
  }

  // ---- the connection

  /// Begins a try.
  void begin(ServiceRoute route, Candidate chosen) {
    candidate = chosen;
    count++;
    open = true;
    broken = false;
    renewed = false;
    exchange.repetition.trying(chosen);
    inFlight = chosen.load().rif(exchange.startedNanos());
    breaker = exchange.repetition.takeBreaker();
    leave = exchange.repetition.leave();
    sentNanos = count == 1 ? exchange.startedNanos() : System.nanoTime();
    chosen.load().dispatched(sentNanos);
    spanId = exchange.tracing.tryBegins();
    Target to = route.targets().get(chosen.id());
    if (to == null
        || (to instanceof Target.PeerTarget && (client.mesh() || worker.plane.peers == null))) {
      exchange.failed(
          this,
          OutcomeKind.CONNECT_FAILED,
          Reason.CONNECT_FAILED,
          "no way to " + chosen.id(),
          true);
      return;
    }
    target = to;
    UpstreamPool pool = worker.pool(to);
    Upstream idle = pool.take();
    if (idle != null) {
      start(route, to, idle);
    } else {
      connect(route, pool);
    }
  }

  private void connect(ServiceRoute route, UpstreamPool pool) {
    Breaker its = breaker;
    if (pool.full(route.resilience().maxConnections()) || (its != null && !its.tryWait())) {
      exchange.failed(this, OutcomeKind.CONNECT_FAILED, Reason.UPSTREAM_FULL, candidate.id(), true);
      return;
    }
    pending = its != null;
    exchange.connecting(this);
    Dial dialled = new Dial(this);
    dial = dialled;
    pool.connect(route.timeouts().connectNanos(), dialled);
  }

  void connected(Upstream ready) {
    dial = null;
    waited();
    ServiceRoute route = exchange.request.service();
    Target to = target;
    if (route != null && to != null) {
      start(route, to, ready);
    }
  }

  private void waited() {
    Breaker its = breaker;
    if (pending && its != null) {
      its.waited();
    }
    pending = false;
  }

  void connectFailed(Throwable cause) {
    dial = null;
    waited();
    candidate.load().unreached(System.nanoTime());
    exchange.failed(
        this,
        OutcomeKind.CONNECT_FAILED,
        Reason.CONNECT_FAILED,
        candidate.id() + ": " + cause.getClass().getSimpleName(),
        true);
  }

  /// Dials again for a request that can be repeated if the connection from the pool broke before
  /// any answer: that says nothing about the endpoint, and is not another try.
  ///
  /// @param unseen whether the endpoint says that it did nothing about the request
  /// @return whether that was the case
  boolean renew(boolean unseen) {
    Upstream from = upstream;
    ServiceRoute route = exchange.request.service();
    Target to = target;
    if (renewed
        || from == null
        || !(from.reused() || unseen)
        || route == null
        || to == null
        || !(request.idempotent || unseen)
        || !replay.complete()) {
      return false;
    }
    renewed = true;
    broken = false;
    upstream = null;
    client.resume(Downstream.UPSTREAM_FULL);
    connect(route, worker.pool(to));
    return true;
  }

  // ---- the request

  private void start(ServiceRoute route, Target to, Upstream ready) {
    upstream = ready;
    exchange.waiting(this);
    request.deadlineMillis = exchange.deadlines.leftMillis();
    exchange.tracing.tell(spanId);
    ready.serve(this);
    ready.head(request, client.origin(), client.mesh(), route.service(), to, replay.bytes());
    if (request.framing != Framing.NONE) {
      replay.sendTo(ready);
      if (!ready.writable()) {
        client.pause(Downstream.UPSTREAM_FULL);
      }
      client.resume(Downstream.BODY_KEPT);
    }
  }

  /// Sends a piece of body; takes it over.
  void send(ByteBuf data, boolean last, Fields trailers) {
    Upstream to = upstream;
    if (to == null || broken) {
      data.release();
      return;
    }
    replay.keepCopy(data, last, trailers);
    to.body(data, last, trailers);
    if (!to.writable()) {
      client.pause(Downstream.UPSTREAM_FULL);
    }
  }

  /// Bytes sent that wait for the endpoint.
  long unsentBytes() {
    Upstream to = upstream;
    return to == null ? 0 : to.unsentBytes();
  }

  /// Is content with less of the request waiting.
  void narrow() {
    Upstream to = upstream;
    if (to != null) {
      to.narrow();
    }
  }

  /// What is sent does not arrive any more, or what comes is not asked for.
  void breakOff() {
    broken = true;
  }

  /// Reads the answer again.
  void resume() {
    Upstream from = upstream;
    if (from != null) {
      from.resume();
    }
  }

  // ---- what its connection reports

  /// Whether it answers a HEAD request.
  boolean toHead() {
    return request.head;
  }

  /// Whether it may switch to WebSocket.
  boolean mayUpgrade() {
    return request.websocket;
  }

  /// Bytes came.
  void heard() {
    exchange.deadlines.upstreamMoved();
  }

  /// A head was read into [#said].
  void answerHead(boolean wellFormed) {
    candidate.load().answering(sentNanos);
    exchange.upstreamHead(this, wellFormed);
  }

  /// A piece of the answer's body came.
  ///
  /// @param data taken over; may be empty
  /// @param trailers what follows the last piece; used within this call only
  void answerBody(ByteBuf data, boolean last, Fields trailers) {
    Upstream from = upstream;
    if (from == null) {
      data.release();
    } else {
      exchange.upstreamBody(this, from, data, last, trailers);
    }
  }

  /// The answer's body is not well-formed.
  void answerBroken() {
    exchange.failed(this, OutcomeKind.RESET, Reason.UPSTREAM_MALFORMED, candidate.id(), false);
  }

  /// The connection ended before the answer did.
  ///
  /// @param unseen whether the endpoint says that it did nothing about the request
  void closed(boolean unseen) {
    exchange.upstreamClosed(this, unseen);
  }

  /// What is sent does not arrive any more; the answer may.
  void sendingFailed() {
    exchange.upstreamBroken(this);
  }

  /// There is room for more of the request.
  void takesMore() {
    exchange.upstreamWritable(this);
  }

  // ---- the end

  /// Tells how it ended; only the first call counts.
  void settle(OutcomeKind kind) {
    if (open) {
      open = false;
      waited();
      Breaker its = breaker;
      if (its != null) {
        breaker = null;
        its.ended(leave, end(kind), System.nanoTime());
      }
      ServiceRoute route = exchange.request.service();
      double factor =
          route == null ? 1 : exchange.classing.tried(route, candidate, kind, inFlight, sentNanos);
      boolean sent = !exchange.request.bodyLeft();
      exchange.account.tried(candidate, factor, servedBy(), kind, said.status, sent, sentNanos);
      exchange.tracing.tried(
          this, spanId, kind, exchange.account.service(), exchange.request.ruling.rule());
    }
  }

  private static Breaker.End end(OutcomeKind kind) {
    return switch (kind) {
      case OK -> Breaker.End.GOOD;
      case CLIENT_GONE -> Breaker.End.UNKNOWN;
      case SERVER_ERROR, CONNECT_FAILED, RESET, TIMEOUT -> Breaker.End.FAILED;
    };
  }

  /// When its request was sent.
  long sentNanos() {
    return sentNanos;
  }

  /// It counts as one of its request's tries.
  ///
  /// @param tries so far
  void follow(int tries) {
    count = tries;
  }

  /// Gives up.
  void abandon(OutcomeKind kind) {
    Dial dialled = dial;
    dial = null;
    if (dialled != null) {
      dialled.cancel();
    }
    Upstream from = upstream;
    upstream = null;
    if (from != null) {
      from.abandon();
    }
    settle(kind);
  }

  /// Leaves its connection to the pool if that is `reusable`, or closes it.
  ///
  /// @param reading whether this is within a read, so that the pool has to wait for its end
  void release(boolean reusable, boolean reading) {
    Upstream from = upstream;
    upstream = null;
    if (from != null) {
      if (reading) {
        from.answered(reusable);
      } else {
        from.done(reusable);
      }
    }
  }

  /// Hands its connection over; nothing more is heard of it here.
  @Nullable Upstream detach() {
    Upstream from = upstream;
    upstream = null;
    return from;
  }

  /// Lets the rest of the answer pass by, if that is `cheap`, or closes its connection.
  void discard(boolean cheap) {
    Upstream from = upstream;
    upstream = null;
    if (from != null) {
      from.discard(cheap);
    }
  }

  /// The endpoint that answered, empty if none did.
  String servedBy() {
    if (candidate.kind() == Candidate.Kind.PEER) {
      return said.servedBy;
    }
    return said.status > 0 ? candidate.id() : "";
  }
}

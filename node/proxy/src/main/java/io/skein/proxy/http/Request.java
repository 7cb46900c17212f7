package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.web.Web;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The request as it comes from the client: the head decides on its service or its refusal, the
/// body is counted and passed on or kept. Reused from request to request; event loop only.
final class Request {
  final RequestFacts facts = new RequestFacts();

  /// What the mesh's rules make of it.
  final Ruling ruling = new Ruling();

  /// What came of the body and may have to be sent, or sent again.
  final Replay replay;

  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private boolean ended;
  private boolean endedLast = true;
  private @Nullable ServiceRoute service;

  Request(Worker worker, Downstream client, Exchange exchange) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.replay = new Replay(worker.plane.config.maxReplayBytes());
  }

  void reset() {
    ended = false;
    service = null;
    replay.clear();
    ruling.clear();
    facts.clear();
  }

  /// Whose it is, once that is known.
  @Nullable ServiceRoute service() {
    return service;
  }

  /// Whether its last byte has arrived.
  boolean ended() {
    return ended;
  }

  /// Whether the latest request arrived as a whole, even after it was answered.
  boolean endedLast() {
    return endedLast;
  }

  /// Whether bytes of it are still to come.
  boolean bodyLeft() {
    return facts.framing != Framing.NONE && !ended;
  }

  /// Whether it is as good as its head: it has no body, or one that is empty and has come.
  boolean bodiless() {
    return facts.framing == Framing.NONE
        || (facts.framing == Framing.LENGTH
            && facts.length.equals("0")
            && ended
            && replay.complete());
  }

  /// Nothing of it is to come, whatever was missing.
  void endsHere() {
    endedLast = true;
  }

  /// The head was read into `facts`.
  ///
  /// @param refused why it is refused, if it is
  /// @param detail more about that; nothing a client sent
  void head(@Nullable Reason refused, String detail) {
    endedLast = false;
    if (refused == null) {
      exchange.tracing.begin();
    }
    ServiceRoute route = refused == null ? resolve() : null;
    if (route == null) {
      exchange.account.enter("");
      if (refused != null) {
        exchange.refuse(refused, detail, refused != Reason.UPGRADE_UNSUPPORTED);
      } else if (client.mesh() && facts.skeinService.isEmpty()) {
        exchange.refuse(Reason.BAD_REQUEST, "Skein-Service is missing", true);
      } else if (ruling.unreadable()) {
        exchange.refuse(Reason.BAD_REQUEST, "the path can be read in more than one way", false);
      } else if (ruling.rule() != null) {
        exchange.answerByRule();
      } else {
        exchange.refuse(Reason.NO_SERVICE, "no route matches", false);
      }
      return;
    }
    service = route;
    exchange.account.enter(route.service());
    facts.web = client.mesh() ? Web.NONE : route.web();
    if (facts.web.cors().on() && CrossOrigin.isPreflight(facts)) {
      exchange.answerPreflight(facts.web.cors());
      return;
    }
    if (facts.framing == Framing.LENGTH && tooLong(Long.parseLong(facts.length))) {
      return;
    }
    long total = route.resilience().totalNanos();
    if (client.mesh() && facts.deadlineMillis > 0) {
      long left = TimeUnit.MILLISECONDS.toNanos(facts.deadlineMillis);
      total = total == 0 ? left : Math.min(total, left);
    }
    facts.grpc = facts.eager && Grpc.asked(facts);
    long asked = facts.grpc ? Grpc.timeoutNanos(facts) : 0;
    if (asked > 0) {
      long most = asked + Grpc.GRACE_NANOS;
      total = total == 0 ? most : Math.min(total, most);
    }
    exchange.deadlines.total(total, exchange.account.begunNanos());
    exchange.deadlines.call(asked, exchange.account.begunNanos());
    Admission.Verdict verdict = exchange.admission.admit(route);
    if (verdict == Admission.Verdict.REFUSED) {
      return;
    }
    ServiceRoute copyTo = ruling.copyTo();
    if (copyTo != null) {
      exchange.mirroring.begin(copyTo, ruling.copyBytes());
    }
    if (verdict == Admission.Verdict.ADMITTED) {
      admitted();
    }
  }

  /// It may go on.
  void admitted() {
    ServiceRoute route = service;
    if (route == null) {
      return;
    }
    route.retries().request(exchange.startedNanos());
    if (facts.framing == Framing.NONE
        || facts.expectsContinue
        || facts.eager
        || !replay.isEmpty()) {
      exchange.dispatch(route);
    }
  }

  /// A copy of another request, whole.
  ///
  /// @param body taken over
  void copy(ServiceRoute route, RequestFacts head, ByteBuf body) {
    facts.take(head);
    service = route;
    ended = true;
    endedLast = true;
    exchange.account.enter(route.service());
    if (facts.framing == Framing.NONE) {
      body.release();
    } else {
      facts.framing = Framing.LENGTH;
      facts.length = Integer.toString(body.readableBytes());
      long _ = exchange.account.received(body.readableBytes());
      boolean _ = replay.keep(body, true, Fields.NONE);
    }
    if (exchange.admission.admit(route) == Admission.Verdict.ADMITTED) {
      admitted();
    }
  }

  /// A head that did not arrive in time.
  void lateHead() {
    endedLast = false;
    exchange.account.enter("");
    exchange.refuse(Reason.CLIENT_TIMEOUT, "the head is incomplete", true);
  }

  private @Nullable ServiceRoute resolve() {
    RouteTable table = worker.plane.routes.get();
    facts.asked = facts.target;
    if (client.mesh()) {
      return table.service(facts.skeinService).orElse(null);
    }
    if (CrossOrigin.isPreflight(facts)) {
      ServiceRoute asked = ruling.preflight(table, facts, worker.random);
      if (asked != null && asked.web().cors().on()) {
        return asked;
      }
    }
    return ruling.resolve(table, facts, exchange.staying, worker.random);
  }

  private boolean tooLong(long bytes) {
    boolean tooLong = bytes > worker.plane.config.maxBodyBytes();
    if (tooLong) {
      exchange.refuse(Reason.BODY_TOO_LARGE, "more bytes than are allowed", true);
    }
    return tooLong;
  }

  /// The body cannot be read any further.
  void brokenBody() {
    exchange.refuse(Reason.BAD_BODY, "the body's framing is broken", true);
  }

  /// A piece of body came.
  ///
  /// @param data taken over; may be empty
  /// @param trailers what follows the last piece; used within this call only
  void body(ByteBuf data, boolean last, Fields trailers) {
    ended = last;
    endedLast = last;
    ServiceRoute route = service;
    if (facts.framing == Framing.NONE || route == null) {
      data.release();
      return;
    }
    if (tooLong(exchange.account.received(data.readableBytes()))) {
      data.release();
      return;
    }
    exchange.mirroring.data(data, last);
    if (exchange.attempt.started()) {
      exchange.attempt.send(data, last, trailers);
      if (last) {
        exchange.bodySent();
      }
    } else {
      if (!replay.keep(data, last, trailers)) {
        client.pause(Downstream.BODY_KEPT);
      }
      if (exchange.held()) {
        exchange.dispatch(route);
      }
    }
  }
}

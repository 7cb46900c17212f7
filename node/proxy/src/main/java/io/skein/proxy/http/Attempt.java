package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import org.jspecify.annotations.Nullable;

/// A try to have a request answered by one candidate: its connection, what is sent on it, and how
/// it ended. Reused from try to try and from request to request of one connection; event loop only.
///
/// `EndpointLoad.dispatched` at its beginning is matched by one [Account#tried] at its end.
final class Attempt {
  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private final Origin origin;
  private final RequestFacts request;
  private final Replay replay;

  private int count;
  private boolean open;
  private boolean renewed;
  private boolean broken;
  private long sentNanos;
  private Candidate candidate = Policy.NOT_TRIED;
  private @Nullable Target target;
  private @Nullable Dial dial;
  private @Nullable Upstream upstream;

  Attempt(Worker worker, Downstream client, Exchange exchange, Origin origin) {
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
    this.origin = origin;
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

  /// Whether the request is on its way.
  boolean started() {
    return upstream != null;
  }

  /// Whether a part of the request did not reach upstream, or more came than the answer.
  boolean broken() {
    return broken;
  }

  // ---- the connection

  /// Begins a try.
  void begin(ServiceRoute route, Candidate chosen) {
    candidate = chosen;
    count++;
    open = true;
    broken = false;
    chosen.load().dispatched();
    sentNanos = count == 1 ? exchange.account.begunNanos() : System.nanoTime();
    Target to = route.targets().get(chosen.id());
    if (to == null
        || (to instanceof Target.PeerTarget && (client.mesh() || worker.plane.peers == null))) {
      exchange.failed(
          OutcomeKind.CONNECT_FAILED, Reason.CONNECT_FAILED, "no way to " + chosen.id(), true);
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
    if (pool.full()) {
      exchange.failed(OutcomeKind.CONNECT_FAILED, Reason.UPSTREAM_FULL, candidate.id(), true);
      return;
    }
    exchange.connecting();
    Dial dialled = new Dial(this, pool);
    dial = dialled;
    pool.connect(route.timeouts().connectNanos(), dialled);
  }

  void connected(Upstream ready) {
    dial = null;
    ServiceRoute route = exchange.request.service();
    Target to = target;
    if (route != null && to != null) {
      start(route, to, ready);
    }
  }

  void connectFailed(Throwable cause) {
    dial = null;
    exchange.failed(
        OutcomeKind.CONNECT_FAILED,
        Reason.CONNECT_FAILED,
        candidate.id() + ": " + cause.getClass().getSimpleName(),
        true);
  }

  /// Dials again for a request that can be repeated if the connection from the pool broke before
  /// any answer: that says nothing about the endpoint, and is not another try.
  ///
  /// @return whether that was the case
  boolean renew() {
    Upstream from = upstream;
    ServiceRoute route = exchange.request.service();
    Target to = target;
    if (renewed
        || from == null
        || !from.reused()
        || route == null
        || to == null
        || !request.idempotent
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
    exchange.waiting();
    ready.serve(exchange);
    HeadBuffer head = worker.head;
    RequestHead.write(head, request, origin, client.mesh(), route.service(), to);
    ready.out().head(head, replay.bytes());
    if (request.framing != Framing.NONE) {
      for (HttpContent part : replay.pieces()) {
        write(ready, part);
      }
      client.resume(Downstream.BODY_KEPT);
    }
  }

  /// Sends a piece of body; takes it over.
  void send(HttpContent part) {
    Upstream to = upstream;
    if (to == null || broken) {
      part.release();
    } else {
      replay.keepCopy(part);
      write(to, part);
    }
  }

  private void write(Upstream to, HttpContent part) {
    if (request.framing == Framing.LENGTH) {
      to.out().data(part.content());
    } else {
      to.out().chunk(part.content());
      if (part instanceof LastHttpContent last) {
        to.out().lastChunk(last.trailingHeaders());
      }
    }
    if (!to.writable()) {
      client.pause(Downstream.UPSTREAM_FULL);
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

  // ---- the end

  /// Tells how it ended; only the first call counts.
  void settle(OutcomeKind kind) {
    if (open) {
      open = false;
      exchange.account.tried(candidate, servedBy(), kind, exchange.answer.facts.status, sentNanos);
    }
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
      return exchange.answer.facts.servedBy;
    }
    return exchange.answer.facts.status > 0 ? candidate.id() : "";
  }
}

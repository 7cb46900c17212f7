package io.skein.proxy.http;

import io.skein.routing.pace.PaceMeter;

/// Whether the client of an exchange is too slow: at sending its body, or at taking its answer.
/// Looked at by [Worker]'s tick; event loop only.
final class Pacing {
  private final ClientGuards guards;
  private final Worker worker;
  private final Downstream client;
  private final Exchange exchange;
  private final PaceMeter body = new PaceMeter();
  private final PaceMeter answer = new PaceMeter();

  Pacing(Worker worker, Downstream client, Exchange exchange) {
    this.guards = worker.plane.config.guards();
    this.worker = worker;
    this.client = client;
    this.exchange = exchange;
  }

  void begin() {
    body.begin(worker.nowNanos);
    answer.begin(worker.nowNanos);
  }

  /// Whether a stretch is over in which the client was too slow.
  boolean tooSlow(Exchange.Phase phase, long nowNanos) {
    return switch (phase) {
      case IDLE -> false;
      case LINED, HELD, CONNECTING, WAITING, REST ->
          !client.mesh()
              && body.tooSlow(guards.body(), owesBody(), exchange.account.receivedBytes(), nowNanos)
              && !mayPause();
      case ANSWERING -> {
        long unsent = client.unsentBytes();
        yield answer.tooSlow(
                guards.answer(), unsent > 0, exchange.account.answeredBytes() - unsent, nowNanos)
            && !mayPause();
      }
    };
  }

  /// Messages of a call come when there is something to say, and are taken when there is time.
  private boolean mayPause() {
    return Grpc.asked(exchange.request.facts);
  }

  private boolean owesBody() {
    return exchange.request.bodyLeft()
        && !exchange.answer.awaitsContinue()
        && !client.paused(Downstream.UPSTREAM_FULL)
        && !client.paused(Downstream.BODY_KEPT);
  }
}

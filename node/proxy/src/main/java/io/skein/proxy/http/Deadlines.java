package io.skein.proxy.http;

import io.skein.proxy.route.Timeouts;

/// When bytes last moved on either side of an exchange, and who is overdue therefore. Looked at by
/// [Worker]'s tick; event loop only.
///
/// | phase | whose turn | limit |
/// |---|---|---|
/// | HELD, REST | client | `clientIdle` since its last byte |
/// | WAITING, body incomplete | client, unless it waits for 100 or upstream takes no more | `clientIdle` since its last byte |
/// | WAITING | upstream | `firstByte` once the request ended, `idle` before, since any byte |
/// | ANSWERING, client takes nothing | client | `clientIdle` since it stalled |
/// | ANSWERING | upstream | `idle` since any byte |
///
/// Connecting has a timeout of its own.
final class Deadlines {
  /// Who let a deadline pass.
  enum Overdue {
    NOBODY,
    /// The client's body.
    BODY,
    /// The client does not take its answer.
    CLIENT,
    UPSTREAM
  }

  private final Worker worker;
  private final Downstream client;
  private final long clientIdleNanos;
  private long clientNanos;
  private long upstreamNanos;

  Deadlines(Worker worker, Downstream client) {
    this.worker = worker;
    this.client = client;
    this.clientIdleNanos = worker.plane.config.clientIdle().toNanos();
  }

  void clientMoved() {
    clientNanos = worker.nowNanos;
  }

  void upstreamMoved() {
    upstreamNanos = worker.nowNanos;
  }

  /// @param requestEnded whether the request's last byte arrived
  /// @param awaitsContinue whether the client waits for leave to send its body
  Overdue overdue(
      Exchange.Phase phase,
      boolean requestEnded,
      boolean awaitsContinue,
      Timeouts timeouts,
      long now) {
    return switch (phase) {
      case IDLE, CONNECTING -> Overdue.NOBODY;
      case HELD, REST -> body(now);
      case WAITING -> {
        if (!requestEnded && !awaitsContinue && !client.paused(Downstream.UPSTREAM_FULL)) {
          yield body(now);
        }
        yield upstream(requestEnded ? timeouts.firstByteNanos() : timeouts.idleNanos(), now);
      }
      case ANSWERING -> {
        if (client.writable()) {
          yield upstream(timeouts.idleNanos(), now);
        }
        yield now - client.stalledNanos() > clientIdleNanos ? Overdue.CLIENT : Overdue.NOBODY;
      }
    };
  }

  private Overdue body(long now) {
    return now - clientNanos > clientIdleNanos ? Overdue.BODY : Overdue.NOBODY;
  }

  private Overdue upstream(long limitNanos, long now) {
    long heardNanos = Math.max(clientNanos, upstreamNanos);
    return now - heardNanos > limitNanos ? Overdue.UPSTREAM : Overdue.NOBODY;
  }
}

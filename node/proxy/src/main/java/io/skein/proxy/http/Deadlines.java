package io.skein.proxy.http;

import io.skein.proxy.route.Timeouts;
import java.util.concurrent.TimeUnit;

/// When bytes last moved on either side of an exchange, and who is overdue therefore. Looked at by
/// [Worker]'s tick; event loop only.
///
/// | phase | whose turn | limit |
/// |---|---|---|
/// | LINED | nobody, see [Admission] | the patience of the service's line; none in [Arrears] |
/// | HELD, REST | client | `clientIdle` since its last byte |
/// | WAITING, body incomplete | client, unless it waits for 100 or upstream takes no more | `clientIdle` since its last byte; for gRPC, whose streams may be silent, `idle` if that is longer |
/// | WAITING | upstream | `firstByte` once the request ended, `idle` before, since any byte |
/// | ANSWERING, client takes nothing | client | `clientIdle` since it stalled |
/// | ANSWERING | upstream | `idle` since any byte |
///
/// Connecting has a timeout of its own. Over all phases and tries stands the total time of a
/// request, if its service has one: what is left of it goes along to a peer (`Skein-Deadline`,
/// milliseconds), which then has no more.
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

  private static final long NONE = Long.MIN_VALUE;

  private final Worker worker;
  private final Downstream client;
  private final long clientIdleNanos;
  private long endNanos = NONE;
  private long callEndNanos = NONE;
  private long clientNanos;
  private long upstreamNanos;

  Deadlines(Worker worker, Downstream client) {
    this.worker = worker;
    this.client = client;
    this.clientIdleNanos = worker.plane.config.clientIdle().toNanos();
  }

  /// The request has to be over by then.
  ///
  /// @param totalNanos from `nowNanos`; 0: no limit
  void total(long totalNanos, long nowNanos) {
    endNanos = totalNanos == 0 ? NONE : nowNanos + totalNanos;
  }

  /// The client itself waits no longer than that, and has told the endpoint.
  ///
  /// @param askedNanos from `nowNanos`; 0: it does not say
  void call(long askedNanos, long nowNanos) {
    callEndNanos = askedNanos == 0 ? NONE : nowNanos + askedNanos;
  }

  /// The request had waited to be read: its times began before that.
  void waited(long nanos) {
    if (endNanos != NONE) {
      endNanos -= nanos;
    }
    if (callEndNanos != NONE) {
      callEndNanos -= nanos;
    }
  }

  /// Whether the endpoint may have ended the call because its time is up.
  boolean callOver(long nowNanos) {
    return callEndNanos != NONE && nowNanos - callEndNanos >= 0;
  }

  /// Whether the request took longer than it may in all.
  boolean over(long nowNanos) {
    return endNanos != NONE && nowNanos - endNanos >= 0;
  }

  /// What is left of the total time, at least 1; 0 without a limit.
  long leftMillis() {
    return endNanos == NONE
        ? 0
        : Math.max(1, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
  }

  void clientMoved() {
    clientNanos = worker.nowNanos;
  }

  void upstreamMoved() {
    upstreamNanos = worker.nowNanos;
  }

  /// @param requestEnded whether the request's last byte arrived
  /// @param streaming whether the client may be silent for as long as the endpoint
  /// @param awaitsContinue whether the client waits for leave to send its body
  Overdue overdue(
      Exchange.Phase phase,
      boolean requestEnded,
      boolean streaming,
      boolean awaitsContinue,
      Timeouts timeouts,
      long now) {
    return switch (phase) {
      case IDLE, LINED, CONNECTING -> Overdue.NOBODY;
      case HELD, REST -> body(clientIdleNanos, now);
      case WAITING -> {
        if (!requestEnded && !awaitsContinue && !client.paused(Downstream.UPSTREAM_FULL)) {
          yield body(
              streaming ? Math.max(clientIdleNanos, timeouts.idleNanos()) : clientIdleNanos, now);
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

  private Overdue body(long limitNanos, long now) {
    return now - clientNanos > limitNanos ? Overdue.BODY : Overdue.NOBODY;
  }

  private Overdue upstream(long limitNanos, long now) {
    long heardNanos = Math.max(clientNanos, upstreamNanos);
    return now - heardNanos > limitNanos ? Overdue.UPSTREAM : Overdue.NOBODY;
  }
}

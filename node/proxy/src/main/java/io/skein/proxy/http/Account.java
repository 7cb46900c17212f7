package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.skein.proxy.log.AccessEntry;
import io.skein.proxy.metrics.ServiceMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.route.Target;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.experiment.ArmCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is told to others of a request: its service's metrics, the outcome of each try, its line in
/// the access log. Reused from request to request of one connection; event loop only.
final class Account {
  private final Plane plane;
  private final @Nullable ReceiptRing receipts;
  private final Downstream client;
  private final int stripe;
  private ServiceMetrics metrics;
  private long begunNanos;
  private long bytesIn;
  private long bytesOut;
  private long idHigh;
  private long idLow;

  Account(Worker worker, Downstream client) {
    this.plane = worker.plane;
    this.receipts = worker.receipts;
    this.stripe = worker.stripe;
    this.client = client;
    this.metrics = plane.metrics.service("");
  }

  /// A head was read.
  void begin() {
    begunNanos = System.nanoTime();
    bytesIn = 0;
    bytesOut = 0;
  }

  /// Whose request it is; empty for nobody's.
  String service() {
    return metrics.service();
  }

  long begunNanos() {
    return begunNanos;
  }

  /// The request is this service's; empty for nobody's. Matched by one `end`.
  void enter(String service) {
    if (!metrics.service().equals(service)) {
      metrics = plane.metrics.service(service);
    }
    metrics.started();
    ReceiptRing ring = receipts;
    if (ring != null) {
      idHigh = ring.nextHigh();
      idLow = ring.nextLow();
    }
  }

  /// Counts body bytes of the client.
  ///
  /// @return how many there were so far
  long received(int bytes) {
    bytesIn += bytes;
    return bytesIn;
  }

  /// Body bytes of the client so far.
  long receivedBytes() {
    return bytesIn;
  }

  /// Body bytes of the answer so far.
  long answeredBytes() {
    return bytesOut;
  }

  /// Counts body bytes of the answer.
  void answered(int bytes) {
    bytesOut += bytes;
  }

  void retried() {
    metrics.retried();
  }

  void hedged() {
    metrics.hedged();
  }

  /// A try is over.
  ///
  /// @param factor how many times as long requests of its class take there as requests do
  /// @param status what was answered, 0 if nothing
  /// @param sent whether the client had sent all of its request: an answer was due
  void tried(
      Candidate candidate,
      double factor,
      String servedBy,
      OutcomeKind kind,
      int status,
      boolean sent,
      long sentNanos) {
    long now = System.nanoTime();
    long latencyNanos = now - sentNanos;
    if (kind == OutcomeKind.CLIENT_GONE) {
      if (sent && status == 0) {
        candidate.load().abandoned(sentNanos, now);
      } else {
        candidate.load().abandoned(sentNanos);
      }
    } else {
      candidate.load().completed(latencyNanos, factor, kind != OutcomeKind.OK, now);
    }
    plane.outcomes.completed(
        metrics.service(), candidate, servedBy, kind, status, latencyNanos, now);
  }

  /// The name of the request's receipt; empty if it gets none.
  String receipt() {
    return receipts == null || metrics.service().isEmpty() ? "" : ReceiptRings.text(idHigh, idLow);
  }

  /// The answer to a request of an experiment's arm. A client that left, or was told to wait or
  /// that this node is full, says nothing about the arm.
  ///
  /// @param failedUpstream whether what was passed on is a failure
  void count(ArmCounts arm, int status, Reason reason, boolean failedUpstream) {
    switch (reason) {
      case CLIENT_GONE,
          CLIENT_TIMEOUT,
          CLIENT_SLOW,
          BAD_BODY,
          BODY_TOO_LARGE,
          RATE_LIMITED,
          SHED,
          OVERLOADED,
          PREFLIGHT,
          RELAYS_FULL -> {}
      default -> arm.add(stripe, System.nanoTime() - begunNanos, status >= 500 || failedUpstream);
    }
  }

  /// The request is over.
  ///
  /// @param candidate who was tried last
  /// @param status what the client got, 0 if nothing
  /// @param to where it was sent last; null if nowhere
  void end(
      RequestFacts request,
      Candidate candidate,
      String servedBy,
      int tries,
      int status,
      Reason reason,
      @Nullable Target to) {
    long nanos = System.nanoTime() - begunNanos;
    metrics.ended(status, reason, nanos, bytesIn, bytesOut);
    ReceiptRing ring = receipts;
    if (ring != null && !metrics.service().isEmpty()) {
      boolean forwarded = candidate.kind() == Candidate.Kind.PEER;
      ring.write(
          idHigh,
          idLow,
          begunNanos,
          nanos,
          metrics.service(),
          forwarded ? servedBy : tries == 0 ? "" : candidate.id(),
          forwarded ? candidate.id() : "",
          methodClass(request),
          reason.number(),
          status,
          tries,
          bytesIn,
          bytesOut);
    }
    if (plane.log.enabled()) {
      Origin origin = client.origin();
      plane.log.write(
          new AccessEntry(
              Instant.now(),
              origin.address(),
              request.method.name(),
              request.host,
              request.asked.isEmpty() ? request.target : request.asked,
              field(request, HttpHeaderNames.USER_AGENT),
              field(request, HttpHeaderNames.REFERER),
              metrics.service(),
              servedBy,
              status,
              bytesIn,
              bytesOut,
              nanos,
              tries,
              reason.token(),
              origin.passage(request, to)));
    }
  }

  /// 0 safe, 1 idempotent, 2 other.
  private static int methodClass(RequestFacts request) {
    if (!request.idempotent) {
      return 2;
    }
    HttpMethod method = request.method;
    return method.equals(HttpMethod.PUT) || method.equals(HttpMethod.DELETE) ? 1 : 0;
  }

  private static String field(RequestFacts request, CharSequence name) {
    CharSequence value = request.fields.first(name);
    return value == null ? "" : value.toString();
  }
}

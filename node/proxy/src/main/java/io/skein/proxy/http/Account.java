package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.skein.proxy.log.AccessEntry;
import io.skein.proxy.metrics.ServiceMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.routing.candidate.Candidate;
import java.time.Instant;

/// What is told to others of a request: its service's metrics, the outcome of each try, its line in
/// the access log. Reused from request to request of one connection; event loop only.
final class Account {
  private final Plane plane;
  private final Origin origin;
  private ServiceMetrics metrics;
  private long begunNanos;
  private long bytesIn;
  private long bytesOut;

  Account(Plane plane, Origin origin) {
    this.plane = plane;
    this.origin = origin;
    this.metrics = plane.metrics.service("");
  }

  /// A head was read.
  void begin() {
    begunNanos = System.nanoTime();
    bytesIn = 0;
    bytesOut = 0;
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
  }

  /// Counts body bytes of the client.
  ///
  /// @return how many there were so far
  long received(int bytes) {
    bytesIn += bytes;
    return bytesIn;
  }

  /// Counts body bytes of the answer.
  void answered(int bytes) {
    bytesOut += bytes;
  }

  void retried() {
    metrics.retried();
  }

  /// A try is over.
  ///
  /// @param status what was answered, 0 if nothing
  void tried(Candidate candidate, String servedBy, OutcomeKind kind, int status, long sentNanos) {
    long now = System.nanoTime();
    long latencyNanos = now - sentNanos;
    if (kind == OutcomeKind.CLIENT_GONE) {
      candidate.load().abandoned();
    } else {
      candidate.load().completed(latencyNanos, kind != OutcomeKind.OK, now);
    }
    plane.outcomes.completed(
        metrics.service(), candidate, servedBy, kind, status, latencyNanos, now);
  }

  /// The request is over.
  ///
  /// @param status what the client got, 0 if nothing
  void end(RequestFacts request, String servedBy, int tries, int status, Reason reason) {
    long nanos = System.nanoTime() - begunNanos;
    metrics.ended(status, reason, nanos, bytesIn, bytesOut);
    if (plane.log.enabled()) {
      plane.log.write(
          new AccessEntry(
              Instant.now(),
              origin.address(),
              request.request.method().name(),
              request.host,
              request.target,
              field(request, HttpHeaderNames.USER_AGENT),
              field(request, HttpHeaderNames.REFERER),
              metrics.service(),
              servedBy,
              status,
              bytesIn,
              bytesOut,
              nanos,
              tries,
              reason.token()));
    }
  }

  private static String field(RequestFacts request, CharSequence name) {
    String value = request.request.headers().get(name);
    return value == null ? "" : value;
  }
}

package io.skein.proxy.tcp;

import io.skein.proxy.log.AccessEntry;
import io.skein.proxy.log.Passage;
import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.routing.candidate.Candidate;
import io.skein.routing.candidate.Policy;
import java.time.Instant;

/// What is told to others of one connection: metrics, the outcome of each try, receipt, access log.
/// Event loop only.
///
/// An endpoint's latency is the time to connect. In its load the connection itself is in flight for
/// as long as it lasts, and one more dispatch carries the sample.
final class TcpAccount {
  private static final int NEITHER_SAFE_NOR_IDEMPOTENT = 2;

  private final TcpLoop loop;
  private final String listener;
  private final long begunNanos = System.nanoTime();
  private RelayMetrics metrics;
  private String name = "";
  private Candidate candidate = Policy.NOT_TRIED;
  private int tries;
  private long triedNanos;
  private long connectNanos;
  private boolean inFlight;
  private boolean told;
  private boolean connected;
  private String servedBy = "";
  private long bytesIn;
  private long bytesOut;

  TcpAccount(TcpLoop loop, String listener, RelayMetrics.Kind kind) {
    this.loop = loop;
    this.listener = listener;
    this.metrics = loop.plane.metrics().relay("", kind);
  }

  /// The connection is this service's; empty for nobody's. Matched by one `end`.
  ///
  /// @param asked the name that the client asked for, if any
  void enter(String service, String asked) {
    metrics = loop.plane.metrics().relay(service, metrics.kind());
    metrics.started();
    name = asked;
  }

  int tries() {
    return tries;
  }

  Candidate candidate() {
    return candidate;
  }

  void trying(Candidate chosen) {
    if (tries > 0) {
      metrics.retried();
    }
    candidate = chosen;
    tries++;
    told = false;
    inFlight = true;
    chosen.load().dispatched();
    triedNanos = System.nanoTime();
  }

  /// An endpoint is connected.
  ///
  /// @param endpoint its id
  void connected(String endpoint) {
    connected = true;
    servedBy = endpoint;
    connectNanos = System.nanoTime() - triedNanos;
  }

  /// @param itsDoing whether the endpoint is to blame
  void connectFailed(boolean itsDoing) {
    told = true;
    inFlight = false;
    if (!itsDoing) {
      candidate.load().abandoned();
      return;
    }
    long now = System.nanoTime();
    candidate.load().completed(now - triedNanos, true, now);
    tell(OutcomeKind.CONNECT_FAILED, now - triedNanos, now);
  }

  void received(int bytes) {
    bytesIn += bytes;
    metrics.received(bytes);
  }

  /// The endpoint's first byte tells that it is well.
  ///
  /// @return whether these were the first
  boolean sent(int bytes) {
    bytesOut += bytes;
    metrics.sent(bytes);
    if (told) {
      return false;
    }
    tried(OutcomeKind.OK);
    return true;
  }

  /// The connection is over.
  void end(Reason reason) {
    if (inFlight && !connected) {
      tried(OutcomeKind.CLIENT_GONE);
    } else if (inFlight && !told) {
      tried(reason == Reason.UPSTREAM_RESET ? OutcomeKind.RESET : OutcomeKind.OK);
    }
    if (inFlight) {
      inFlight = false;
      candidate.load().abandoned();
    }
    metrics.ended(reason);
  }

  /// Writes it down.
  ///
  /// @param client the client's address
  void note(Reason reason, String client) {
    long now = System.nanoTime();
    ReceiptRing ring = loop.receipts;
    boolean forwarded = candidate.kind() == Candidate.Kind.PEER;
    if (ring != null && !metrics.service().isEmpty()) {
      ring.write(
          ring.nextHigh(),
          ring.nextLow(),
          begunNanos,
          now - begunNanos,
          metrics.service(),
          servedBy,
          forwarded ? candidate.id() : "",
          NEITHER_SAFE_NOR_IDEMPOTENT,
          reason.number(),
          0,
          tries,
          bytesIn,
          bytesOut);
    }
    if (loop.plane.log().enabled()) {
      loop.plane
          .log()
          .write(
              new AccessEntry(
                  Instant.now(),
                  client,
                  metrics.kind().word(),
                  name,
                  listener,
                  "",
                  "",
                  metrics.service(),
                  servedBy,
                  0,
                  bytesIn,
                  bytesOut,
                  now - begunNanos,
                  tries,
                  reason.token(),
                  Passage.UNKNOWN));
    }
  }

  private void tried(OutcomeKind kind) {
    told = true;
    long now = System.nanoTime();
    if (kind != OutcomeKind.CLIENT_GONE) {
      candidate.load().dispatched();
      candidate.load().completed(connectNanos, kind != OutcomeKind.OK, now);
    }
    tell(kind, connectNanos, now);
  }

  private void tell(OutcomeKind kind, long latencyNanos, long now) {
    loop.plane
        .outcomes()
        .completed(metrics.service(), candidate, servedBy, kind, 0, latencyNanos, now);
  }
}

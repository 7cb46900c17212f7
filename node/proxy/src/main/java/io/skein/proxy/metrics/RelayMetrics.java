package io.skein.proxy.metrics;

import io.skein.proxy.outcome.Reason;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/// Counters of the connections of one service whose bytes are passed on as they are. Any thread.
@SuppressWarnings("EnumOrdinal") // an index into counters of this process only
public final class RelayMetrics {
  private static final int REASONS = Reason.values().length;

  private final String service;
  private final Kind kind;
  private final LongAdder[] ended = new LongAdder[REASONS];
  private final LongAdder open = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  /// What the connections are.
  public enum Kind {
    /// TCP, with or without TLS that ends here.
    TCP,
    /// TLS that ends at the endpoint.
    PASSTHROUGH,
    /// A WebSocket.
    WEBSOCKET;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// As in metrics: `tcp`.
    public String word() {
      return word;
    }
  }

  RelayMetrics(String service, Kind kind) {
    this.service = service;
    this.kind = kind;
    for (int i = 0; i < REASONS; i++) {
      ended[i] = new LongAdder();
    }
  }

  /// A connection came. Matched by one [#ended].
  public void started() {
    open.increment();
  }

  public void ended(Reason reason) {
    open.decrement();
    ended[reason.ordinal()].increment();
  }

  /// Another endpoint was tried.
  public void retried() {
    retries.increment();
  }

  /// The client sent bytes.
  public void received(int bytes) {
    received.add(bytes);
  }

  /// The client was sent bytes.
  public void sent(int bytes) {
    sent.add(bytes);
  }

  /// The service's name; empty for connections that no service took.
  public String service() {
    return service;
  }

  public Kind kind() {
    return kind;
  }

  /// Connections that ended for `reason`.
  public long count(Reason reason) {
    return ended[reason.ordinal()].sum();
  }

  public long open() {
    return open.sum();
  }

  public long retries() {
    return retries.sum();
  }

  public long receivedBytes() {
    return received.sum();
  }

  public long sentBytes() {
    return sent.sum();
  }
}

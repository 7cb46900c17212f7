package io.skein.proxy.metrics;

import io.skein.proxy.outcome.Reason;
import java.util.concurrent.atomic.LongAdder;

/// Counters of one service. Any thread.
@SuppressWarnings("EnumOrdinal") // an index into counters of this process only
public final class ServiceMetrics {
  private static final int CLASSES = 6;
  private static final int REASONS = Reason.values().length;

  private final String service;
  private final LongAdder[] requests = new LongAdder[CLASSES * REASONS];
  private final LongAdder inFlight = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder hedges = new LongAdder();
  private final LongAdder requestBytes = new LongAdder();
  private final LongAdder responseBytes = new LongAdder();
  private final LatencyHistogram latency = new LatencyHistogram();

  ServiceMetrics(String service) {
    this.service = service;
    for (int i = 0; i < requests.length; i++) {
      requests[i] = new LongAdder();
    }
  }

  /// A request came in.
  public void started() {
    inFlight.increment();
  }

  /// A request ended.
  ///
  /// @param status what the client got, 0 if nothing
  /// @param reason why
  /// @param nanos from its head to the last byte of its answer
  /// @param bytesIn body bytes received from the client
  /// @param bytesOut body bytes sent to the client
  public void ended(int status, Reason reason, long nanos, long bytesIn, long bytesOut) {
    inFlight.decrement();
    int statusClass = status < 100 || status > 599 ? 0 : status / 100;
    requests[statusClass * REASONS + reason.ordinal()].increment();
    latency.record(nanos);
    if (bytesIn > 0) {
      requestBytes.add(bytesIn);
    }
    if (bytesOut > 0) {
      responseBytes.add(bytesOut);
    }
  }

  /// A second try was made beside the first.
  public void hedged() {
    hedges.increment();
  }

  public long hedges() {
    return hedges.sum();
  }

  /// A request was sent a second time.
  public void retried() {
    retries.increment();
  }

  /// The service's name; empty for requests that no service answered.
  public String service() {
    return service;
  }

  /// Ended requests.
  ///
  /// @param statusClass 1 to 5 for 1xx to 5xx, 0 for requests that got no status
  public long requests(int statusClass, Reason reason) {
    return requests[statusClass * REASONS + reason.ordinal()].sum();
  }

  /// All ended requests.
  public long requests() {
    long sum = 0;
    for (LongAdder adder : requests) {
      sum += adder.sum();
    }
    return sum;
  }

  public long inFlight() {
    return inFlight.sum();
  }

  public long retries() {
    return retries.sum();
  }

  public long requestBytes() {
    return requestBytes.sum();
  }

  public long responseBytes() {
    return responseBytes.sum();
  }

  public LatencyHistogram latency() {
    return latency;
  }
}

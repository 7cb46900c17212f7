package io.skein.proxy.metrics;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// All counters of a proxy. Any thread. Services are never forgotten: their number is bounded by
/// the catalogue's, not by what clients ask for.
public final class ProxyMetrics {
  private final ConcurrentHashMap<String, ServiceMetrics> services = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<RelayKey, RelayMetrics> relays = new ConcurrentHashMap<>();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder misopened = new LongAdder();
  private final LongAdder open = new LongAdder();
  private final LongAdder copies = new LongAdder();
  private final LongAdder copiesLeftOut = new LongAdder();
  private final LongAdder compressed = new LongAdder();
  private final LongAdder sacrificed = new LongAdder();
  private final LongAdder compressedIn = new LongAdder();
  private final LongAdder compressedOut = new LongAdder();
  private final LongAdder leftUncompressed = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder lateLeft = new LongAdder();
  private final LongAdder left = new LongAdder();
  private final LongAdder upstreamOpened = new LongAdder();
  private final LongAdder upstreamOpen = new LongAdder();

  private record RelayKey(String service, RelayMetrics.Kind kind) {}

  /// The counters of a service's connections of that kind, made on first use.
  public RelayMetrics relay(String service, RelayMetrics.Kind kind) {
    return relays.computeIfAbsent(
        new RelayKey(service, kind), key -> new RelayMetrics(key.service(), key.kind()));
  }

  /// Those seen so far; the empty name stands for connections that no service took.
  public Collection<RelayMetrics> relays() {
    return List.copyOf(relays.values());
  }

  /// The counters of a service, made on first use.
  public ServiceMetrics service(String name) {
    ServiceMetrics metrics = services.get(name);
    return metrics != null ? metrics : services.computeIfAbsent(name, ServiceMetrics::new);
  }

  /// Every service seen so far; the empty name stands for requests that no service answered.
  public Collection<ServiceMetrics> services() {
    return List.copyOf(services.values());
  }

  public void connectionOpened() {
    accepted.increment();
    open.increment();
  }

  public void connectionClosed() {
    open.decrement();
  }

  public void connectionRefused() {
    refused.increment();
  }

  /// A client had left before its connection was taken.
  public void connectionLeft() {
    left.increment();
  }

  /// Connections so far whose clients had left before they were taken.
  public long leftConnections() {
    return left.sum();
  }

  /// A client that took nothing was closed because memory is short.
  public void connectionSacrificed() {
    sacrificed.increment();
  }

  /// Clients closed because memory was short.
  public long sacrificedConnections() {
    return sacrificed.sum();
  }

  /// A TLS handshake or a PROXY header failed before any request.
  public void connectionMisopened() {
    misopened.increment();
  }

  /// A copy of a request was sent.
  public void copied() {
    copies.increment();
  }

  /// A request was to be copied and was not: its body is too long, or too many copies are under
  /// way.
  public void copyLeftOut() {
    copiesLeftOut.increment();
  }

  /// Copies sent so far.
  public long copies() {
    return copies.sum();
  }

  /// Copies left out so far.
  public long copiesLeftOut() {
    return copiesLeftOut.sum();
  }

  /// An answer went out compressed.
  ///
  /// @param bytesIn of its body as the endpoint sent it
  /// @param bytesOut as the client got it
  public void compressed(long bytesIn, long bytesOut) {
    compressed.increment();
    compressedIn.add(bytesIn);
    compressedOut.add(bytesOut);
  }

  /// An answer was to be compressed and was not: too many are under way.
  public void leftUncompressed() {
    leftUncompressed.increment();
  }

  /// Answers that went out compressed so far.
  public long compressedAnswers() {
    return compressed.sum();
  }

  /// Bytes of their bodies as endpoints sent them.
  public long compressedBytesIn() {
    return compressedIn.sum();
  }

  /// Bytes of their bodies as clients got them.
  public long compressedBytesOut() {
    return compressedOut.sum();
  }

  /// Answers left as they were because too many were being compressed.
  public long uncompressedAnswers() {
    return leftUncompressed.sum();
  }

  /// A request had waited to be read, because its event loop was late, or its client had left while
  /// the loop was.
  public void lateRequest() {
    late.increment();
  }

  /// One of those was not begun any more.
  public void lateRequestLeft() {
    lateLeft.increment();
  }

  /// Requests so far that event loops were late to read.
  public long lateRequests() {
    return late.sum();
  }

  /// Of those, given up before they were begun: the client left, or their time was over.
  public long lateRequestsLeft() {
    return lateLeft.sum();
  }

  public void upstreamOpened() {
    upstreamOpened.increment();
    upstreamOpen.increment();
  }

  public void upstreamClosed() {
    upstreamOpen.decrement();
  }

  /// Client connections accepted since the start.
  public long acceptedConnections() {
    return accepted.sum();
  }

  /// Client connections closed at once because there were too many.
  public long refusedConnections() {
    return refused.sum();
  }

  /// Client connections closed because their TLS handshake or PROXY header failed.
  public long misopenedConnections() {
    return misopened.sum();
  }

  /// Client connections open now.
  public long openConnections() {
    return open.sum();
  }

  /// Connections to endpoints and peers opened since the start.
  public long upstreamConnections() {
    return upstreamOpened.sum();
  }

  /// Connections to endpoints and peers open now.
  public long openUpstreamConnections() {
    return upstreamOpen.sum();
  }
}

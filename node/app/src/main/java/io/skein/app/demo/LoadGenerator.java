package io.skein.app.demo;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Open-loop HTTP load: requests are due at a constant rate whatever the answers do, and latency
/// counts from the due time, so that a stalled mesh cannot hide behind a waiting client.
///
/// A client knows all nodes' addresses, as from DNS, and begins with another one each time; when a
/// connection is refused it goes on to the next address (RFC 8305 §5). A request that was sent and
/// got no answer, or a 5xx, is a failure.
final class LoadGenerator {
  private static final long TICK_MILLIS = 5;
  private static final long TIMEOUT_MILLIS = 10_000;

  private final Vertx vertx;
  private final HttpClient client;
  private final List<Integer> ports;
  private final String service;
  private final double perSecond;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final LatencyRecorder latencies = new LatencyRecorder();
  private final Map<String, Long> failureReasons = new TreeMap<>();
  private long timer = -1;
  private long startedNanos;

  LoadGenerator(Vertx vertx, List<Integer> ports, String service, double perSecond) {
    this.vertx = vertx;
    this.ports = List.copyOf(ports);
    this.service = service;
    this.perSecond = perSecond;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(1_000).setKeepAliveTimeout(30),
            new PoolOptions().setHttp1MaxSize(256));
  }

  void start() {
    startedNanos = System.nanoTime();
    timer = vertx.setPeriodic(TICK_MILLIS, _ -> sendDue());
  }

  /// Stops sending; requests under way still count when they end.
  void stop() {
    vertx.cancelTimer(timer);
  }

  private void sendDue() {
    double elapsedSeconds = (System.nanoTime() - startedNanos) / 1e9;
    long due = (long) (elapsedSeconds * perSecond);
    for (long n = sent.get(); n < due; n++) {
      sent.incrementAndGet();
      send(n, 0, startedNanos + (long) (n / perSecond * 1e9));
    }
  }

  private void send(long number, int attempt, long dueNanos) {
    int port = ports.get((int) ((number + attempt) % ports.size()));
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/orders/" + number)
            .setMethod(HttpMethod.GET)
            .setTimeout(TIMEOUT_MILLIS)
            .putHeader("Host", service);
    client
        .request(options)
        .onFailure(failure -> {
          if (refused(failure) && attempt + 1 < ports.size()) {
            send(number, attempt + 1, dueNanos);
          } else {
            fail(failure.getClass().getSimpleName());
          }
        })
        .onSuccess(request -> exchange(request, dueNanos));
  }

  private void exchange(HttpClientRequest request, long dueNanos) {
    request
        .send()
        .compose(response ->
            response
                .body()
                .map(_ -> {
                  if (response.statusCode() >= 500) {
                    fail("status " + response.statusCode());
                  } else {
                    latencies.record(System.nanoTime() - dueNanos);
                    answered.incrementAndGet();
                  }
                  return response;
                }))
        .onFailure(failure -> fail(failure.getClass().getSimpleName()));
  }

  private static boolean refused(Throwable failure) {
    return failure instanceof ConnectException || failure.getCause() instanceof ConnectException;
  }

  private void fail(String reason) {
    failed.incrementAndGet();
    synchronized (failureReasons) {
      failureReasons.merge(reason, 1L, Long::sum);
    }
  }

  /// Waits until every request sent has ended, at most `limitMillis`.
  void awaitQuiet(long limitMillis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    while (answered.get() + failed.get() < sent.get() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  long sent() {
    return sent.get();
  }

  long answered() {
    return answered.get();
  }

  long failed() {
    return failed.get();
  }

  LatencyRecorder latencies() {
    return latencies;
  }

  Map<String, Long> failureReasons() {
    synchronized (failureReasons) {
      return new TreeMap<>(failureReasons);
    }
  }
}

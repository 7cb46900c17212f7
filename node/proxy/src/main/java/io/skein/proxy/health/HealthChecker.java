package io.skein.proxy.health;

import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Checks a set of endpoints at intervals, each on a connection of its own: a pooled connection
/// could be fine while the endpoint accepts no new one. Any thread may call its methods; results
/// come on Vert.x threads, never two at a time for one endpoint.
public final class HealthChecker implements AutoCloseable {
  private static final long FIRST_CHECK_MILLIS = 1;

  private final Vertx vertx;
  private final Listener listener;
  private final HttpClient http;
  private final NetClient tcp;
  private final Map<String, Running> running = new HashMap<>();

  /// Hears every result. Called on Vert.x threads; must not block.
  @FunctionalInterface
  public interface Listener {
    /// @param endpointId the checked endpoint
    /// @param ok whether it may take requests
    /// @param latencyNanos see [CheckResult]
    /// @param detail see [CheckResult]
    void checked(String endpointId, boolean ok, long latencyNanos, String detail);
  }

  private record Running(Check check, long timer, AtomicBoolean live) {}

  public HealthChecker(Vertx vertx, Listener listener) {
    this.vertx = vertx;
    this.listener = listener;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setMaxHeaderSize(64 << 10),
            new PoolOptions().setHttp1MaxSize(64).setMaxWaitQueueSize(1024));
    this.tcp = vertx.createNetClient(new NetClientOptions());
  }

  /// Makes `checks` the whole set. A check that was there before goes on undisturbed; one that is
  /// gone is not heard of any more; a new one starts at once. Of two with one id the last counts.
  public synchronized void replace(Collection<Check> checks) {
    Map<String, Check> wanted = new LinkedHashMap<>();
    checks.forEach(check -> wanted.put(check.endpointId(), check));
    Iterator<Running> old = running.values().iterator();
    while (old.hasNext()) {
      Running now = old.next();
      if (!now.check().equals(wanted.get(now.check().endpointId()))) {
        stop(now);
        old.remove();
      }
    }
    wanted.forEach((id, check) -> running.computeIfAbsent(id, _ -> start(check)));
  }

  /// Checks once, outside the set. The future never fails.
  public Future<CheckResult> probeOnce(
      EndpointTarget target, Optional<String> path, Duration timeout) {
    long begun = System.nanoTime();
    Future<String> answer =
        path.isPresent() ? get(target, path.get(), timeout) : connect(target, timeout);
    return answer
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(detail -> new CheckResult(!detail.startsWith("!"), since(begun), plain(detail)))
        .otherwise(cause -> new CheckResult(false, since(begun), describe(cause)));
  }

  @Override
  public synchronized void close() {
    running.values().forEach(this::stop);
    running.clear();
    http.close();
    tcp.close();
  }

  private Running start(Check check) {
    AtomicBoolean live = new AtomicBoolean(true);
    AtomicBoolean busy = new AtomicBoolean();
    long timer =
        vertx.setPeriodic(
            FIRST_CHECK_MILLIS,
            check.interval().toMillis(),
            _ -> {
              if (busy.compareAndSet(false, true)) {
                probeOnce(check.target(), check.path(), check.timeout())
                    .onSuccess(result -> {
                      busy.set(false);
                      if (live.get()) {
                        listener.checked(
                            check.endpointId(),
                            result.ok(),
                            result.latencyNanos(),
                            result.detail());
                      }
                    });
              }
            });
    return new Running(check, timer, live);
  }

  private void stop(Running check) {
    check.live().set(false);
    vertx.cancelTimer(check.timer());
  }

  private Future<String> get(EndpointTarget target, String path, Duration timeout) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(target.host())
            .setPort(target.port())
            .setURI(path)
            .setConnectTimeout(timeout.toMillis())
            .setTimeout(timeout.toMillis())
            .putHeader("User-Agent", "skein-health");
    return http.request(request)
        .compose(sent ->
            sent.send()
                .map(answer -> {
                  // The head is all we want; what body there is may be long.
                  sent.connection().close();
                  int status = answer.statusCode();
                  return (status >= 200 && status < 400 ? "" : "!") + status;
                }));
  }

  private Future<String> connect(EndpointTarget target, Duration timeout) {
    return tcp.connect(
            new ConnectOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setTimeout((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE)))
        .map(socket -> {
          socket.close();
          return "connected";
        });
  }

  private static String plain(String detail) {
    return detail.startsWith("!") ? detail.substring(1) : detail;
  }

  private static String describe(Throwable cause) {
    if (cause instanceof TimeoutException || cause.getClass().getSimpleName().contains("Timeout")) {
      return "timeout";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static long since(long begunNanos) {
    return System.nanoTime() - begunNanos;
  }
}

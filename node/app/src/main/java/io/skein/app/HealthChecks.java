package io.skein.app;

import io.skein.app.mesh.HealthNews;
import io.skein.app.mesh.HealthNews.Checkable;
import io.skein.app.routes.TrafficMemo;
import io.skein.app.traffic.HealthWish;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.health.Check;
import io.skein.proxy.health.HealthChecker;
import io.skein.proxy.health.Probe;
import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Active checks of the endpoints this node reaches: at intervals while they are in use, when the
/// healer wants it while they are set aside.
final class HealthChecks {
  private static final long REFRESH_MILLIS = 500;

  private final HealthNews news;
  private final HealthChecker checker;
  private final Vertx vertx;
  private final TrafficMemo documents;
  private long timer = -1;
  private volatile boolean closed;

  /// @param documents what services' documents say
  HealthChecks(HealthNews news, HealthChecker checker, Vertx vertx, TrafficMemo documents) {
    this.documents = documents;
    this.news = news;
    this.checker = checker;
    this.vertx = vertx;
  }

  void start() {
    timer = vertx.setPeriodic(REFRESH_MILLIS, _ -> news.checkable().thenAccept(this::check));
  }

  void close() {
    closed = true;
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    checker.close();
  }

  private void check(List<Checkable> endpoints) {
    if (closed) {
      return;
    }
    List<Check> checks =
        endpoints.stream()
            .flatMap(one -> of(one.service(), one.endpoint(), wish(one.service())).stream())
            .toList();
    checker.replace(checks);
    news.found().retain(checks.stream().map(Check::endpointId).toList());
  }

  /// The check a service wants of one of its endpoints, if any.
  static Optional<Check> of(PutService service, PutEndpoint endpoint, HealthWish wish) {
    Duration interval = Duration.ofMillis(service.healthIntervalMillis());
    return target(endpoint)
        .flatMap(target ->
            wish.probe(service.healthPath(), secure(endpoint))
                .map(probe ->
                    new Check(
                        endpoint.endpoint(),
                        target,
                        probe,
                        wish.pace(interval, timeout(service)))));
  }

  /// Probes once, with a connection if the service wants no check; the result goes to the mesh.
  void probe(PutService service, PutEndpoint endpoint) {
    if (closed) {
      return;
    }
    Probe probe =
        wish(service).probe(service.healthPath(), secure(endpoint)).orElse(Probe.Tcp.CONNECT);
    target(endpoint)
        .ifPresent(target ->
            checker
                .probeOnce(target, probe, timeout(service))
                .onSuccess(result ->
                    news.probed(
                        endpoint.endpoint(),
                        result.ok(),
                        !result.answered(),
                        result.latencyNanos())));
  }

  private static Duration timeout(PutService service) {
    return Duration.ofMillis(service.healthTimeoutMillis());
  }

  private HealthWish wish(PutService service) {
    return documents.of(service.traffic()).health();
  }

  private static boolean secure(PutEndpoint endpoint) {
    return endpoint.url().startsWith("https:") || endpoint.url().startsWith("tls:");
  }

  private static Optional<EndpointTarget> target(PutEndpoint endpoint) {
    try {
      URI url = URI.create(endpoint.url());
      int usual = secure(endpoint) ? 443 : 80;
      return Optional.ofNullable(url.getHost())
          .map(host -> host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
          .map(host -> new EndpointTarget(host, url.getPort() < 0 ? usual : url.getPort()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

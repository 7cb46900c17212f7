package io.skein.app;

import io.skein.app.mesh.MeshCore;
import io.skein.app.mesh.MeshCore.Checkable;
import io.skein.app.routes.RouteTables;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.health.Check;
import io.skein.proxy.health.HealthChecker;
import io.skein.proxy.health.Pace;
import io.skein.proxy.health.Probe;
import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Active checks of the endpoints this node reaches: at intervals while they are in use, when the
/// healer wants it while they are set aside.
final class HealthChecks {
  private static final long REFRESH_MILLIS = 500;

  private final MeshCore core;
  private final HealthChecker checker;
  private final Vertx vertx;
  private long timer = -1;
  private volatile boolean closed;

  HealthChecks(MeshCore core, HealthChecker checker, Vertx vertx) {
    this.core = core;
    this.checker = checker;
    this.vertx = vertx;
  }

  void start() {
    timer = vertx.setPeriodic(REFRESH_MILLIS, _ -> core.checkable().thenAccept(this::check));
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
        endpoints.stream().flatMap(one -> of(one.service(), one.endpoint()).stream()).toList();
    checker.replace(checks);
    core.checks().retain(checks.stream().map(Check::endpointId).toList());
  }

  /// The check a service wants of one of its endpoints, if any.
  static Optional<Check> of(PutService service, PutEndpoint endpoint) {
    return service.healthPath().isEmpty()
        ? Optional.empty()
        : target(endpoint)
            .map(target ->
                new Check(
                    endpoint.endpoint(),
                    target,
                    probe(service),
                    Pace.every(
                        Duration.ofMillis(service.healthIntervalMillis()), timeout(service))));
  }

  /// Probes once; the result goes to the core.
  void probe(PutService service, PutEndpoint endpoint) {
    if (closed) {
      return;
    }
    target(endpoint)
        .ifPresent(target ->
            checker
                .probeOnce(target, probe(service), timeout(service))
                .onSuccess(result ->
                    core.probed(
                        endpoint.endpoint(),
                        result.ok(),
                        !result.answered(),
                        result.latencyNanos())));
  }

  private static Probe probe(PutService service) {
    return service.healthPath().isEmpty()
        ? Probe.Tcp.CONNECT
        : Probe.Http.get(service.healthPath());
  }

  private static Duration timeout(PutService service) {
    return Duration.ofMillis(service.healthTimeoutMillis());
  }

  private static Optional<EndpointTarget> target(PutEndpoint endpoint) {
    return RouteTables.target(endpoint)
        .filter(EndpointTarget.class::isInstance)
        .map(EndpointTarget.class::cast);
  }
}

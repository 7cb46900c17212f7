package io.skein.app;

import io.skein.app.mesh.MeshCore;
import io.skein.app.mesh.MeshCore.Checkable;
import io.skein.app.routes.RouteTables;
import io.skein.ledger.record.ServiceChange.PutEndpoint;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.proxy.health.Check;
import io.skein.proxy.health.HealthChecker;
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
    checker.replace(
        endpoints.stream().flatMap(one -> of(one.service(), one.endpoint()).stream()).toList());
  }

  /// The check a service wants of one of its endpoints, if any.
  static Optional<Check> of(PutService service, PutEndpoint endpoint) {
    Optional<String> path = path(service);
    return path.isEmpty()
        ? Optional.empty()
        : target(endpoint)
            .map(target ->
                new Check(
                    endpoint.endpoint(),
                    target,
                    path,
                    Duration.ofMillis(service.healthIntervalMillis()),
                    timeout(service)));
  }

  /// Probes once; the result goes to the core.
  void probe(PutService service, PutEndpoint endpoint) {
    if (closed) {
      return;
    }
    target(endpoint)
        .ifPresent(target ->
            checker
                .probeOnce(target, path(service), timeout(service))
                .onSuccess(result ->
                    core.probed(
                        endpoint.endpoint(),
                        result.ok(),
                        unreachable(result.ok(), result.detail()),
                        result.latencyNanos())));
  }

  private static Optional<String> path(PutService service) {
    return service.healthPath().isEmpty() ? Optional.empty() : Optional.of(service.healthPath());
  }

  private static Duration timeout(PutService service) {
    return Duration.ofMillis(service.healthTimeoutMillis());
  }

  private static Optional<EndpointTarget> target(PutEndpoint endpoint) {
    return RouteTables.target(endpoint)
        .filter(EndpointTarget.class::isInstance)
        .map(EndpointTarget.class::cast);
  }

  /// Whether a check got no answer at all: an answer's detail is its status.
  static boolean unreachable(boolean ok, String detail) {
    return !ok && !detail.chars().allMatch(Character::isDigit);
  }
}

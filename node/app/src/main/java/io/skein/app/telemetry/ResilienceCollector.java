package io.skein.app.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.routing.breaker.Breaker;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Reads what protects services into Prometheus' model. Labels are names of services and of limits,
/// both bounded by the catalogue.
final class ResilienceCollector implements MultiCollector {
  private final Supplier<RouteTable> routes;
  private final Supplier<Map<String, List<RateLimit>>> routeLimits;

  ResilienceCollector(
      Supplier<RouteTable> routes, Supplier<Map<String, List<RateLimit>>> routeLimits) {
    this.routes = routes;
    this.routeLimits = routeLimits;
  }

  @Override
  public MetricSnapshots collect() {
    GaugeSnapshot.Builder open =
        GaugeSnapshot.builder()
            .name("skein_breakers_open")
            .help("Endpoints and peers that this node leaves alone because they fail");
    GaugeSnapshot.Builder limit =
        GaugeSnapshot.builder()
            .name("skein_concurrency_limit")
            .help("Requests that a service may have in flight from this node");
    GaugeSnapshot.Builder inFlight =
        GaugeSnapshot.builder()
            .name("skein_concurrency_in_flight")
            .help("Requests in flight that count against the limit");
    GaugeSnapshot.Builder waiting =
        GaugeSnapshot.builder()
            .name("skein_concurrency_waiting")
            .help("Requests that wait on this node for a place in flight");
    GaugeSnapshot.Builder rate =
        GaugeSnapshot.builder()
            .name("skein_rate_limit_per_second")
            .help("Requests a second that this node lets in; of a mesh-wide limit its share");
    CounterSnapshot.Builder refused =
        CounterSnapshot.builder()
            .name("skein_rate_limit_refused")
            .help("Requests refused by a rate limit");
    GaugeSnapshot.Builder relays =
        GaugeSnapshot.builder()
            .name("skein_relay_places_taken")
            .help("Relayed connections that count against their service's limit");
    CounterSnapshot.Builder noPlace =
        CounterSnapshot.builder()
            .name("skein_relay_places_refused")
            .help("Relayed connections refused because their service or address had enough");
    for (ServiceRoute route : routes.get().services()) {
      Resilience rules = route.resilience();
      Labels labels = Labels.of("service", route.service());
      int opened = 0;
      for (Breaker breaker : rules.breakers().values()) {
        opened += breaker.closed() ? 0 : 1;
      }
      open.dataPoint(gauge(labels, opened));
      relays.dataPoint(gauge(labels, rules.relays().open()));
      noPlace.dataPoint(
          CounterSnapshot.CounterDataPointSnapshot.builder()
              .labels(labels)
              .value(rules.relays().refused())
              .build());
      rules
          .concurrency()
          .ifPresent(each -> {
            limit.dataPoint(gauge(labels, each.limit()));
            inFlight.dataPoint(gauge(labels, each.inFlight()));
            waiting.dataPoint(gauge(labels, each.line().waiting()));
          });
      for (RateLimit each : rules.limits()) {
        Labels both = Labels.of("service", route.service(), "limit", each.name());
        rate.dataPoint(gauge(both, each.rate().perSecond()));
        refused.dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(both)
                .value(each.refused())
                .build());
      }
    }
    CounterSnapshot.Builder routeRefused =
        CounterSnapshot.builder()
            .name("skein_route_rate_limit_refused")
            .help("Requests refused by a rate limit of their route");
    routeLimits
        .get()
        .forEach((route, limits) ->
            limits.forEach(each ->
                routeRefused.dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(Labels.of("route", route, "limit", each.name()))
                        .value(each.refused())
                        .build())));
    return MetricSnapshots.of(
        open.build(),
        limit.build(),
        inFlight.build(),
        waiting.build(),
        rate.build(),
        refused.build(),
        relays.build(),
        noPlace.build(),
        routeRefused.build());
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot gauge(Labels labels, double value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}

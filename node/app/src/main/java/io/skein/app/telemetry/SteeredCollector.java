package io.skein.app.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skein.app.routes.Panics;
import io.skein.app.routes.SteeredAway;
import io.skein.routing.candidate.Availability;
import java.util.Map;
import java.util.function.Supplier;

/// Reads how many requests were steered away from endpoints that may not be used, and how many
/// tries went there nevertheless.
final class SteeredCollector implements MultiCollector {
  private final Supplier<Map<String, SteeredAway>> steered;
  private final Supplier<Panics> panics;

  SteeredCollector(Supplier<Map<String, SteeredAway>> steered, Supplier<Panics> panics) {
    this.steered = steered;
    this.panics = panics;
  }

  @Override
  public MetricSnapshots collect() {
    return new MetricSnapshots(away(), triesInPanic(), panicking());
  }

  private GaugeSnapshot panicking() {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("skein_service_panicking")
            .help(
                "1 for each service of which doubtful endpoints are used too, as too few are left");
    panics
        .get()
        .reasons()
        .keySet()
        .forEach(service ->
            gauge.dataPoint(
                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("service", service))
                    .value(1)
                    .build()));
    return gauge.build();
  }

  private CounterSnapshot triesInPanic() {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("skein_tries_in_panic")
            .help("Tries that went to endpoints that were not usable, because too few were");
    steered
        .get()
        .forEach((service, away) -> {
          if (away.triesInPanic() > 0) {
            counter.dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(Labels.of("service", service))
                    .value(away.triesInPanic())
                    .build());
          }
        });
    return counter.build();
  }

  private CounterSnapshot away() {
    CounterSnapshot.Builder counter =
        CounterSnapshot.builder()
            .name("skein_requests_steered_away")
            .help(
                "Requests that went elsewhere because endpoints may not be used, by their share of"
                    + " weight");
    steered
        .get()
        .forEach((service, away) -> {
          for (Availability reason : Availability.values()) {
            double requests = away.requests(reason);
            if (requests > 0) {
              counter.dataPoint(
                  CounterSnapshot.CounterDataPointSnapshot.builder()
                      .labels(Labels.of("service", service, "reason", reason.word()))
                      .value(requests)
                      .build());
            }
          }
        });
    return counter.build();
  }
}

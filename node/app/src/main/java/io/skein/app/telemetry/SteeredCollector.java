package io.skein.app.telemetry;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.skein.app.routes.SteeredAway;
import io.skein.routing.candidate.Availability;
import java.util.Map;
import java.util.function.Supplier;

/// Reads how many requests were steered away from endpoints that may not be used.
final class SteeredCollector implements Collector {
  private final Supplier<Map<String, SteeredAway>> steered;

  SteeredCollector(Supplier<Map<String, SteeredAway>> steered) {
    this.steered = steered;
  }

  @Override
  public MetricSnapshot collect() {
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

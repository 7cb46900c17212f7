package io.skein.app.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skein.app.routes.Experiments;
import io.skein.routing.experiment.ArmCounts;
import io.skein.routing.experiment.Evidence;
import java.util.List;
import java.util.function.Supplier;

/// Reads what the arms of this node's experiments answered.
final class ExperimentCollector implements MultiCollector {
  private final Supplier<List<Experiments.Counted>> counted;

  ExperimentCollector(Supplier<List<Experiments.Counted>> counted) {
    this.counted = counted;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("skein_experiment_requests")
            .help("Answers of this node's requests, by arm of an experiment that runs");
    CounterSnapshot.Builder failures =
        CounterSnapshot.builder().name("skein_experiment_failures").help("Of those, failed");
    GaugeSnapshot.Builder running =
        GaugeSnapshot.builder()
            .name("skein_experiment_running")
            .help("1 for each experiment that divides requests on this node, 0 once it has ended");
    for (Experiments.Counted each : counted.get()) {
      Evidence evidence = each.evidence();
      add(requests, failures, each, "control", evidence.control());
      add(requests, failures, each, "treatment", evidence.treatment());
      running.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("route", each.route(), "experiment", each.name()))
              .value(each.on() ? 1 : 0)
              .build());
    }
    return new MetricSnapshots(requests.build(), failures.build(), running.build());
  }

  private static void add(
      CounterSnapshot.Builder requests,
      CounterSnapshot.Builder failures,
      Experiments.Counted each,
      String arm,
      ArmCounts.Taken taken) {
    Labels labels = Labels.of("route", each.route(), "experiment", each.name(), "arm", arm);
    requests.dataPoint(
        CounterDataPointSnapshot.builder().labels(labels).value(taken.requests()).build());
    failures.dataPoint(
        CounterDataPointSnapshot.builder().labels(labels).value(taken.failed()).build());
  }
}

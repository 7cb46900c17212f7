package io.skein.app.telemetry;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the node's metrics at intervals and sends them by OTLP over HTTP, on a thread of its own.
/// Each reading is tried once: they are cumulative, so the next one makes up for what a collector
/// did not take.
public final class MetricExport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricExport.class);

  private final Supplier<MetricSnapshots> readings;
  private final OtlpHttpMetricExporter exporter;
  private final MetricPoints points;
  private final Exporting exporting;

  /// Begins to export.
  ///
  /// @param readings all metrics as they are now; any thread
  /// @param collector where they go, such as `http://127.0.0.1:4318/v1/metrics`
  /// @param begun when the process began
  public MetricExport(
      Supplier<MetricSnapshots> readings, Collector collector, Duration interval, Instant begun) {
    this.readings = readings;
    this.points = new MetricPoints(collector.resource(), nanos(begun));
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(collector.url())
            .setTimeout(Exporting.PATIENCE)
            .setRetryPolicy(null)
            .setCompression("gzip");
    collector.authorization().ifPresent(value -> builder.addHeader("Authorization", value));
    this.exporter = builder.build();
    this.exporting = new Exporting(LOG, "metrics", interval, this::send, exporter::shutdown);
    exporting.begin();
  }

  private void send() {
    long now = nanos(Instant.now());
    List<MetricData> batch =
        readings.get().stream().flatMap(each -> points.of(each, now).stream()).toList();
    boolean _ = exporting.taken(exporter.export(batch));
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  /// Sends a last reading, for at most 2 s.
  @Override
  public void close() {
    exporting.close();
  }
}

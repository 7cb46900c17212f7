package io.skein.app.telemetry;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the node's metrics at intervals and sends them by OTLP over HTTP, on a thread of its own.
/// Each reading is tried once: they are cumulative, so the next one makes up for what a collector
/// did not take.
public final class MetricExport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricExport.class);

  // It would say on standard error what is said here; held, or it would be forgotten.
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Supplier<MetricSnapshots> readings;
  private final OtlpHttpMetricExporter exporter;
  private final Duration interval;
  private final MetricPoints points;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private boolean failing;

  /// Begins to export.
  ///
  /// @param readings all metrics as they are now; any thread
  /// @param collector where they go, such as `http://127.0.0.1:4318/v1/metrics`
  /// @param begun when the process began
  public MetricExport(
      Supplier<MetricSnapshots> readings, Collector collector, Duration interval, Instant begun) {
    LIBRARY.setLevel(java.util.logging.Level.OFF);
    this.readings = readings;
    this.interval = interval;
    this.points = new MetricPoints(collector.resource(), nanos(begun));
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(collector.url())
            .setTimeout(PATIENCE)
            .setRetryPolicy(null)
            .setCompression("gzip");
    collector.authorization().ifPresent(value -> builder.addHeader("Authorization", value));
    this.exporter = builder.build();
    this.thread = Thread.ofVirtual().name("metric-export").start(this::run);
  }

  private void run() {
    try {
      while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        send();
      }
      send();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    long now = nanos(Instant.now());
    List<MetricData> batch =
        readings.get().stream().flatMap(each -> points.of(each, now).stream()).toList();
    CompletableResultCode result = exporter.export(batch);
    boolean taken = result.join(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    if (taken == failing) {
      failing = !taken;
      if (failing) {
        String reason =
            Optional.ofNullable(result.getFailureThrowable())
                .map(Throwable::toString)
                .orElse("no answer in time");
        LOG.atWarn().addKeyValue("reason", reason).log("the collector takes no metrics");
      } else {
        LOG.atInfo().log("the collector takes metrics again");
      }
    }
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  /// Sends a last reading, for at most 2 s.
  @Override
  public void close() {
    closing.countDown();
    try {
      boolean _ = thread.join(FAREWELL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
    CompletableResultCode _ = exporter.shutdown().join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
  }
}

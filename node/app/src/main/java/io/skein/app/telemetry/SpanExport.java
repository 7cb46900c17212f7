package io.skein.app.telemetry;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.skein.proxy.trace.Span;
import io.skein.proxy.trace.Tracer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes spans from a [Tracer] and sends them by OTLP over HTTP, on a thread of its own: one batch
/// after the other, each tried once. What a collector does not take is lost and counted.
public final class SpanExport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);

  private static final int BATCH = 512;
  private static final int CLOCK_READINGS = 5;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Tracer tracer;
  private final OtlpHttpSpanExporter exporter;
  private final Resource resource;
  private final Exporting exporting;

  /// Begins to export.
  ///
  /// @param collector where they go
  public SpanExport(Tracer tracer, Collector collector) {
    this.tracer = tracer;
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(collector.url())
            .setTimeout(Exporting.PATIENCE)
            .setRetryPolicy(null)
            .setCompression("gzip");
    collector.authorization().ifPresent(value -> builder.addHeader("Authorization", value));
    this.exporter = builder.build();
    this.resource = collector.resource();
    this.exporting = new Exporting(LOG, "spans", PAUSE, this::sendAll, exporter::shutdown);
    exporting.begin();
  }

  /// What it takes spans from.
  public Tracer tracer() {
    return tracer;
  }

  private void sendAll() {
    for (List<Span> spans = tracer.take(BATCH); !spans.isEmpty(); spans = tracer.take(BATCH)) {
      send(spans);
    }
  }

  private void send(List<Span> spans) {
    long offset = wallClockOffset();
    List<SpanData> batch = new ArrayList<>(spans.size());
    for (Span span : spans) {
      batch.add(new ExportedSpan(span, resource, offset));
    }
    if (!exporting.taken(exporter.export(batch))) {
      tracer.lose(spans.size());
    }
  }

  /// What makes a time of day of `System.nanoTime()`: of some readings that with the shortest time
  /// between the clocks, lest a pause just there shift a whole batch against its peers' spans.
  private static long wallClockOffset() {
    long offset = 0;
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < CLOCK_READINGS; i++) {
      long before = System.nanoTime();
      Instant now = Instant.now();
      long took = System.nanoTime() - before;
      if (took < shortest) {
        shortest = took;
        offset = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - before - took / 2;
      }
    }
    return offset;
  }

  /// Sends what waits, for at most 2 s.
  @Override
  public void close() {
    exporting.close();
  }
}

package io.skein.app.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skein.proxy.metrics.LatencyHistogram;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.metrics.ServiceMetrics;
import io.skein.proxy.outcome.Reason;

/// Reads the proxy's striped counters into Prometheus' model.
final class ProxyCollector implements MultiCollector {
  private static final int CLASSES = 6;

  private final ProxyMetrics metrics;

  ProxyCollector(ProxyMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder requests =
        CounterSnapshot.builder()
            .name("skein_http_requests")
            .help("Requests ended, by service, class of status and reason");
    CounterSnapshot.Builder retries =
        CounterSnapshot.builder().name("skein_http_retries").help("Second tries");
    CounterSnapshot.Builder hedges =
        CounterSnapshot.builder()
            .name("skein_http_hedges")
            .help("Second tries beside a slow first one");
    CounterSnapshot.Builder bytesIn =
        CounterSnapshot.builder()
            .name("skein_http_request_body_bytes")
            .help("Body bytes received from clients");
    CounterSnapshot.Builder bytesOut =
        CounterSnapshot.builder()
            .name("skein_http_response_body_bytes")
            .help("Body bytes sent to clients");
    GaugeSnapshot.Builder inFlight =
        GaugeSnapshot.builder().name("skein_http_in_flight").help("Requests in flight");
    HistogramSnapshot.Builder duration =
        HistogramSnapshot.builder()
            .name("http_server_request_duration_seconds")
            .help("From a request's head to the last byte of its answer");
    for (ServiceMetrics service : metrics.services()) {
      Labels labels = Labels.of("service", service.service());
      for (int statusClass = 0; statusClass < CLASSES; statusClass++) {
        for (Reason reason : Reason.values()) {
          long count = service.requests(statusClass, reason);
          if (count > 0) {
            requests.dataPoint(
                CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(
                        Labels.of(
                            "service",
                            service.service(),
                            "status",
                            statusClass == 0 ? "none" : statusClass + "xx",
                            "reason",
                            reason.token()))
                    .value(count)
                    .build());
          }
        }
      }
      retries.dataPoint(counter(labels, service.retries()));
      hedges.dataPoint(counter(labels, service.hedges()));
      bytesIn.dataPoint(counter(labels, service.requestBytes()));
      bytesOut.dataPoint(counter(labels, service.responseBytes()));
      inFlight.dataPoint(gauge(labels, service.inFlight()));
      duration.dataPoint(histogram(labels, service.latency()));
    }
    return MetricSnapshots.of(
        requests.build(),
        retries.build(),
        hedges.build(),
        bytesIn.build(),
        bytesOut.build(),
        inFlight.build(),
        duration.build(),
        CounterSnapshot.builder()
            .name("skein_connections_accepted")
            .help("Client connections accepted")
            .dataPoint(counter(Labels.EMPTY, metrics.acceptedConnections()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_mirrored_requests")
            .help("Copies of requests sent to other services")
            .dataPoint(counter(Labels.EMPTY, metrics.copies()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_mirrored_requests_left_out")
            .help("Copies not sent: the body is too long, or too many are under way")
            .dataPoint(counter(Labels.EMPTY, metrics.copiesLeftOut()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_compressed_answers")
            .help("Answers that went out compressed")
            .dataPoint(counter(Labels.EMPTY, metrics.compressedAnswers()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_compressed_answers_left_out")
            .help("Answers that were not compressed because too many were at once")
            .dataPoint(counter(Labels.EMPTY, metrics.uncompressedAnswers()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_compression_in_bytes")
            .help("Body bytes of compressed answers as endpoints sent them")
            .dataPoint(counter(Labels.EMPTY, metrics.compressedBytesIn()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_compression_out_bytes")
            .help("Body bytes of compressed answers as clients got them")
            .dataPoint(counter(Labels.EMPTY, metrics.compressedBytesOut()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_late_requests")
            .help("Requests that an event loop was late to read: they had waited for over 50 ms")
            .dataPoint(counter(Labels.EMPTY, metrics.lateRequests()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_late_requests_left")
            .help("Late requests never begun: their clients left, or their time was over")
            .dataPoint(counter(Labels.EMPTY, metrics.lateRequestsLeft()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_connections_left")
            .help("Connections taken so late that their clients had left: closed unread")
            .dataPoint(counter(Labels.EMPTY, metrics.leftConnections()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_connections_refused")
            .help("Client connections closed at once because there were too many")
            .dataPoint(counter(Labels.EMPTY, metrics.refusedConnections()))
            .build(),
        GaugeSnapshot.builder()
            .name("skein_connections_open")
            .help("Client connections open")
            .dataPoint(gauge(Labels.EMPTY, metrics.openConnections()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_upstream_connections_opened")
            .help("Connections opened to endpoints and peers")
            .dataPoint(counter(Labels.EMPTY, metrics.upstreamConnections()))
            .build(),
        GaugeSnapshot.builder()
            .name("skein_upstream_connections_open")
            .help("Connections open to endpoints and peers")
            .dataPoint(gauge(Labels.EMPTY, metrics.openUpstreamConnections()))
            .build());
  }

  private static CounterSnapshot.CounterDataPointSnapshot counter(Labels labels, long value) {
    return CounterSnapshot.CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot gauge(Labels labels, long value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static HistogramSnapshot.HistogramDataPointSnapshot histogram(
      Labels labels, LatencyHistogram latency) {
    double[] bounds = LatencyHistogram.boundsSeconds();
    long[] counts = latency.counts();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < counts.length; i++) {
      buckets.bucket(i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY, counts[i]);
    }
    return HistogramSnapshot.HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(buckets.build())
        .sum(latency.sumSeconds())
        .build();
  }
}

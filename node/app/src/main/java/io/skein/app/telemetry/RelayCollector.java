package io.skein.app.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.tls.LoadedCertificate;
import io.skein.proxy.tls.ServerTls;
import java.util.List;
import java.util.function.Supplier;

/// Reads the counters of relayed connections and of certificates into Prometheus' model.
final class RelayCollector implements MultiCollector {
  private final ProxyMetrics metrics;
  private final Supplier<List<ServerTls>> tls;

  RelayCollector(ProxyMetrics metrics, Supplier<List<ServerTls>> tls) {
    this.metrics = metrics;
    this.tls = tls;
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder ended =
        CounterSnapshot.builder()
            .name("skein_relay_connections")
            .help("Relayed connections ended, by service, kind and reason");
    GaugeSnapshot.Builder open =
        GaugeSnapshot.builder()
            .name("skein_relay_connections_open")
            .help("Relayed connections open");
    CounterSnapshot.Builder retries =
        CounterSnapshot.builder()
            .name("skein_relay_retries")
            .help("Connections tried at a second endpoint");
    CounterSnapshot.Builder received =
        CounterSnapshot.builder()
            .name("skein_relay_received_bytes")
            .help("Bytes received from clients of relayed connections");
    CounterSnapshot.Builder sent =
        CounterSnapshot.builder()
            .name("skein_relay_sent_bytes")
            .help("Bytes sent to clients of relayed connections");
    for (RelayMetrics each : metrics.relays()) {
      Labels labels = Labels.of("service", each.service(), "kind", each.kind().word());
      for (Reason reason : Reason.values()) {
        if (each.count(reason) > 0) {
          ended.dataPoint(
              counter(labels.merge(Labels.of("reason", reason.token())), each.count(reason)));
        }
      }
      open.dataPoint(gauge(labels, each.open()));
      retries.dataPoint(counter(labels, each.retries()));
      received.dataPoint(counter(labels, each.receivedBytes()));
      sent.dataPoint(counter(labels, each.sentBytes()));
    }
    return MetricSnapshots.of(
        ended.build(),
        open.build(),
        retries.build(),
        received.build(),
        sent.build(),
        CounterSnapshot.builder()
            .name("skein_connections_misopened")
            .help("Client connections whose TLS handshake or PROXY header failed, HTTP listeners")
            .dataPoint(counter(Labels.EMPTY, metrics.misopenedConnections()))
            .build(),
        CounterSnapshot.builder()
            .name("skein_connections_sacrificed")
            .help("Clients closed because memory was short and they had taken nothing for longest")
            .dataPoint(counter(Labels.EMPTY, metrics.sacrificedConnections()))
            .build(),
        expiry(),
        reloads());
  }

  private GaugeSnapshot expiry() {
    GaugeSnapshot.Builder expiry =
        GaugeSnapshot.builder()
            .name("skein_tls_certificate_expiry_seconds")
            .help("When a certificate ends, in seconds since 1970");
    for (ServerTls each : tls.get()) {
      for (LoadedCertificate certificate : each.certificates()) {
        expiry.dataPoint(
            gauge(
                Labels.of("listener", each.name(), "file", certificate.files().chain().toString()),
                certificate.notAfter().getEpochSecond()));
      }
    }
    return expiry.build();
  }

  private CounterSnapshot reloads() {
    CounterSnapshot.Builder reloads =
        CounterSnapshot.builder()
            .name("skein_tls_reloads")
            .help("Times certificates were read again, by listener and whether they were usable");
    for (ServerTls each : tls.get()) {
      reloads.dataPoint(
          counter(Labels.of("listener", each.name(), "result", "ok"), each.reloads()));
      reloads.dataPoint(
          counter(Labels.of("listener", each.name(), "result", "failed"), each.failedReloads()));
    }
    return reloads.build();
  }

  private static CounterDataPointSnapshot counter(Labels labels, long value) {
    return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static GaugeDataPointSnapshot gauge(Labels labels, long value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}

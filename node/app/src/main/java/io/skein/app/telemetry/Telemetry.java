package io.skein.app.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skein.app.mesh.CatalogueDirectory;
import io.skein.app.mesh.Gauges;
import io.skein.app.mesh.MeshCore;
import io.skein.app.receipts.ReceiptBook;
import io.skein.app.routes.RouteTables;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Outcome;
import io.skein.ledger.witness.Alarm;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.resilience.RateLimit;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.tls.ServerTls;
import io.skein.proxy.trace.Tracer;
import io.skein.routing.overload.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The node's metrics: counters that others keep, read when somebody scrapes. Any thread.
public final class Telemetry implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private volatile Optional<JvmGcMetrics> garbage = Optional.empty();

  public Telemetry(ProxyServer proxy, MeshCore core, AccessLog accessLog) {
    registry.getPrometheusRegistry().register(new ProxyCollector(proxy.metrics()));
    RouteTables tables = core.routing().tables();
    registry
        .getPrometheusRegistry()
        .register(new SteeredCollector(tables::steered, tables::panics));
    registry
        .getPrometheusRegistry()
        .register(new ExperimentCollector(tables.experiments()::counted));
    Gauge.builder("skein.members", core, c -> c.gauges().aliveMembers())
        .description("Members alive as this node sees them, itself included")
        .register(registry);
    Gauge.builder("skein.ledger.records", core, c -> c.gauges().records())
        .description("Records held in all feeds")
        .register(registry);
    Gauge.builder("skein.endpoints.set.aside", core, c -> c.gauges().setAside())
        .description("Endpoints set aside by a verdict")
        .register(registry);
    Gauge.builder("skein.mesh.queue", core, c -> c.gauges().waiting())
        .description("Messages from peers that wait for the mesh thread")
        .register(registry);
    FunctionCounter.builder("skein.mesh.dropped", core, c -> c.gauges().dropped())
        .description(
            "Messages from peers dropped because too many waited, or too much of one peer's")
        .register(registry);
    FunctionCounter.builder("skein.mesh.malformed", core, c -> c.gauges().malformed())
        .description("Messages from peers that were none")
        .register(registry);
    for (String reason : Gauges.reasonsToRefuse()) {
      FunctionCounter.builder(
              "skein.ledger.refused", core, c -> c.gauges().refused().getOrDefault(reason, 0L))
          .tag("reason", reason)
          .description("Records refused")
          .register(registry);
    }
    for (String reason : Gauges.reasonsToIgnore()) {
      Gauge.builder(
              "skein.ledger.ignored", core, c -> c.gauges().ignored().getOrDefault(reason, 0L))
          .tag("reason", reason)
          .description(
              "Records that count for nothing: held already, written after their author's"
                  + " end, or by none of the mesh; contracts that cannot be judged")
          .register(registry);
    }
    Gauge.builder("skein.ledger.forks", core, c -> c.gauges().forks())
        .description("Feeds proven forked")
        .register(registry);
    for (String kind : Alarm.KINDS) {
      FunctionCounter.builder(
              "skein.ledger.alarms", core, c -> c.attestation().alarms().getOrDefault(kind, 0L))
          .tag("kind", kind)
          .description("Signed statements in the ledger that cannot all be true")
          .register(registry);
    }
    FunctionCounter.builder(
            "skein.ledger.storage.failures", core, c -> c.gauges().storageFailures())
        .description("Attempts to make records durable that failed")
        .register(registry);
    Gauge.builder("skein.ledger.storage.sound", core, c -> c.gauges().storageSound() ? 1 : 0)
        .description("1 while records can be made durable, 0 while the disk is full or fails")
        .register(registry);
    healing(core);
    FunctionCounter.builder("skein.access.log.lost", accessLog, AccessLog::lost)
        .description("Lines of the access log that were lost")
        .register(registry);
  }

  /// Adds what the virtual machine tells of itself, once. Its beans are what the rest of a start
  /// can do without: the first of them in a process cost more than all other metrics.
  public void machine() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    garbage = Optional.of(collections);
  }

  private void healing(MeshCore core) {
    for (ActionKind kind : ActionKind.values()) {
      FunctionCounter.builder(
              "skein.repairs", core, c -> c.gauges().repairs().begun().getOrDefault(kind, 0L))
          .tag("action", kind.word())
          .description("Repairs that this node has decided")
          .register(registry);
      FunctionCounter.builder(
              "skein.repairs.observed",
              core,
              c -> c.gauges().repairs().observed().getOrDefault(kind, 0L))
          .tag("action", kind.word())
          .description("Repairs that this node would have decided if it were not to observe only")
          .register(registry);
      FunctionCounter.builder(
              "skein.repairs.undone",
              core,
              c -> c.gauges().repairs().undone().getOrDefault(kind, 0L))
          .tag("action", kind.word())
          .description("Repairs of this node that made things worse and were undone")
          .register(registry);
    }
    for (Outcome outcome : Outcome.values()) {
      FunctionCounter.builder(
              "skein.repairs.measured",
              core,
              c -> c.gauges().repairs().measured().getOrDefault(outcome, 0L))
          .tag("outcome", outcome.word())
          .description("Repairs of all nodes by what came of them")
          .register(registry);
    }
    for (String kind : Diagnosis.KINDS) {
      Gauge.builder("skein.diagnoses", core, c -> c.gauges().diagnoses().getOrDefault(kind, 0))
          .tag("kind", kind)
          .description("What this node finds wrong now")
          .register(registry);
    }
    Gauge.builder("skein.patience", core, c -> c.gauges().patience())
        .description(
            "By how much this node multiplies its patience with others, because it doubts its own"
                + " senses; 1 if it does not")
        .register(registry);
  }

  /// Shows relayed connections and certificates as well.
  ///
  /// @param tls that of the listeners which speak it
  public void relays(ProxyMetrics metrics, Supplier<List<ServerTls>> tls) {
    registry.getPrometheusRegistry().register(new RelayCollector(metrics, tls));
  }

  /// Shows what became of spans as well.
  public void spans(Tracer tracer) {
    FunctionCounter.builder("skein.spans.lost", tracer, Tracer::lost)
        .description("Spans lost: too many waited, or the collector did not take them")
        .register(registry);
  }

  /// Shows what protects services as well.
  ///
  /// @param routeLimits rate limits by route
  public void resilience(
      Supplier<RouteTable> routes, Supplier<Map<String, List<RateLimit>>> routeLimits) {
    registry.getPrometheusRegistry().register(new ResilienceCollector(routes, routeLimits));
  }

  /// Shows what the node may run out of as well.
  ///
  /// @param pressure of a resource
  /// @param step what is given up
  @SuppressWarnings("EnumOrdinal") // the steps are a scale
  public void overload(
      Iterable<String> resources, ToDoubleFunction<String> pressure, Supplier<Step> step) {
    for (String resource : resources) {
      Gauge.builder("skein.overload.pressure", resource, pressure)
          .tag("resource", resource)
          .description("Share of what there is that is in use")
          .strongReference(true)
          .register(registry);
    }
    Gauge.builder("skein.overload.step", step, s -> s.get().ordinal())
        .description(
            "0 everything as usual, 1 no keep-alive, 2 sheddable requests are refused,"
                + " 3 only critical ones are served, 4 none")
        .strongReference(true)
        .register(registry);
  }

  /// Shows where the start's time went as well.
  ///
  /// @param seconds from the begin of the process to the end of each part
  public void start(Map<String, Double> seconds) {
    seconds.forEach((stage, end) ->
        Gauge.builder("skein.start", () -> end)
            .tag("stage", stage)
            .baseUnit("seconds")
            .description("Seconds from the begin of the process to the end of a part of its start")
            .register(registry));
  }

  /// Shows a copy of the directory as well.
  public void directory(CatalogueDirectory copy) {
    Gauge.builder("skein.directory.entries", copy, c -> c.counters().entries())
        .description("Entries of this node's copy of the directory")
        .register(registry);
    FunctionCounter.builder("skein.directory.dropped", copy, c -> c.counters().dropped())
        .description("Changes that were not written to the directory; the audit brings them")
        .register(registry);
    FunctionCounter.builder("skein.directory.audits", copy, c -> c.counters().audits())
        .description("Comparisons of the directory with the ledger")
        .register(registry);
    for (String kind : copy.counters().repairs().keySet()) {
      FunctionCounter.builder(
              "skein.directory.repairs", copy, c -> c.counters().repairs().getOrDefault(kind, 0L))
          .tag("kind", kind)
          .description("Entries of this node's copy of the directory put right from the ledger")
          .register(registry);
    }
  }

  /// Shows receipts as well.
  public void receipts(ReceiptBook book) {
    FunctionCounter.builder("skein.receipts.lost", book, ReceiptBook::lost)
        .description("Receipts lost because their event loop's ring was full")
        .register(registry);
    Gauge.builder("skein.receipts.kept", book, b -> b.counts().kept())
        .description("Receipts that can be asked for")
        .register(registry);
    Gauge.builder("skein.receipts.bytes", book, b -> b.counts().bytes())
        .description("Bytes of memory that receipts take")
        .register(registry);
    FunctionCounter.builder("skein.receipts.forgotten", book, b -> b.counts().outOfTime())
        .tag("reason", "age")
        .description("Receipts that were kept and are no more")
        .register(registry);
    FunctionCounter.builder("skein.receipts.forgotten", book, b -> b.counts().outOfBudget())
        .tag("reason", "budget")
        .description("Receipts that were kept and are no more")
        .register(registry);
  }

  /// All metrics as they are now.
  public MetricSnapshots readings() {
    return registry.getPrometheusRegistry().scrape();
  }

  /// All metrics in Prometheus' text format.
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbage.ifPresent(JvmGcMetrics::close);
    registry.close();
  }
}

package io.skein.app.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Prometheus' model of a reading in OpenTelemetry's: the names, labels and values that `/metrics`
/// shows, cumulative since the process began. What has no counterpart there is left out.
///
/// @param resource the node
/// @param startNanos when the process began, in nanoseconds of the Unix epoch
record MetricPoints(Resource resource, long startNanos) {
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.skein");

  /// @param nowNanos when it was read, in nanoseconds of the Unix epoch
  Optional<MetricData> of(MetricSnapshot reading, long nowNanos) {
    MetricMetadata about = reading.getMetadata();
    return switch (reading) {
      case CounterSnapshot counter ->
          Optional.of(
              new Told(
                  this,
                  about,
                  MetricDataType.DOUBLE_SUM,
                  SumData.createDoubleSumData(
                      true,
                      AggregationTemporality.CUMULATIVE,
                      all(counter.getDataPoints(), it -> number(it, it.getValue(), nowNanos)))));
      case GaugeSnapshot gauge ->
          Optional.of(
              new Told(
                  this,
                  about,
                  MetricDataType.DOUBLE_GAUGE,
                  GaugeData.createDoubleGaugeData(
                      all(gauge.getDataPoints(), it -> number(it, it.getValue(), nowNanos)))));
      case HistogramSnapshot histogram ->
          Optional.of(
              new Told(
                  this,
                  about,
                  MetricDataType.HISTOGRAM,
                  HistogramData.create(
                      AggregationTemporality.CUMULATIVE,
                      all(histogram.getDataPoints(), it -> buckets(it, nowNanos)))));
      case SummarySnapshot summary ->
          Optional.of(
              new Told(
                  this,
                  about,
                  MetricDataType.SUMMARY,
                  SummaryData.create(all(summary.getDataPoints(), it -> sum(it, nowNanos)))));
      default -> Optional.empty();
    };
  }

  private static <P extends DataPointSnapshot, Q> List<Q> all(List<P> points, Function<P, Q> each) {
    return points.stream().map(each).toList();
  }

  private DoublePointData number(DataPointSnapshot point, double value, long nowNanos) {
    return DoublePointData.create(startNanos, nowNanos, attributes(point), value, List.of());
  }

  private HistogramPointData buckets(
      HistogramSnapshot.HistogramDataPointSnapshot point, long nowNanos) {
    List<Double> bounds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
      if (bucket.getUpperBound() < Double.POSITIVE_INFINITY) {
        bounds.add(bucket.getUpperBound());
      }
      counts.add(bucket.getCount());
    }
    return HistogramPointData.create(
        startNanos,
        nowNanos,
        attributes(point),
        point.hasSum() ? point.getSum() : 0,
        false,
        0,
        false,
        0,
        bounds,
        counts);
  }

  private SummaryPointData sum(SummarySnapshot.SummaryDataPointSnapshot point, long nowNanos) {
    return SummaryPointData.create(
        startNanos, nowNanos, attributes(point), point.getCount(), point.getSum(), List.of());
  }

  private static Attributes attributes(DataPointSnapshot point) {
    AttributesBuilder attributes = Attributes.builder();
    for (Label label : point.getLabels()) {
      attributes.put(label.getName(), label.getValue());
    }
    return attributes.build();
  }

  /// One metric as the exporter wants it.
  private record Told(MetricPoints from, MetricMetadata about, MetricDataType type, Data<?> data)
      implements MetricData {
    @Override
    public Resource getResource() {
      return from.resource();
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return SCOPE;
    }

    @Override
    public String getName() {
      return about.getPrometheusName();
    }

    @Override
    public String getDescription() {
      return Optional.ofNullable(about.getHelp()).orElse("");
    }

    @Override
    public String getUnit() {
      return Optional.ofNullable(about.getUnit()).map(Unit::toString).orElse("");
    }

    @Override
    public MetricDataType getType() {
      return type;
    }

    @Override
    public Data<?> getData() {
      return data;
    }
  }
}

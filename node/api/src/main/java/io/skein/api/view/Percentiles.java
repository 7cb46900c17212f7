package io.skein.api.view;

/// Latency in milliseconds; NaN if nothing was measured.
///
/// @param p50 median
/// @param p99 99th percentile
public record Percentiles(double p50, double p99) {
  /// Nothing was measured.
  public static final Percentiles NONE = new Percentiles(Double.NaN, Double.NaN);
}

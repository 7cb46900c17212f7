package io.skein.api.view;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A forecast for one subject.
///
/// @param subject an endpoint's or a node's id
/// @param name for people
/// @param unit of the values, such as `requests/s`
/// @param now the value now; NaN if unknown
/// @param horizons by rising distance
/// @param model that made it
/// @param accuracy share of past values that fell into the band of 10 to 90 %; empty if unknown
/// @param ceiling value at which capacity ends; empty if unknown
/// @param breach if the ceiling is in sight
public record ForecastView(
    String subject,
    String name,
    String unit,
    double now,
    List<Horizon> horizons,
    String model,
    OptionalDouble accuracy,
    OptionalDouble ceiling,
    Optional<Breach> breach) {
  public ForecastView {
    horizons = List.copyOf(horizons);
  }

  /// Quantiles at one distance; NaN for a quantile the model does not give.
  ///
  /// @param seconds ahead
  public record Horizon(int seconds, double p10, double p50, double p90) {}

  /// Capacity runs out.
  ///
  /// @param probability 0 to 1
  /// @param leadSeconds until then
  public record Breach(double probability, double leadSeconds) {}
}

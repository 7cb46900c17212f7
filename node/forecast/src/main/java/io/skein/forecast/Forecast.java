package io.skein.forecast;

import java.util.List;
import java.util.OptionalDouble;

/// A prediction for one subject.
///
/// @param subject what is predicted: an endpoint, a node, a service
/// @param unit unit of the values, such as `requests/s`
/// @param horizons nearest first
/// @param model name of the model, such as `holt-damped`
/// @param accuracy error of the medians predicted for the middle horizon over the last minutes: sum
///   of |actual − median| ÷ sum of |actual| (WAPE): 0 is perfect; empty until known
public record Forecast(
    String subject, String unit, List<Horizon> horizons, String model, OptionalDouble accuracy) {
  public Forecast {
    horizons = List.copyOf(horizons);
  }
}

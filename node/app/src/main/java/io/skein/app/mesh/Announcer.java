package io.skein.app.mesh;

import io.skein.app.rumor.Forecasts;
import io.skein.app.rumor.Load;
import io.skein.app.traffic.TrafficHistory;
import io.skein.forecast.Forecast;
import io.skein.forecast.HoltConfig;
import io.skein.forecast.HoltForecaster;
import io.skein.forecast.Horizon;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalDouble;

/// This node's own load, second by second: measures it, forecasts it, and says both as rumors.
/// Confined to the mesh thread.
final class Announcer {
  private static final int RATE_SECONDS = 3;

  private final TrafficHistory traffic;
  private final HoltForecaster forecaster = new HoltForecaster(HoltConfig.DEFAULT);
  private double requestsPerSecond;
  private double utilisation;

  Announcer(TrafficHistory traffic) {
    this.traffic = traffic;
  }

  /// A second ended.
  void second() {
    long last = 0;
    long recent = 0;
    for (String endpoint : traffic.endpoints()) {
      List<TrafficHistory.Point> points = traffic.points(endpoint, RATE_SECONDS);
      for (TrafficHistory.Point point : points) {
        recent += point.requests();
      }
      last += points.isEmpty() ? 0 : points.getLast().requests();
    }
    requestsPerSecond = recent / (double) RATE_SECONDS;
    forecaster.observe(last);
    utilisation = measuredUtilisation();
  }

  /// Requests per second over the last seconds.
  double requestsPerSecond() {
    return requestsPerSecond;
  }

  Load load(int inFlight) {
    return new Load(
        Math.round(requestsPerSecond * 1_000), inFlight, (int) (utilisation * 1_000_000));
  }

  /// Busy share of this process's processors over the last second, 0 to 1.
  double utilisation() {
    return utilisation;
  }

  private static double measuredUtilisation() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      return Math.clamp(system.getProcessCpuLoad(), 0, 1);
    }
    return 0;
  }

  Forecasts forecasts() {
    Forecast forecast = forecaster.forecast("self", "requests/s");
    return new Forecasts(
        Math.round(requestsPerSecond * 1_000),
        forecast.horizons().stream().map(Announcer::milli).toList(),
        micros(forecast.accuracy()));
  }

  private static Forecasts.Horizon milli(Horizon horizon) {
    return new Forecasts.Horizon(
        horizon.seconds(),
        Math.round(horizon.p10() * 1_000),
        Math.round(horizon.p50() * 1_000),
        Math.round(horizon.p90() * 1_000));
  }

  private static long micros(OptionalDouble error) {
    return error.isEmpty() ? -1 : Math.round(Math.min(1, error.getAsDouble()) * 1_000_000);
  }
}

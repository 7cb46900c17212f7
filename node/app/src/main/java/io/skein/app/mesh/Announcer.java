package io.skein.app.mesh;

import io.skein.app.rumor.Forecasts;
import io.skein.app.rumor.Load;
import io.skein.app.traffic.TrafficHistory;
import io.skein.forecast.Contest;
import io.skein.forecast.Forecast;
import io.skein.forecast.HoltConfig;
import io.skein.forecast.Horizon;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalDouble;

/// This node's own load, second by second: measures it, forecasts it, and says both as rumors.
/// Confined to the mesh thread.
final class Announcer {
  private static final int RATE_SECONDS = 3;
  // In a container their number may change while the node runs.
  private static final int PROCESSORS_SECONDS = 10;

  private final TrafficHistory traffic;
  private final Contest contest = new Contest(HoltConfig.DEFAULT);
  private double requestsPerSecond;
  private double utilisation;
  private int processors = 1;
  private long seconds;
  private long lookedNanos;
  private long usedNanos;

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
    contest.observe(last);
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

  // The platform's own getProcessCpuLoad reads a dozen files for the same answer.
  private double measuredUtilisation() {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system)) {
      return 0;
    }
    if (seconds++ % PROCESSORS_SECONDS == 0) {
      processors = system.getAvailableProcessors();
    }
    long now = System.nanoTime();
    long used = system.getProcessCpuTime();
    double share =
        now <= lookedNanos ? 0 : (used - usedNanos) / ((double) processors * (now - lookedNanos));
    boolean first = lookedNanos == 0;
    lookedNanos = now;
    usedNanos = used;
    return first ? 0 : Math.clamp(share, 0, 1);
  }

  /// The models of its forecasts.
  Contest contest() {
    return contest;
  }

  Forecasts forecasts() {
    Forecast forecast = contest.forecast("self", "requests/s");
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

package io.skein.api.view;

import java.util.List;

/// Traffic of this node's listeners over the last minutes.
///
/// Whole seconds only: the newest point is the last second that has ended.
///
/// @param fromSecond Unix second of the first point of every series
/// @param stepSeconds distance of points: 1
/// @param total of all services asked for
/// @param services in the catalogue's order
public record TrafficView(long fromSecond, int stepSeconds, Series total, List<Service> services) {
  public TrafficView {
    services = List.copyOf(services);
  }

  /// One service.
  public record Service(String service, Series total, List<Endpoint> endpoints) {
    public Service {
      endpoints = List.copyOf(endpoints);
    }
  }

  /// One endpoint.
  public record Endpoint(String endpoint, Series series) {}

  /// Columns of equal length, oldest first. Latency is NaN in a second without requests.
  ///
  /// @param requests ended in each second
  /// @param failures of those
  /// @param p50Ms median latency
  /// @param p99Ms 99th percentile
  public record Series(
      List<Integer> requests, List<Integer> failures, List<Double> p50Ms, List<Double> p99Ms) {
    public Series {
      requests = List.copyOf(requests);
      failures = List.copyOf(failures);
      p50Ms = List.copyOf(p50Ms);
      p99Ms = List.copyOf(p99Ms);
    }
  }
}

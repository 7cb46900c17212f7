package io.skein.app.mesh;

import io.skein.api.view.TrafficView;
import io.skein.app.traffic.TrafficHistory.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Turns points of endpoints into the columns of a time series.
final class Columns {
  private Columns() {}

  /// The sum of several series, second by second; latency is the slowest endpoint's, since
  /// quantiles of different endpoints cannot be added.
  static List<Point> sum(List<List<Point>> series, int seconds) {
    Map<Long, Point> bySecond = new TreeMap<>();
    for (List<Point> points : series) {
      for (Point point : points) {
        bySecond.merge(
            point.second(),
            point,
            (a, b) ->
                new Point(
                    a.second(),
                    a.good() + b.good(),
                    a.bad() + b.bad(),
                    a.failed() + b.failed(),
                    Math.max(a.p50Micros(), b.p50Micros()),
                    Math.max(a.p99Micros(), b.p99Micros())));
      }
    }
    List<Point> all = new ArrayList<>(bySecond.values());
    return all.subList(Math.max(0, all.size() - seconds), all.size());
  }

  static TrafficView.Series of(List<Point> points) {
    List<Integer> requests = new ArrayList<>();
    List<Integer> failures = new ArrayList<>();
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    for (Point point : points) {
      requests.add((int) point.requests());
      failures.add((int) point.failed());
      boolean any = point.requests() > 0;
      p50.add(any ? point.p50Micros() / 1_000.0 : Double.NaN);
      p99.add(any ? point.p99Micros() / 1_000.0 : Double.NaN);
    }
    return new TrafficView.Series(requests, failures, p50, p99);
  }
}

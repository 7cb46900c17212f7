package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.api.view.TrafficView;
import io.skein.app.traffic.TrafficHistory.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ColumnsTest {
  @Test
  void sumsCountsAndTakesTheSlowestLatencySecondBySecond() {
    List<Point> sum =
        Columns.sum(
            List.of(
                List.of(new Point(10, 5, 1, 1, 200, 900), new Point(11, 2, 0, 0, 100, 100)),
                List.of(new Point(9, 1, 0, 0, 10, 20), new Point(10, 3, 2, 0, 300, 400))),
            600);
    assertEquals(
        List.of(
            new Point(9, 1, 0, 0, 10, 20),
            new Point(10, 8, 3, 1, 300, 900),
            new Point(11, 2, 0, 0, 100, 100)),
        sum);
  }

  @Test
  void keepsTheNewestSeconds() {
    List<Point> one = List.of(new Point(1, 1, 0, 0, 1, 1), new Point(2, 2, 0, 0, 1, 1));
    assertEquals(List.of(new Point(2, 2, 0, 0, 1, 1)), Columns.sum(List.of(one), 1));
    assertEquals(one, Columns.sum(List.of(one), 5));
    assertEquals(List.of(), Columns.sum(List.of(), 5));
  }

  @Test
  void aSecondWithoutRequestsHasNoLatency() {
    TrafficView.Series series =
        Columns.of(List.of(new Point(1, 3, 1, 1, 1_500, 20_000), new Point(2, 0, 0, 0, 0, 0)));
    assertEquals(List.of(4, 0), series.requests());
    assertEquals(List.of(1, 0), series.failures());
    assertEquals(List.of(1.5, Double.NaN), series.p50Ms());
    assertEquals(List.of(20.0, Double.NaN), series.p99Ms());
  }
}

package io.skein.app.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.app.traffic.TrafficHistory.Point;
import io.skein.app.traffic.TrafficHistory.Stretch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class TrafficHistoryTest {
  private static final long MILLISECOND = 1_000_000;

  private final TrafficHistory history = new TrafficHistory();

  @Test
  void eachSecondHoldsWhatCameSinceTheOneBefore() {
    good("web/a", 3);
    history.second(100);
    history.second(101);
    good("web/a", 2);
    history.meter("web/a").record(MILLISECOND, true, false);
    history.second(102);

    List<Point> points = history.points("web/a", 10);
    assertEquals(List.of(100L, 101L, 102L), points.stream().map(Point::second).toList());
    assertEquals(List.of(3L, 0L, 3L), points.stream().map(Point::requests).toList());
    assertEquals(1, points.getLast().failed());
    assertEquals(0, points.get(1).p50Micros());
    assertTrue(points.getFirst().p99Micros() >= 1_000);
    assertEquals(points.subList(1, 3), history.points("web/a", 2));
    assertEquals(List.of(), history.points("web/b", 10));
  }

  @Test
  void keepsTenMinutes() {
    for (int second = 0; second < TrafficHistory.SECONDS + 20; second++) {
      good("web/a", 1);
      history.second(second);
    }
    List<Point> points = history.points("web/a", 10_000);
    assertEquals(TrafficHistory.SECONDS, points.size());
    assertEquals(20, points.getFirst().second());
    assertEquals(TrafficHistory.SECONDS, history.requests("web/a"));
    assertEquals(0, history.requests("web/b"));
  }

  @Test
  void sumsTheNewestSecondsOfSeveralEndpoints() {
    for (int second = 0; second < 15; second++) {
      good("web/a", 1);
      good("web/b", 2);
      history.second(second);
    }
    assertEquals(6, history.recent(List.of("web/a", "web/b", "web/none"), 2).requests());
    assertEquals(1, history.recent(List.of("web/a"), 1).requests());
    assertEquals(TrafficHistory.RECENT_SECONDS, history.recent(List.of("web/a"), 100).requests());
    assertEquals(new Stretch(0, 0, 0, 0, 0), history.recent(List.of(), 5));
  }

  @Test
  void eachReaderHasItsOwnDifferences() {
    TrafficHistory.Window one = history.window();
    good("web/a", 2);
    TrafficHistory.Window other = history.window();
    assertEquals(2, taken(one).good());
    assertEquals(Map.of(), one.take());
    good("web/a", 1);
    assertEquals(1, taken(one).good());
    assertEquals(3, taken(other).good());
  }

  @Test
  void forgetsEndpointsThatAreNoLongerWanted() {
    TrafficHistory.Window window = history.window();
    good("web/a", 2);
    good("web/b", 2);
    history.second(1);
    window.take();
    history.retain(Set.of("web/b"));
    assertEquals(List.of("web/b"), history.endpoints());
    assertEquals(List.of(), history.points("web/a", 10));

    // One of the same name begins from nothing, for every reader.
    history.second(2);
    window.take();
    good("web/a", 1);
    history.second(3);
    assertEquals(1, history.points("web/a", 10).getLast().requests());
    assertEquals(1, taken(window).requests());
  }

  @Test
  void oneEndpointHasOneMeter() {
    assertSame(history.meter("web/a"), history.meter("web/a"));
  }

  @Test
  void nothingIsLostOrCountedTwiceBetweenSeconds() throws InterruptedException {
    int requests = 50_000;
    CountDownLatch start = new CountDownLatch(1);
    Thread traffic =
        Thread.ofPlatform()
            .start(() -> {
              try {
                start.await();
              } catch (InterruptedException e) {
                return;
              }
              for (int i = 0; i < requests; i++) {
                history.meter("web/a").record(MILLISECOND, i % 5 == 0, false);
              }
            });
    start.countDown();
    int second = 0;
    while (second < TrafficHistory.SECONDS - 1 && traffic.isAlive()) {
      history.second(second++);
    }
    traffic.join();
    history.second(second);
    List<Point> points = history.points("web/a", TrafficHistory.SECONDS);
    assertEquals(requests * 4L / 5, points.stream().mapToLong(Point::good).sum());
    assertEquals(requests / 5L, points.stream().mapToLong(Point::failed).sum());
  }

  private static Stretch taken(TrafficHistory.Window window) {
    return Optional.ofNullable(window.take().get("web/a")).orElseThrow();
  }

  private void good(String endpoint, int requests) {
    for (int i = 0; i < requests; i++) {
      history.meter(endpoint).record(MILLISECOND, false, false);
    }
  }
}

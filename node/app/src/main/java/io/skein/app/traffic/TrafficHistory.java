package io.skein.app.traffic;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The last ten minutes of every endpoint, second by second. Any thread; [#meter], which the
/// request path calls, takes no lock, everything else a short one.
public final class TrafficHistory {
  /// Seconds kept.
  public static final int SECONDS = 600;

  /// Seconds over which [#recent] can sum up.
  public static final int RECENT_SECONDS = 10;

  /// Endpoints metered at most; the catalogue of a cell is far below.
  private static final int MAX_ENDPOINTS = 10_000;

  private final Map<String, EndpointMeter> meters = new ConcurrentHashMap<>();
  private final Map<String, Series> series = new TreeMap<>();
  private final EndpointMeter overflow = new EndpointMeter();

  private static final class Series {
    private EndpointMeter.Reading last = EndpointMeter.Reading.ZERO;
    private final Deque<Point> points = new ArrayDeque<>();
    private final Deque<EndpointMeter.Reading> recent = new ArrayDeque<>();
  }

  /// One second of one endpoint.
  ///
  /// @param second Unix time in seconds
  /// @param good answered well and in time
  /// @param bad failed or slow
  /// @param failed of those, failed
  /// @param p50Micros median latency, 0 without requests
  /// @param p99Micros 99th percentile of latency
  public record Point(
      long second, long good, long bad, long failed, long p50Micros, long p99Micros) {
    /// Requests in this second.
    public long requests() {
      return good + bad;
    }
  }

  /// A stretch of time of one endpoint.
  public record Stretch(long good, long bad, long failed, long p50Micros, long p99Micros) {
    /// Requests in the stretch.
    public long requests() {
      return good + bad;
    }

    static Stretch of(EndpointMeter.Reading reading) {
      return new Stretch(
          reading.good(),
          reading.bad(),
          reading.failed(),
          reading.quantileMicros(0.5),
          reading.quantileMicros(0.99));
    }
  }

  /// The meter of an endpoint, made at its first use.
  public EndpointMeter meter(String endpoint) {
    EndpointMeter meter = meters.get(endpoint);
    if (meter != null) {
      return meter;
    }
    return meters.size() < MAX_ENDPOINTS
        ? meters.computeIfAbsent(endpoint, _ -> new EndpointMeter())
        : overflow;
  }

  /// Closes a second.
  public synchronized void second(long unixSecond) {
    for (Map.Entry<String, EndpointMeter> entry : meters.entrySet()) {
      Series one = series.computeIfAbsent(entry.getKey(), _ -> new Series());
      EndpointMeter.Reading now = entry.getValue().read();
      EndpointMeter.Reading difference = now.minus(one.last);
      one.last = now;
      one.points.addLast(
          new Point(
              unixSecond,
              difference.good(),
              difference.bad(),
              difference.failed(),
              difference.quantileMicros(0.5),
              difference.quantileMicros(0.99)));
      one.recent.addLast(difference);
      if (one.recent.size() > RECENT_SECONDS) {
        one.recent.removeFirst();
      }
      if (one.points.size() > SECONDS) {
        one.points.removeFirst();
      }
    }
  }

  /// Endpoints that ever had traffic here.
  public synchronized List<String> endpoints() {
    return List.copyOf(series.keySet());
  }

  /// The newest `seconds` points of an endpoint, oldest first.
  public synchronized List<Point> points(String endpoint, int seconds) {
    Series one = series.get(endpoint);
    if (one == null) {
      return List.of();
    }
    List<Point> all = new ArrayList<>(one.points);
    return List.copyOf(all.subList(Math.max(0, all.size() - seconds), all.size()));
  }

  /// Requests of an endpoint in all seconds kept.
  public synchronized long requests(String endpoint) {
    Series one = series.get(endpoint);
    return one == null ? 0 : one.points.stream().mapToLong(Point::requests).sum();
  }

  /// What the endpoints did together over the newest `seconds`, at most [#RECENT_SECONDS].
  public synchronized Stretch recent(Collection<String> endpoints, int seconds) {
    EndpointMeter.Reading sum = EndpointMeter.Reading.ZERO;
    for (String endpoint : endpoints) {
      Series one = series.get(endpoint);
      if (one != null) {
        Iterator<EndpointMeter.Reading> newest = one.recent.descendingIterator();
        for (int i = 0; i < seconds && newest.hasNext(); i++) {
          sum = sum.plus(newest.next());
        }
      }
    }
    return Stretch.of(sum);
  }

  /// Forgets endpoints that are no longer wanted.
  public synchronized void retain(Set<String> endpoints) {
    meters.keySet().retainAll(endpoints);
    series.keySet().retainAll(endpoints);
  }

  /// Reads an endpoint's counters for a caller that keeps its own last reading.
  public Window window() {
    return new Window();
  }

  /// Differences between successive readings, for one reader.
  public final class Window {
    private final Map<String, EndpointMeter.Reading> last = new TreeMap<>();

    private Window() {}

    /// What each endpoint did since the previous call; endpoints without requests are left out.
    public Map<String, Stretch> take() {
      Map<String, Stretch> stretches = new TreeMap<>();
      for (Map.Entry<String, EndpointMeter> entry : meters.entrySet()) {
        EndpointMeter.Reading now = entry.getValue().read();
        EndpointMeter.Reading before =
            last.getOrDefault(entry.getKey(), EndpointMeter.Reading.ZERO);
        EndpointMeter.Reading difference = now.minus(before);
        last.put(entry.getKey(), now);
        if (difference.requests() > 0) {
          stretches.put(entry.getKey(), Stretch.of(difference));
        }
      }
      last.keySet().retainAll(meters.keySet());
      return stretches;
    }
  }
}

package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import java.util.Optional;

/// Reads what a node has counted since it started, from its metrics: the sum of one counter over
/// all that it is told apart by.
final class CounterReader implements Client {
  private static final long PAUSE_MILLIS = 500;
  private static final String LIFE = "process_start_time_seconds";
  private static final List<String> COUNTERS =
      List.of(
          "skein_http_requests_total",
          "skein_http_response_body_bytes_total",
          "skein_connections_accepted_total");

  private final Session session;
  private int next;

  CounterReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    String counter = COUNTERS.get(next++ % COUNTERS.size());
    session.invoke(Vocabulary.COUNTER, Json.of(counter));
    Optional<String> metrics =
        session.get("/metrics") instanceof Http.Answer(int code, String _, String body)
                && code == 200
            ? Optional.of(body)
            : Optional.empty();
    Optional<String> life = metrics.flatMap(text -> value(text, LIFE));
    if (life.isEmpty()) {
      session.fail(Vocabulary.COUNTER, Json.of(counter));
      return;
    }
    session.ok(
        Vocabulary.COUNTER,
        Json.object()
            .with("counter", counter)
            .with("life", life.get())
            .with("value", sum(metrics.get(), counter)));
  }

  private static Optional<String> value(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length()).strip())
        .findFirst();
  }

  /// Of all lines of that name, with labels or without.
  static long sum(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

/// Sets a few keys at one node that the clients of all nodes set too: services of the catalogue,
/// whose value is a duration in them.
final class Cataloguer extends Writer {
  /// Begin of the services' names.
  static final String SERVICES = "chaos-key-";

  /// Number of keys.
  static final int KEYS = 4;

  private static final long PAUSE_MILLIS = 1_500;

  private final Session session;
  private final SplittableRandom random;
  private final AtomicInteger values;

  /// @param values gives each put of the run a value of its own
  /// @param gate held while a put is under way
  Cataloguer(Session session, long seed, AtomicInteger values, Lock gate) {
    super(gate);
    this.session = session;
    this.random = new SplittableRandom(seed);
    this.values = values;
  }

  @Override
  void write() {
    String key = SERVICES + random.nextInt(KEYS);
    int value = values.incrementAndGet();
    Json put = Json.object().with("key", key).with("value", value);
    Json body =
        Json.object()
            .with("policy", "round-robin")
            .with("path", "/" + key)
            .with("slowAfterMillis", value);
    session.invoke(Vocabulary.PUT, put);
    Http.Outcome outcome = session.put("/v1/services/" + key, body);
    if (outcome.good()) {
      session.ok(Vocabulary.PUT, put);
    } else {
      session.undone(Vocabulary.PUT, put, outcome);
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

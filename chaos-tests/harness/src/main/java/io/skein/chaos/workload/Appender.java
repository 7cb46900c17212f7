package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.concurrent.locks.Lock;

/// Appends records to the ledger at one node. A record is a change of a service of its own, which
/// nobody calls; the element is part of the path that the service answers to.
final class Appender extends Writer {
  /// Begin of the names of services whose records are elements.
  static final String SERVICES = "chaos-set-";

  /// Begin of the paths of such services.
  static final String PATHS = "/chaos-set/";

  private static final long PAUSE_MILLIS = 150;

  private final Session session;
  private final String run;
  private long number;
  private int life;

  /// @param run makes elements of different runs different
  /// @param gate held while an append is under way
  Appender(Session session, String run, Lock gate) {
    super(gate);
    this.session = session;
    this.run = run;
  }

  @Override
  void write() {
    number++;
    String node = session.target().name();
    String text = run + "." + node + "." + number;
    Json element = Json.of(text);
    Json body = Json.object().with("policy", "round-robin").with("path", PATHS + text);
    session.invoke(Vocabulary.APPEND, element);
    Http.Outcome outcome = session.put("/v1/services/" + SERVICES + node, body);
    if (outcome.good()) {
      // One client writes at a node, one append after the other: the order of its numbers is that
      // of the author's feed, as long as the node lives.
      session.ok(
          Vocabulary.APPEND,
          Json.object().with("element", text).with("feed", node + "/" + life).with("seq", number));
    } else {
      life++;
      session.undone(Vocabulary.APPEND, element, outcome);
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

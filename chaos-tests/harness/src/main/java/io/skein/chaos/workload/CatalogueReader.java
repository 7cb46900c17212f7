package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;

/// Looks up at one node, in turn, the keys that [Cataloguer]s set.
final class CatalogueReader implements Client {
  private static final long PAUSE_MILLIS = 600;

  private final Session session;
  private int next;

  CatalogueReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    String key = Cataloguer.SERVICES + next++ % Cataloguer.KEYS;
    session.invoke(Vocabulary.LOOKUP, Json.of(key));
    Http.Outcome outcome = session.get("/v1/services/" + key);
    if (outcome.status() == 200) {
      session.ok(
          Vocabulary.LOOKUP,
          Json.object().with("key", key).with("value", outcome.json().member("slowAfterMillis")));
    } else if (outcome.status() == 404) {
      session.ok(Vocabulary.LOOKUP, Json.object().with("key", key).with("value", Json.NOTHING));
    } else {
      session.fail(Vocabulary.LOOKUP, Json.of(key));
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

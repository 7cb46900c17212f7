package io.skein.chaos.workload;

import io.skein.chaos.driver.Http;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;

/// Reads which records a node holds and which reputation it derived from them, as roots.
final class RootsReader implements Client {
  private static final long PAUSE_MILLIS = 700;

  private final Session session;

  RootsReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.ROOTS, Json.NOTHING);
    Http.Outcome outcome = session.get("/v1/reputation");
    Json seen = outcome.json();
    if (outcome.status() == 200) {
      session.ok(
          Vocabulary.ROOTS,
          Json.object()
              .with("heads", seen.text("headsRoot").orElse(""))
              .with("reputation", seen.text("repRoot").orElse("")));
    } else {
      session.fail(Vocabulary.ROOTS, Json.NOTHING);
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

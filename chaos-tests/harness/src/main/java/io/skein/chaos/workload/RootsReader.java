package io.skein.chaos.workload;

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
    session
        .ask("/v1/reputation", "headsRoot", "repRoot")
        .ifPresentOrElse(
            told ->
                session.ok(
                    Vocabulary.ROOTS,
                    Json.object()
                        .with("heads", told.member("headsRoot"))
                        .with("reputation", told.member("repRoot"))),
            () -> session.fail(Vocabulary.ROOTS, Json.NOTHING));
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;

/// Asks one node who decides about repairs of each endpoint, each service, and each node that is
/// gone.
final class OwnersReader implements Client {
  private static final long PAUSE_MILLIS = 500;

  private final Session session;

  OwnersReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.OWNERS, Json.NOTHING);
    session
        .ask("/v1/owners", "owners")
        .ifPresentOrElse(
            told -> session.ok(Vocabulary.OWNERS, Json.object().with("owners", owners(told))),
            () -> session.fail(Vocabulary.OWNERS, Json.NOTHING));
  }

  /// By kind and name of what is owned.
  static Json owners(Json answer) {
    Json.Members owners = Json.object();
    for (Json each : answer.member("owners").items()) {
      String key = each.text("subjectKind").orElse("") + " " + each.text("subjectName").orElse("");
      owners = owners.with(key, each.member("owner"));
    }
    return owners;
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.Optional;
import java.util.TreeSet;

/// Asks one node whom it holds alive.
final class MembersReader implements Client {
  private static final long PAUSE_MILLIS = 1_000;

  private final Session session;

  MembersReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.MEMBERS, Json.NOTHING);
    Optional<Json> told = session.ask("/v1/members", "members");
    if (told.isEmpty()) {
      session.fail(Vocabulary.MEMBERS, Json.NOTHING);
      return;
    }
    TreeSet<String> alive = new TreeSet<>();
    for (Json member : told.get().member("members").items()) {
      if (member.text("state").orElse("").equals("alive")) {
        alive.add(member.text("name").orElse(""));
      }
    }
    session.ok(Vocabulary.MEMBERS, Json.object().with("alive", Json.strings(alive)));
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

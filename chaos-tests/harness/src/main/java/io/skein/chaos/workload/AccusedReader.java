package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.Optional;
import java.util.TreeSet;

/// Asks one node whose feeds it has frozen: nobody's, since nobody cheats.
final class AccusedReader implements Client {
  private static final long PAUSE_MILLIS = 2_000;
  private static final String FROZEN = "frozen";

  private final Session session;

  AccusedReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.ACCUSED, Json.NOTHING);
    Optional<Json> told = session.ask("/v1/ledger/heads", "heads");
    if (told.isEmpty()) {
      session.fail(Vocabulary.ACCUSED, Json.NOTHING);
      return;
    }
    TreeSet<String> accused = new TreeSet<>();
    for (Json head : told.get().member("heads").items()) {
      if (head.text("state").orElse("").equals(FROZEN)) {
        accused.add(head.text("name").orElse(""));
      }
    }
    session.ok(Vocabulary.ACCUSED, Json.object().with("nodes", Json.strings(accused)));
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

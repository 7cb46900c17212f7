package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads what was repaired at one node, each repair once, and whom the node holds alive.
final class RepairsReader implements Client {
  private static final long PAUSE_MILLIS = 2_000;
  private static final String NEWEST = "/v1/healing?limit=200";

  private final Session session;
  private final Set<String> told = new HashSet<>();

  RepairsReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.REPAIRS, Json.NOTHING);
    Optional<Json> members = session.ask("/v1/members", "members");
    Optional<Json> healing = session.ask(NEWEST, "actions");
    if (members.isPresent() && healing.isPresent()) {
      session.ok(Vocabulary.REPAIRS, seen(members.get(), healing.get(), told));
    } else {
      session.fail(Vocabulary.REPAIRS, Json.NOTHING);
    }
  }

  /// What is written down.
  ///
  /// @param told the ids of repairs that were given before; gets those that are given now
  static Json seen(Json members, Json healing, Set<String> told) {
    TreeSet<String> alive = new TreeSet<>();
    for (Json member : members.member("members").items()) {
      if (member.text("state").orElse("").equals("alive")) {
        alive.add(member.text("name").orElse(""));
      }
    }
    List<Json> repairs = new ArrayList<>();
    for (Json action : healing.member("actions").items()) {
      if (told.add(action.text("id").orElse(""))) {
        repairs.add(
            Json.object()
                .with("id", action.member("id"))
                .with("at", action.member("at"))
                .with("diagnosis", action.member("diagnosis"))
                .with("action", action.member("action"))
                .with("subject", action.member("subjectName"))
                .with("kind", action.member("subjectKind"))
                .with("by", action.member("by")));
      }
    }
    return Json.object()
        .with("alive", Json.strings(alive))
        .with("repairs", new Json.Items(repairs));
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

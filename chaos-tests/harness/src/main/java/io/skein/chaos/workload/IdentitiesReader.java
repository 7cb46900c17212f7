package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Asks one node which identities it holds for living members, and how far invites are used up.
final class IdentitiesReader implements Client {
  private static final long PAUSE_MILLIS = 1_000;

  private final Session session;

  IdentitiesReader(Session session) {
    this.session = session;
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.IDENTITIES, Json.NOTHING);
    Optional<Json> members = session.ask("/v1/members", "members");
    Optional<Json> invites = session.ask("/v1/invites", "invites");
    if (members.isPresent() && invites.isPresent()) {
      session.ok(Vocabulary.IDENTITIES, seen(members.get(), invites.get()));
    } else {
      session.fail(Vocabulary.IDENTITIES, Json.NOTHING);
    }
  }

  /// What is compared: of an invite nothing that its age decides.
  static Json seen(Json members, Json invites) {
    TreeSet<String> alive = new TreeSet<>();
    for (Json member : members.member("members").items()) {
      if (member.text("state").orElse("").equals("alive")) {
        alive.add(member.text("id").orElse(""));
      }
    }
    Map<String, Json> held = new TreeMap<>();
    for (Json invite : invites.member("invites").items()) {
      held.put(
          invite.text("inviteKey").orElse(""),
          Json.of(invite.member("used") + " of " + invite.member("uses")));
    }
    return Json.object().with("alive", Json.strings(alive)).with("invites", new Json.Members(held));
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.HashMap;
import java.util.Map;

/// What members call themselves, by their ids; asked for when first needed. Where the node does not
/// say, an id stands for itself.
final class PeerNames {
  private final Session session;
  private final Map<String, String> names = new HashMap<>();
  private boolean asked;

  PeerNames(Session session) {
    this.session = session;
  }

  String of(String id) {
    if (!asked) {
      asked = true;
      try {
        for (Json member : session.api().get("/v1/members").json().get("members").items()) {
          names.put(member.get("id").text(""), Figures.text(member.get("name")));
        }
      } catch (Failure _) {
        // Ids do as well.
      }
    }
    return names.getOrDefault(id, Figures.printable(id, 64));
  }
}

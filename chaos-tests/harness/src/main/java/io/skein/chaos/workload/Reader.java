package io.skein.chaos.workload;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the set at one node: what is new since its last reading, by the node's own cursor.
final class Reader implements Client {
  private static final long PAUSE_MILLIS = 1_000;
  private static final String SEARCH = "/v1/ledger/search?type=service&order=oldest&limit=1000";

  private final Session session;
  private final String prefix;
  private Optional<String> since = Optional.empty();
  private int given;

  /// @param run only elements of that run
  Reader(Session session, String run) {
    this.session = session;
    this.prefix = Appender.PATHS + run + ".";
  }

  @Override
  public void step() {
    session.invoke(Vocabulary.READ, Json.object().with("since", given));
    List<String> elements = new ArrayList<>();
    Optional<String> cursor = pages(since, elements);
    if (cursor.isEmpty()) {
      session.fail(Vocabulary.READ, Json.NOTHING);
      return;
    }
    session.ok(
        Vocabulary.READ,
        Json.object().with("since", given).with("elements", Json.strings(elements)));
    given += elements.size();
    since = cursor;
  }

  /// Reads everything anew.
  ///
  /// @return whether the node answered
  boolean readAll() {
    session.invoke(Vocabulary.READ, Json.NOTHING);
    List<String> elements = new ArrayList<>();
    if (pages(Optional.empty(), elements).isEmpty()) {
      session.fail(Vocabulary.READ, Json.NOTHING);
      return false;
    }
    session.ok(Vocabulary.READ, Json.object().with("elements", Json.strings(elements)));
    return true;
  }

  /// Reads page by page; the cursor behind the last one, or nothing if an answer was missing.
  private Optional<String> pages(Optional<String> start, List<String> elements) {
    Optional<String> cursor = start;
    while (true) {
      String from = cursor.map(text -> "&since=" + text).orElse("");
      Optional<Json> page = session.ask(SEARCH + from, "records", "since");
      if (page.isEmpty()) {
        return Optional.empty();
      }
      for (Json item : page.get().member("records").items()) {
        String path = item.member("body").text("path").orElse("");
        if (path.startsWith(prefix)) {
          elements.add(path.substring(Appender.PATHS.length()));
        }
      }
      cursor = page.get().text("since");
      if (cursor.isEmpty() || page.get().text("next").isEmpty()) {
        return cursor;
      }
    }
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}

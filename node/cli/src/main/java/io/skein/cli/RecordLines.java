package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.Locale;

/// Records one by one, as they come: a line each, in columns of fixed width, or as one JSON object
/// each.
final class RecordLines {
  private static final String FORM = "%-24s  %-16s  %8s  %-11s  %-13s  %s";

  private final Session session;
  private boolean headed;

  RecordLines(Session session) {
    this.session = session;
  }

  void show(Json record) {
    if (session.form() == Session.Form.JSON) {
      session.out().println(record.compact());
    } else {
      if (!headed) {
        headed = true;
        line("TIME", "AUTHOR", "SEQ", "TYPE", "STATE", "HASH");
      }
      String name = record.get("name").text("");
      line(
          Figures.text(record.get("at")),
          name.isEmpty() ? Figures.text(record.get("author")) : Figures.text(record.get("name")),
          Figures.text(record.get("seq")),
          Figures.text(record.get("type")),
          Figures.text(record.get("state")),
          session.hash(record.get("hash")));
    }
    session.out().flush();
  }

  private void line(Object... cells) {
    session.out().println(String.format(Locale.ROOT, FORM, cells));
  }
}

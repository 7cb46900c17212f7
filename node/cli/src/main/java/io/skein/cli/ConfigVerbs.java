package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Verbs about the configuration that a node runs with.
final class ConfigVerbs {
  private static final int MOST_SHOWN = 2_000;

  static final Verb RELOAD =
      new Verb(
          "reload",
          "",
          0,
          0,
          "Lets the node read its configuration file again and put it in force, all or nothing.",
          List.of(
              "skein reload --dry-run           # what would change",
              "skein reload                     # change it; no request fails",
              "skein reload -o json             # as data"),
          List.of(Option.flag("--dry-run", "tell only what would change")),
          ConfigVerbs::reload);

  static final Verb RUNNING =
      new Verb(
          "config running",
          "",
          0,
          0,
          "Shows what the node runs with, and where each value came from.",
          List.of(
              "skein config running             # what somebody has set",
              "skein config running -o wide     # defaults as well",
              "skein config running -o json"),
          List.of(),
          ConfigVerbs::running);

  private ConfigVerbs() {}

  private static ExitCode reload(Session session, Arguments arguments) {
    boolean dryRun = arguments.has("--dry-run");
    String path = dryRun ? "/v1/config/validate" : "/v1/config/reload";
    ApiClient.Answer answer = session.api().exchange("POST", path, Optional.empty());
    if (answer.status() == 200) {
      session.show(answer, ConfigVerbs::reloaded);
      return ExitCode.OK;
    }
    boolean told = answer.status() == 422 || answer.status() == 409;
    Json problem = told ? answer.json() : Json.NOTHING;
    boolean wrong = problem.get("code").text("").equals("invalid-configuration");
    boolean restart = problem.get("code").text("").equals("needs-restart");
    if (!wrong && !restart) {
      throw session.api().refusal(answer);
    }
    if (session.form() == Session.Form.JSON || session.form() == Session.Form.YAML) {
      session.show(answer, _ -> "");
    } else {
      List<Json> problems = problem.get("problems").items();
      for (Json each : problems) {
        each.get("shown")
            .text("")
            .lines()
            .forEach(line -> session.say(Figures.printable(line, MOST_SHOWN)));
      }
      session.say(
          (wrong ? problems.size() == 1 ? "1 error. " : problems.size() + " errors. " : "")
              + "Nothing was changed; the node runs on as it was.");
    }
    return wrong ? ExitCode.USAGE : ExitCode.CONFLICT;
  }

  private static String reloaded(Json json) {
    StringBuilder out = new StringBuilder();
    String outcome = json.get("outcome").text("");
    String file = json.get("file").text("");
    boolean looked = outcome.equals("would-apply");
    out.append(looked ? "would be applied over generation " : outcome + ", generation ");
    out.append(json.get("generation").text("-"));
    out.append(file.isEmpty() ? ", no file" : ", " + Figures.printable(file, MOST_SHOWN));
    out.append('\n');
    for (Json change : json.get("changes").items()) {
      line(out, change.get("text").text("") + note(change, json.get("listeners")));
    }
    List<Json> records = json.get("records").items();
    if (!records.isEmpty()) {
      out.append(looked ? "the catalogue would get:\n" : "the catalogue got:\n");
      for (Json record : records) {
        String hash = record.get("record").text("");
        line(
            out,
            record.get("change").text("")
                + " "
                + record.get("key").text("")
                + (hash.isEmpty() ? "" : "  " + hash.substring(0, Math.min(12, hash.length()))));
      }
    }
    if (json.get("kept") instanceof Json.Members(Map<String, Json> kept) && !kept.isEmpty()) {
      out.append("not removed, because others use it:\n");
      kept.forEach((key, why) -> line(out, key + ": " + why.text("")));
    }
    return out.toString();
  }

  /// What a line should say besides: where a new listener is, or that a change waits.
  private static String note(Json change, Json listeners) {
    if (change.get("effect").text("").equals("at-start")) {
      return " (only a start reads it)";
    }
    String key = change.get("key").text("");
    if (change.get("change").text("").equals("added") && key.matches("listeners\\[[^]]*]")) {
      String url = listeners.get(key.substring(10, key.length() - 1)).text("");
      return url.isEmpty() ? "" : ", " + url;
    }
    return "";
  }

  private static void line(StringBuilder out, String text) {
    out.append("  ").append(Figures.printable(text, MOST_SHOWN)).append('\n');
  }

  private static ExitCode running(Session session, Arguments arguments) {
    session.show(session.api().get("/v1/config"), json -> running(json, session.wide()));
    return ExitCode.OK;
  }

  private static String running(Json json, boolean all) {
    StringBuilder out = new StringBuilder();
    out.append("generation ").append(json.get("generation").text("-"));
    out.append(" since ").append(Figures.text(json.get("since")));
    String file = json.get("file").text("");
    out.append(file.isEmpty() ? ", no file" : ", " + Figures.printable(file, MOST_SHOWN));
    out.append('\n');
    Json last = json.get("lastReload");
    if (!last.isNothing()) {
      out.append("last reload ").append(Figures.text(last.get("at"))).append(": ");
      out.append(Figures.text(last.get("outcome"))).append(", ");
      out.append(Figures.text(last.get("detail"))).append('\n');
    }
    Table table = new Table("KEY", "VALUE", "FROM");
    for (Json value : json.get("values").items()) {
      if (all || !value.get("from").text("").equals("default")) {
        table.row(
            Figures.text(value.get("key")),
            Figures.text(value.get("value")),
            Figures.text(value.get("from")));
      }
    }
    return out.append(table.isEmpty() ? "all as by default\n" : table.render(false)).toString();
  }
}

package io.skein.cli;

import io.skein.cli.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// Verbs that show what the mesh expects, prepares and repairs, and how it judges.
final class ForesightVerbs {
  static final Verb FORECAST =
      new Verb(
          "forecast",
          "",
          0,
          0,
          "Shows the load ahead, with its band from 10 to 90 % when wide.",
          List.of(
              "skein forecast                   # medians ahead, and when capacity runs out",
              "skein forecast -o wide           # with bands, model and accuracy"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/forecast"), ForesightVerbs::forecast);
            return ExitCode.OK;
          });

  static final Verb SHADOWS =
      new Verb(
          "shadows",
          "",
          0,
          0,
          "Shows which nodes stand in for which.",
          List.of("skein shadows                    # one row a stand-in, the best first"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/shadows"), ForesightVerbs::shadows);
            return ExitCode.OK;
          });

  static final Verb HEALING =
      new Verb(
          "healing",
          "[ID]",
          0,
          1,
          "Shows what the mesh found broken and what it did, the newest first.",
          List.of(
              "skein healing                    # the last repairs",
              "skein healing -n 5 -o wide       # five, with evidence and record",
              "skein healing ID                 # one: evidence, what was expected, what was measured"),
          List.of(new Option("--limit", "-n", "N", false, "how many, 1 to 1000 (default 100)")),
          (session, arguments) -> {
            if (arguments.word(0).isPresent()) {
              String id = arguments.word(0).get();
              session.show(
                  session.api().get("/v1/healing/" + ApiClient.segment(id)),
                  ForesightVerbs::repair);
              return ExitCode.OK;
            }
            String limit = arguments.number("--limit", 1, 1_000).map(n -> "?limit=" + n).orElse("");
            session.show(session.api().get("/v1/healing" + limit), ForesightVerbs::healing);
            return ExitCode.OK;
          });

  static final Verb OWNERS =
      new Verb(
          "owners",
          "",
          0,
          0,
          "Shows which node decides about repairs of what, as the node asked sees it.",
          List.of(
              "skein owners                     # endpoints, services, nodes that are gone",
              "skein owners -o wide             # with how many nodes may decide, and ids",
              "skein owners --api URL           # as another node sees it: the same, but in a split"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/owners"), ForesightVerbs::owners);
            return ExitCode.OK;
          });

  static final Verb REPUTATION =
      new Verb(
          "reputation",
          "[SUBJECT]",
          0,
          1,
          "Shows scores of endpoints and nodes, and what they rest on.",
          List.of(
              "skein reputation                 # all scores",
              "skein reputation orders/eu-1     # one",
              "skein reputation --why orders/eu-1   # its raters, and what each of them saw",
              "skein reputation --history orders/eu-1   # window by window"),
          List.of(
              Option.flag("--why", "the raters and records behind the score of SUBJECT"),
              Option.flag("--history", "the score of SUBJECT at the end of each window")),
          ForesightVerbs::reputation);

  private ForesightVerbs() {}

  private static Table forecast(Json json, Session session) {
    List<Json> subjects = json.get("subjects").items();
    TreeSet<Integer> horizons = new TreeSet<>();
    for (Json subject : subjects) {
      for (Json horizon : subject.get("horizons").items()) {
        horizons.add((int) horizon.get("seconds").number());
      }
    }
    List<String> heads = new ArrayList<>(List.of("SUBJECT", "UNIT", "NOW"));
    horizons.forEach(seconds ->
        heads.add("+" + Figures.age(seconds).replace(".0", "").toUpperCase(Locale.ROOT)));
    heads.addAll(List.of("CEILING", "BREACH"));
    if (session.wide()) {
      heads.addAll(List.of("MODEL", "ACCURACY"));
    }
    Table table = new Table(heads);
    for (Json subject : subjects) {
      List<String> row = new ArrayList<>();
      row.add(Figures.text(Json.of(subject.get("name").text(subject.get("subject").text("")))));
      row.add(Figures.text(subject.get("unit")));
      row.add(Figures.quantity(subject.get("now")));
      for (int seconds : horizons) {
        row.add(horizon(subject, seconds, session.wide()));
      }
      row.add(Figures.quantity(subject.get("ceiling")));
      row.add(breach(subject.get("breach")));
      if (session.wide()) {
        row.add(Figures.text(subject.get("model")));
        row.add(Figures.percent(subject.get("accuracy")));
      }
      table.row(row);
    }
    return table;
  }

  private static String horizon(Json subject, int seconds, boolean wide) {
    for (Json horizon : subject.get("horizons").items()) {
      if ((int) horizon.get("seconds").number() == seconds) {
        String median = Figures.quantity(horizon.get("p50"));
        boolean band = !Double.isNaN(horizon.get("p10").number());
        return wide && band
            ? median
                + " ("
                + Figures.quantity(horizon.get("p10"))
                + "–"
                + Figures.quantity(horizon.get("p90"))
                + ")"
            : median;
      }
    }
    return Figures.UNKNOWN;
  }

  private static String breach(Json breach) {
    return breach.isNothing()
        ? Figures.UNKNOWN
        : Figures.percent(breach.get("probability"))
            + " in "
            + Figures.age(breach.get("leadSeconds").number());
  }

  private static Table shadows(Json json, Session session) {
    Table table = new Table("NODE", "SHADOW", "RTT", "HEADROOM", "AGE", "VALIDATED");
    for (Json assignment : json.get("assignments").items()) {
      for (Json shadow : assignment.get("shadows").items()) {
        boolean holds = shadow.get("ageMs").number() >= 0;
        table.row(
            Figures.text(assignment.get("node")),
            Figures.text(shadow.get("node")),
            Figures.millis(shadow.get("rttMs")),
            Figures.percent(shadow.get("headroom")),
            holds ? Figures.millis(shadow.get("ageMs")) : Figures.UNKNOWN,
            Figures.truth(shadow.get("validated")));
      }
    }
    return table;
  }

  private static Table owners(Json json, Session session) {
    List<String> heads = new ArrayList<>(List.of("SUBJECT", "KIND", "OWNER", "SELF", "NEXT"));
    if (session.wide()) {
      heads.addAll(List.of("ABLE", "ID", "OWNER-ID"));
    }
    Table table = new Table(heads);
    for (Json owner : json.get("owners").items()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  Figures.text(
                      Json.of(owner.get("subjectName").text(owner.get("subject").text("")))),
                  Figures.text(owner.get("subjectKind")),
                  Figures.text(owner.get("owner")),
                  Figures.truth(owner.get("self")),
                  Figures.text(owner.get("next"))));
      if (session.wide()) {
        row.add(Figures.text(owner.get("able")));
        row.add(Figures.text(owner.get("subject")));
        row.add(Figures.text(owner.get("ownerId")));
      }
      table.row(row);
    }
    return table;
  }

  private static Table healing(Json json, Session session) {
    List<String> heads =
        new ArrayList<>(
            List.of("AGO", "DIAGNOSIS", "ACTION", "SUBJECT", "BY", "OUTCOME", "EFFECT"));
    if (session.wide()) {
      heads.addAll(List.of("AT", "EVIDENCE", "EXPECTED", "MEASURED", "RECORD"));
    }
    Table table = new Table(heads);
    for (Json action : json.get("actions").items()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  ago(action.get("at"), session),
                  Figures.text(action.get("diagnosis")),
                  Figures.text(action.get("action")),
                  Figures.text(
                      Json.of(action.get("subjectName").text(action.get("subject").text("")))),
                  Figures.text(action.get("by")),
                  Figures.text(action.get("outcome")),
                  Figures.text(action.get("effect"))));
      if (session.wide()) {
        row.add(Figures.text(action.get("at")));
        row.add(Figures.text(action.get("signal")));
        row.add(Figures.text(action.get("expected")));
        row.add(Figures.text(action.get("measured")));
        row.add(Figures.text(action.get("record")));
      }
      table.row(row);
    }
    return table;
  }

  private static Table repair(Json repair, Session session) {
    Table table = new Table(List.of("WHAT", "SAYS"));
    for (String member :
        List.of(
            "subjectName",
            "diagnosis",
            "signal",
            "action",
            "by",
            "at",
            "expected",
            "outcome",
            "measured",
            "effect",
            "cause",
            "record")) {
      String head =
          switch (member) {
            case "subjectName" -> "subject";
            case "signal" -> "evidence";
            case "cause" -> "ends";
            default -> member;
          };
      table.row(List.of(head, Figures.text(repair.get(member))));
    }
    return table;
  }

  /// The age of an RFC 3339 instant.
  static String ago(Json at, Session session) {
    try {
      Instant instant = Instant.parse(at.text(""));
      return Figures.age(
          Math.max(0, Duration.between(instant, session.now()).toMillis() / 1_000.0));
    } catch (DateTimeParseException _) {
      return Figures.UNKNOWN;
    }
  }

  private static ExitCode reputation(Session session, Arguments arguments) {
    if (arguments.word(0).isEmpty()) {
      for (String flag : List.of("--why", "--history")) {
        if (arguments.has(flag)) {
          throw Failure.usage(
              flag
                  + " needs a subject, such as: skein reputation "
                  + flag
                  + " orders/eu-1 (see: skein reputation)");
        }
      }
      ApiClient.Answer answer = session.api().get("/v1/reputation");
      session.show(answer, ForesightVerbs::scores);
      return ExitCode.OK;
    }
    String path = "/v1/reputation/" + ApiClient.segment(arguments.words().getFirst());
    if (arguments.has("--why")) {
      session.show(session.api().get(path + "/why"), json -> why(json, session));
    } else if (arguments.has("--history")) {
      session.show(session.api().get(path + "/history"), (json, _) -> history(json));
    } else {
      session.show(
          session.api().get(path),
          (json, each) -> scores(Json.of(Map.of("subjects", new Json.Items(List.of(json)))), each));
    }
    return ExitCode.OK;
  }

  private static Table scores(Json json, Session session) {
    List<String> heads = new ArrayList<>(List.of("SUBJECT", "KIND", "SCORE", "RATERS", "WINDOWS"));
    if (session.wide()) {
      heads.addAll(List.of("EXACT", "ID"));
    }
    Table table = new Table(heads);
    for (Json subject : json.get("subjects").items()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  Figures.text(Json.of(subject.get("name").text(subject.get("subject").text("")))),
                  Figures.text(subject.get("kind")),
                  Figures.score(subject.get("score")),
                  Figures.text(subject.get("raters")),
                  Figures.text(subject.get("windows"))));
      if (session.wide()) {
        row.add(Figures.text(subject.get("score")));
        row.add(Figures.text(subject.get("subject")));
      }
      table.row(row);
    }
    return table;
  }

  private static Table history(Json json) {
    Table table = new Table("WINDOW", "SCORE", "RATERS");
    for (Json point : json.get("points").items()) {
      table.row(
          Figures.text(point.get("window")),
          Figures.score(point.get("score")),
          Figures.text(point.get("raters")));
    }
    return table;
  }

  private static String why(Json json, Session session) {
    StringBuilder out = new StringBuilder();
    String name = json.get("name").text(json.get("subject").text(""));
    out.append(Figures.printable(name, 200)).append("  ");
    out.append(Figures.score(json.get("score"))).append('\n');
    String explanation = json.get("explanation").text("");
    if (!explanation.isEmpty()) {
      out.append(Figures.printable(explanation, 500)).append('\n');
    }
    out.append("all windows ").append(Figures.text(json.get("whole")));
    out.append(", last six ").append(Figures.text(json.get("recent"))).append('\n');
    Table raters =
        new Table(
            "RATER",
            "OPINION",
            "RECENT",
            "STANDING",
            "WEIGHT",
            "KEPT",
            "GOOD",
            "BAD",
            "WINDOWS",
            "NOTE");
    for (Json rater : json.get("raters").items()) {
      raters.row(
          Figures.text(Json.of(rater.get("name").text(rater.get("rater").text("")))),
          Figures.score(rater.get("whole")),
          Figures.score(rater.get("recent")),
          Figures.text(rater.get("standing")),
          Figures.text(rater.get("weight")) + " %",
          Figures.text(rater.get("kept")) + " %",
          Figures.text(rater.get("good")),
          Figures.text(rater.get("bad")),
          Integer.toString(rater.get("windows").items().size()),
          Figures.text(rater.get("reason")));
    }
    out.append('\n').append(raters.render(session.terminal().colour()));
    if (session.wide()) {
      Table records = new Table("RATER", "WINDOW", "GOOD", "BAD", "RECORD");
      for (Json rater : json.get("raters").items()) {
        for (Json window : rater.get("windows").items()) {
          records.row(
              Figures.text(Json.of(rater.get("name").text(rater.get("rater").text("")))),
              Figures.text(window.get("window")),
              Figures.text(window.get("good")),
              Figures.text(window.get("bad")),
              Figures.text(window.get("record")));
        }
      }
      out.append('\n').append(records.render(session.terminal().colour()));
      out.append("\nTo prove one of these records: skein ledger prove RECORD\n");
    }
    return out.toString();
  }
}

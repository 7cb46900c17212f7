package io.skein.cli;

import io.skein.cli.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/// Verbs about experiments on routes.
final class ExperimentVerbs {
  static final Verb LIST =
      new Verb(
          "experiment list",
          "",
          0,
          0,
          "Shows the experiments on routes: those that run, and how the others ended.",
          List.of(
              "skein experiment list            # one row an experiment",
              "echo '{\"services\":[{\"name\":\"web\"}],\"experiment\":{\"name\":\"try-random\","
                  + "\"policy\":\"random\"}}' | skein route put all -   # begins one"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/experiments"), (json, _) -> list(json));
            return ExitCode.OK;
          });

  static final Verb SHOW =
      new Verb(
          "experiment show",
          "NAME",
          1,
          1,
          "Shows an experiment: both arms, what was found, and how sure that is.",
          List.of("skein experiment show try-prequal"),
          List.of(),
          (session, arguments) -> {
            session.show(session.api().get(path(arguments)), ExperimentVerbs::shown);
            return ExitCode.OK;
          });

  static final Verb STOP =
      new Verb(
          "experiment stop",
          "NAME",
          1,
          1,
          "Ends an experiment on all nodes: every request is the control's again.",
          List.of("skein experiment stop try-prequal"),
          List.of(Acknowledged.OPTION),
          (session, arguments) -> {
            Acknowledged acknowledged = Acknowledged.of(arguments);
            session.show(
                acknowledged.change(session, "POST", path(arguments) + "/stop", Optional.empty()),
                (json, _) ->
                    new Table("STOPPED", "RECORD")
                        .row(arguments.words().getFirst(), session.hash(json.get("record"))));
            return ExitCode.OK;
          });

  private ExperimentVerbs() {}

  private static String path(Arguments arguments) {
    return "/v1/experiments/" + ApiClient.segment(arguments.words().getFirst());
  }

  private static Table list(Json json) {
    Table table =
        new Table(
            "EXPERIMENT", "ROUTE", "STATE", "SHARE", "REQUESTS", "TREATED", "LATENCY", "FAILURES");
    for (Json each : json.get("experiments").items()) {
      table.row(
          Figures.text(each.get("name")),
          Figures.text(each.get("route")),
          state(each),
          each.get("share").isNothing() ? "-" : percent(each.get("share"), false),
          each.get("control").get("requests").text("0"),
          each.get("treatment").get("requests").text("0"),
          change(each.get("latency").get("estimate")),
          percent(each.get("failures"), true));
    }
    return table;
  }

  private static String state(Json each) {
    String verdict = each.get("verdict").text("");
    return verdict.isEmpty() ? "running" : verdict;
  }

  private static String shown(Json json) {
    Json latency = json.get("latency");
    Json evidence = json.get("evidence");
    StringBuilder out = new StringBuilder();
    out.append(json.get("name").text(""))
        .append(" on route ")
        .append(json.get("route").text(""))
        .append(": ")
        .append(state(json))
        .append(json.get("verdict").text("").isEmpty() ? ", for " : ", after ")
        .append(json.get("ageSeconds").text("0"))
        .append(" s, answers of ")
        .append(json.get("nodes").text("0"))
        .append(json.get("nodes").text("0").equals("1") ? " node\n" : " nodes\n");
    Table arms = new Table("ARM", "REQUESTS", "FAILED", "SHARE", "MEAN");
    for (String arm : List.of("control", "treatment")) {
      Json each = json.get(arm);
      arms.row(
          arm,
          each.get("requests").text("0"),
          each.get("failed").text("0"),
          failedShare(each),
          each.get("meanMs").isNothing() ? "-" : rounded(number(each.get("meanMs")), 2) + " ms");
    }
    out.append(arms.render(false));
    out.append("latency: ").append(change(latency.get("estimate")));
    if (!latency.get("low").isNothing()) {
      out.append(", between ")
          .append(change(latency.get("low")))
          .append(" and ")
          .append(change(latency.get("high")));
    }
    out.append("\nfailures: ").append(percent(json.get("failures"), true)).append(" of requests\n");
    out.append("evidence: harm ")
        .append(rounded(number(evidence.get("harm")), 1))
        .append(", gain ")
        .append(rounded(number(evidence.get("gain")), 1))
        .append(" of ")
        .append(rounded(number(evidence.get("enough")), 1))
        .append(" needed\n");
    if (!json.get("record").isNothing()) {
      out.append("record: ").append(json.get("record").text("")).append('\n');
    }
    return out.toString();
  }

  private static String failedShare(Json arm) {
    double requests = number(arm.get("requests"));
    return requests == 0 ? "-" : rounded(100 * number(arm.get("failed")) / requests, 2) + " %";
  }

  private static String change(Json share) {
    return share.isNothing() ? "-" : percent(share, true);
  }

  private static String percent(Json share, boolean signed) {
    double value = number(share) * 100;
    return (signed && value > 0 ? "+" : "") + rounded(value, signed ? 2 : 4) + " %";
  }

  private static double number(Json json) {
    return Double.parseDouble(json.text("0"));
  }

  private static String rounded(double number, int places) {
    BigDecimal rounded =
        BigDecimal.valueOf(number).setScale(places, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.signum() == 0 ? "0" : rounded.toPlainString();
  }
}

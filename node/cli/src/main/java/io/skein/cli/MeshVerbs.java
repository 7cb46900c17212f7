package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Verbs that show nodes and what lies between them.
final class MeshVerbs {
  static final Verb STATUS =
      new Verb(
          "status",
          "",
          0,
          0,
          "Shows this node at a glance.",
          List.of(
              "skein status                     # name, mesh, readiness, members, endpoints",
              "skein status --watch             # the same every two seconds",
              "skein status -o json             # the body of /v1/node"),
          List.of(),
          MeshVerbs::status);

  static final Verb MEMBERS =
      new Verb(
          "members",
          "",
          0,
          0,
          "Shows the nodes of the mesh as the asked node sees them.",
          List.of(
              "skein members                    # one row a node",
              "skein members -o wide            # with zone, address and id",
              "skein members --api eu-1:9700    # as another node sees them"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/members"), MeshVerbs::members);
            return ExitCode.OK;
          });

  static final Verb RTT =
      new Verb(
          "rtt",
          "",
          0,
          0,
          "Shows round trips between nodes.",
          List.of(
              "skein rtt                        # a matrix",
              "skein rtt -o wide                # one row a pair, with the link's state"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/links"), MeshVerbs::links);
            return ExitCode.OK;
          });

  static final Verb HEALTHCHECK =
      new Verb(
          "healthcheck",
          "",
          0,
          0,
          "Exits with 0 if the node is ready, with 1 if it is not; for containers and scripts.",
          List.of(
              "skein healthcheck                # ready to take traffic?",
              "skein healthcheck --live         # alive at all?"),
          List.of(Option.flag("--live", "ask whether it lives, not whether it is ready")),
          MeshVerbs::healthcheck);

  private MeshVerbs() {}

  private static ExitCode status(Session session, Arguments arguments) {
    ApiClient.Answer node = session.api().get("/v1/node");
    session.show(
        node,
        json -> {
          List<Json> members = session.api().get("/v1/members").json().get("members").items();
          long alive =
              members.stream().filter(each -> each.get("state").text("").equals("alive")).count();
          int endpoints = 0;
          int healthy = 0;
          List<Json> services = session.api().get("/v1/services").json().get("services").items();
          for (Json service : services) {
            for (Json endpoint : service.get("endpoints").items()) {
              endpoints++;
              healthy += endpoint.get("state").text("").equals("healthy") ? 1 : 0;
            }
          }
          String zone = json.get("zone").text("");
          boolean ready = json.get("ready").isTrue();
          boolean draining = json.get("draining").isTrue();
          StringBuilder out = new StringBuilder();
          line(out, "node", Figures.text(json.get("name")));
          line(out, "id", Figures.text(json.get("id")));
          line(out, "mesh", Figures.text(json.get("mesh").get("name")));
          line(
              out,
              "region",
              Figures.text(json.get("region"))
                  + (zone.isEmpty() ? "" : ", zone " + Figures.printable(zone, 63)));
          line(out, "state", ready ? "ready" : draining ? "draining" : "not ready");
          line(out, "up", Figures.age(json.get("uptimeSeconds").number()));
          line(out, "version", Figures.text(json.get("version")));
          line(out, "members", alive + " of " + members.size() + " alive");
          line(out, "endpoints", healthy + " of " + endpoints + " healthy");
          line(out, "services", Integer.toString(services.size()));
          return out.toString();
        });
    return ExitCode.OK;
  }

  private static void line(StringBuilder out, String name, String value) {
    out.append(name).append(": ").append(" ".repeat(9 - name.length())).append(value).append('\n');
  }

  static Table members(Json json, Session session) {
    List<String> heads =
        new ArrayList<>(
            List.of(
                "NODE",
                "REGION",
                "STATE",
                "RTT",
                "LOAD",
                "FORECAST-30S",
                "REPUTATION",
                "LEDGER",
                "SEEN"));
    if (session.wide()) {
      heads.addAll(List.of("ZONE", "ADDRESS", "ID"));
    }
    Table table = new Table(heads);
    String self = json.get("asSeenBy").text("");
    for (Json member : json.get("members").items()) {
      boolean isSelf =
          member.get("self").isTrue()
              || (!self.isEmpty() && member.get("name").text("").equals(self));
      List<String> row =
          new ArrayList<>(
              List.of(
                  Figures.text(member.get("name")),
                  Figures.text(member.get("region")),
                  Figures.text(member.get("state")),
                  isSelf ? "self" : Figures.millis(member.get("rttMs")),
                  Figures.percent(member.get("load")),
                  Figures.percent(member.get("forecastLoad")),
                  Figures.score(member.get("reputation")),
                  Figures.text(member.get("ledger")),
                  isSelf ? "now" : Figures.age(member.get("lastSeenSeconds").number())));
      if (session.wide()) {
        row.add(Figures.text(member.get("zone")));
        row.add(Figures.text(member.get("address")));
        row.add(Figures.text(member.get("id")));
      }
      table.row(row);
    }
    return table;
  }

  private static Table links(Json json, Session session) {
    List<Json> links = json.get("links").items();
    if (session.wide()) {
      Table table = new Table("FROM", "TO", "RTT", "STATE", "MEASURED");
      for (Json link : links) {
        table.row(
            Figures.text(link.get("from")),
            Figures.text(link.get("to")),
            Figures.millis(link.get("rttMs")),
            Figures.text(link.get("state")),
            Figures.truth(link.get("measured")));
      }
      return table;
    }
    TreeSet<String> names = new TreeSet<>();
    Map<String, String> cells = new TreeMap<>();
    for (Json link : links) {
      String from = Figures.text(link.get("from"));
      String to = Figures.text(link.get("to"));
      boolean down = link.get("state").text("").equals("down");
      String cell = down ? "down" : Figures.millis(link.get("rttMs"));
      names.add(from);
      names.add(to);
      cells.put(from + "\n" + to, cell);
      // One direction stands for both unless the other is told too.
      cells.putIfAbsent(to + "\n" + from, cell);
    }
    List<String> heads = new ArrayList<>(List.of("FROM"));
    heads.addAll(names);
    Table table = new Table(heads);
    for (String from : names) {
      List<String> row = new ArrayList<>(List.of(from));
      for (String to : names) {
        String unknown = from.equals(to) ? "self" : Figures.UNKNOWN;
        row.add(cells.getOrDefault(from + "\n" + to, unknown));
      }
      table.row(row);
    }
    return table;
  }

  private static ExitCode healthcheck(Session session, Arguments arguments) {
    String path = arguments.has("--live") ? "/livez" : "/readyz";
    ApiClient.Answer answer = session.api().exchange("GET", path, Optional.empty());
    boolean json = session.form() == Session.Form.JSON || session.form() == Session.Form.YAML;
    if (json && answer.body().length > 0 && answer.body()[0] == '{') {
      session.show(answer, Json::compact);
    } else if (answer.status() == 200) {
      session.out().print("ok\n");
    }
    if (answer.status() == 200) {
      return ExitCode.OK;
    }
    if (answer.status() != 503) {
      throw Problems.failure(answer, session.api().where());
    }
    String failed = failed(answer);
    throw new Failure(
        ExitCode.NO, "the node at " + session.api().where() + " is not ready" + failed);
  }

  private static String failed(ApiClient.Answer answer) {
    if (answer.body().length == 0 || answer.body()[0] != '{') {
      return "";
    }
    StringBuilder out = new StringBuilder();
    for (Json check : answer.json().get("checks").items()) {
      if (!check.get("ok").isTrue()) {
        out.append("\n  ").append(Figures.text(check.get("name"))).append(": ");
        out.append(Figures.text(check.get("detail")));
      }
    }
    return out.toString();
  }
}

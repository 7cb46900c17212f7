package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.ArrayList;
import java.util.List;

/// What a node has learned of classes of requests.
final class ClassVerbs {
  static final Verb CLASSES =
      new Verb(
          "classes",
          "SERVICE",
          1,
          1,
          "Shows the classes of a service's requests at the asked node: what each takes at each endpoint.",
          List.of(
              "skein classes orders             # one row for each class and endpoint",
              "skein classes orders --watch     # every two seconds",
              "skein classes orders -o wide     # with what tells classes of one path apart"),
          List.of(),
          ClassVerbs::show);

  private ClassVerbs() {}

  private static ExitCode show(Session session, Arguments arguments) {
    String service = arguments.words().getFirst();
    session.show(
        session.api().get("/v1/services/" + ApiClient.segment(service) + "/classes"),
        ClassVerbs::table);
    return ExitCode.OK;
  }

  private static Table table(Json json, Session session) {
    List<String> heads = new ArrayList<>(List.of("CLASS", "REQUESTS/S"));
    if (session.wide()) {
      heads.addAll(List.of("BODY", "CREDENTIAL", "CLIENT", "ORIGIN"));
    }
    heads.addAll(List.of("ENDPOINT", "SHARE", "LATENCY", "PREDICTED", "BY", "ERROR", "CPU", "MEM"));
    if (session.wide()) {
      heads.add("SAMPLES");
    }
    Table table = new Table(heads);
    PeerNames names = new PeerNames(session);
    for (Json kind : json.get("classes").items()) {
      String name =
          kind.get("method").text("").isEmpty()
              ? "all others"
              : Figures.text(kind.get("method")) + " " + Figures.text(kind.get("template"));
      double all =
          kind.get("endpoints").items().stream()
              .mapToDouble(at -> at.get("requestsPerSecond").number())
              .sum();
      List<String> begin =
          new ArrayList<>(List.of(name, Figures.quantity(kind.get("requestsPerSecond"))));
      if (session.wide()) {
        for (String part : List.of("payload", "credential", "client", "origin")) {
          begin.add(Figures.text(kind.get(part)));
        }
      }
      for (Json at : kind.get("endpoints").items()) {
        List<String> row = new ArrayList<>(begin);
        double here = at.get("requestsPerSecond").number();
        row.addAll(
            List.of(
                where(at.get("endpoint").text(""), names),
                all > 0 ? Math.round(100 * here / all) + " %" : Figures.UNKNOWN,
                Figures.millis(at.get("latencyMs")),
                Figures.millis(at.get("predictedMs")),
                Figures.text(at.get("basis")),
                Figures.percent(at.get("error")),
                Figures.percent(at.get("cpu")),
                Figures.percent(at.get("memory"))));
        if (session.wide()) {
          row.add(Figures.quantity(at.get("samples")));
        }
        table.row(row);
      }
    }
    return table;
  }

  /// Ids of endpoints have their service's name before a slash, those of peers no slash.
  private static String where(String id, PeerNames names) {
    return id.contains("/") ? Figures.printable(id, 200) : names.of(id) + " (peer)";
  }
}

package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Verbs about the mesh's contracts.
final class ContractVerbs {
  private static final DocumentKind KIND =
      new DocumentKind("contract", "contracts", "skein contract list");
  private static final List<String> SETTINGS =
      List.of(
          "service",
          "require",
          "scope",
          "windows",
          "holding",
          "min-requests",
          "min-raters",
          "penalty",
          "quarantine");

  static final Verb LIST =
      new Verb(
          "contract list",
          "",
          0,
          0,
          "Shows the mesh's contracts, and whether they hold.",
          List.of("skein contract list", "skein contract list -o json"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/contracts"), (json, _) -> contracts(json));
            return ExitCode.OK;
          });

  static final Verb SHOW =
      new Verb(
          "contract show",
          "NAME",
          1,
          1,
          "Shows a contract, whom it judges, and what was measured window by window.",
          List.of("skein contract show web-fast", "skein contract show web-fast --watch"),
          List.of(),
          (session, arguments) -> {
            session.show(
                session.api().get(KIND.path(arguments.words().getFirst())), ContractVerbs::shown);
            return ExitCode.OK;
          });

  static final Verb ADD =
      new Verb(
          "contract add",
          "NAME [FILE]",
          1,
          2,
          "Adds or replaces a contract: what must hold in a window, and what follows if it does not.",
          List.of(
              "skein contract add web-fast --service web --require 'p99_ms <= 200'"
                  + " --penalty 0.2 --quarantine 60s",
              "skein contract add web-good --service web --require 'bad_ppm <= 1000 || requests < 50'"
                  + " --windows 30 --holding 28",
              "skein contract add web-fast contract.json --wait   # its document in JSON; -: standard input"),
          List.of(
              Option.of("--service", "SERVICE", "the service"),
              Option.of(
                  "--require",
                  "CONDITION",
                  "what must hold in a window, of p50_ms, p99_ms, p50_us, p99_us, requests, raters and"
                      + " bad_ppm: failed or slow of a million"),
              Option.of("--scope", "SCOPE", "endpoint (default: each for itself) or service"),
              Option.of("--windows", "N", "windows looked at (default: 30)"),
              Option.of("--holding", "N", "in how many it must hold (default: all of them)"),
              Option.of("--min-requests", "N", "fewer in a window are not judged (default: 1)"),
              Option.of(
                  "--min-raters", "N", "fewer are not believed (default: 2; 1 in a mesh of two)"),
              Option.of("--penalty", "SHARE", "taken from the score while broken, up to 0.5 (default: 0)"),
              Option.of("--quarantine", "TIME", "out of routing after a window that broke it (default: 0s)"),
              Acknowledged.OPTION,
              Waiting.OPTION),
          ContractVerbs::add);

  static final Verb REMOVE =
      new Verb(
          "contract remove",
          "NAME",
          1,
          1,
          "Removes a contract, and with it what it did to scores and routing.",
          List.of("skein contract remove web-fast --wait"),
          List.of(Acknowledged.OPTION, Waiting.OPTION),
          KIND::remove);

  private ContractVerbs() {}

  private static Table contracts(Json json) {
    Table table = new Table("CONTRACT", "SERVICE", "REQUIRES", "IN", "STATE", "BROKEN-BY");
    for (Json contract : json.get("contracts").items()) {
      Json document = contract.get("document");
      List<String> broken =
          contract.get("subjects").items().stream()
              .filter(each -> !each.get("state").text("").equals("holds"))
              .map(each -> each.get("subject").text(""))
              .toList();
      table.row(
          Figures.text(contract.get("name")),
          document.get("service").text("-"),
          document.get("require").text("-"),
          in(document),
          state(contract),
          broken.isEmpty() ? "-" : String.join(",", broken));
    }
    return table;
  }

  private static String in(Json document) {
    String windows = document.get("windows").text("30");
    return document.get("holding").text(windows) + " of " + windows;
  }

  private static String state(Json contract) {
    List<Json> faults = contract.get("faults").items();
    return faults.isEmpty()
        ? contract.get("state").text("")
        : "not judged: " + faults.getFirst().text("");
  }

  private static String shown(Json json) {
    Json document = json.get("document");
    StringBuilder out = new StringBuilder();
    out.append(json.get("name").text("")).append(": ").append(state(json)).append('\n');
    out.append(document.get("service").text("-"))
        .append(" must have ")
        .append(document.get("require").text("-"))
        .append(" in ")
        .append(in(document))
        .append(" windows of ")
        .append(seconds(json.get("windowMillis"), 1))
        .append('\n');
    out.append("else: penalty ")
        .append(document.get("penalty").text("0"))
        .append(", quarantine ")
        .append(seconds(json.get("windowMillis"), whole(json.get("quarantineWindows"))))
        .append("; ledger time: window ")
        .append(json.get("ledgerWindow").text("-"))
        .append("\n\n");
    Table subjects = new Table("SUBJECT", "STATE", "FAILED", "HELD", "QUARANTINED-THROUGH");
    Table windows =
        new Table(
            "SUBJECT",
            "WINDOW",
            "RULING",
            "REQUESTS",
            "RATERS",
            "BAD",
            "P50",
            "P99",
            "P99-FROM-TO");
    for (Json subject : json.get("subjects").items()) {
      String name = subject.get("subject").text("");
      String through = subject.get("quarantinedThrough").text("-1");
      subjects.row(
          name,
          subject.get("state").text(""),
          subject.get("failed").text("0"),
          subject.get("held").text("0"),
          through.equals("-1") ? "-" : through);
      for (Json window : subject.get("windows").items()) {
        windows.row(
            name,
            window.get("window").text(""),
            window.get("ruling").text(""),
            window.get("requests").text("0"),
            window.get("raters").text("0"),
            window.get("badPpm").text("0") + " ppm",
            millis(window.get("p50Micros")),
            millis(window.get("p99Micros")),
            millis(window.get("leastP99Micros")) + ".." + millis(window.get("mostP99Micros")));
      }
    }
    return out + subjects.render(false) + "\n" + windows.render(false);
  }

  private static String millis(Json micros) {
    return (whole(micros) + 999) / 1_000 + " ms";
  }

  private static String seconds(Json windowMillis, long windows) {
    long millis = whole(windowMillis) * windows;
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  private static long whole(Json number) {
    return Long.parseLong(number.text("0"));
  }

  private static ExitCode add(Session session, Arguments arguments) {
    String name = arguments.words().getFirst();
    Map<String, Json> said = new LinkedHashMap<>();
    for (String setting : SETTINGS) {
      arguments.text("--" + setting).ifPresent(value -> said.put(setting, Json.of(value)));
    }
    boolean file = arguments.words().size() > 1;
    if (file && !said.isEmpty()) {
      throw Failure.usage(
          "a file and --" + said.keySet().iterator().next() + " exclude each other");
    }
    Json document = file ? DocumentKind.read(arguments.words().get(1)) : Json.of(said);
    return KIND.put(session, arguments, name, document);
  }

}

package io.skein.cli;

import io.skein.cli.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Verbs that show the catalogue: services and their endpoints.
final class CatalogueVerbs {
  static final Verb SERVICES =
      new Verb(
          "services",
          "",
          0,
          0,
          "Shows the catalogue: services, how they route, how many endpoints are healthy.",
          List.of(
              "skein services                   # one row a service",
              "skein services -o wide           # with path, health check and slow-after"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/services"), CatalogueVerbs::services);
            return ExitCode.OK;
          });

  static final Verb ENDPOINTS =
      new Verb(
          "endpoints",
          "[SERVICE]",
          0,
          1,
          "Shows endpoints with state, latency and share of the traffic.",
          List.of(
              "skein endpoints                  # of all services",
              "skein endpoints orders --watch   # of one, every two seconds",
              "skein endpoints -o wide          # with weight and the reason of the state"),
          List.of(),
          CatalogueVerbs::showEndpoints);

  static final Verb CHECKS =
      new Verb(
          "checks",
          "ENDPOINT",
          1,
          1,
          "Shows the asked node's newest active checks of an endpoint.",
          List.of(
              "skein checks orders/eu-1         # newest first",
              "skein checks orders/eu-1 --watch"),
          List.of(),
          CatalogueVerbs::showChecks);

  private CatalogueVerbs() {}

  private static ExitCode showChecks(Session session, Arguments arguments) {
    String id = arguments.words().getFirst();
    int slash = id.indexOf('/');
    if (slash < 1 || slash == id.length() - 1) {
      throw Failure.usage(
          "'" + id + "' is not an endpoint (expected: SERVICE/NAME, as skein endpoints shows it)");
    }
    session.show(
        session
            .api()
            .get(
                "/v1/services/"
                    + ApiClient.segment(id.substring(0, slash))
                    + "/endpoints/"
                    + ApiClient.segment(id.substring(slash + 1))),
        (json, _) -> {
          Table table = new Table("AT", "RESULT", "TOOK", "DETAIL");
          for (Json check : json.get("checks").items()) {
            table.row(
                Figures.text(check.get("at")),
                check.get("ok").isTrue() ? "ok" : "failed",
                Figures.millis(check.get("latencyMs")),
                Figures.text(check.get("detail")));
          }
          return table;
        });
    return ExitCode.OK;
  }

  private static Table services(Json json, Session session) {
    List<String> heads = new ArrayList<>(List.of("SERVICE", "POLICY", "HOSTS", "HEALTHY"));
    if (session.wide()) {
      heads.addAll(List.of("PROTOCOL", "PATH", "HEALTH", "EVERY", "SLOW-AFTER"));
    }
    Table table = new Table(heads);
    for (Json service : json.get("services").items()) {
      List<Json> endpoints = service.get("endpoints").items();
      long healthy =
          endpoints.stream().filter(each -> each.get("state").text("").equals("healthy")).count();
      List<String> hosts = service.get("hosts").items().stream().map(Figures::text).toList();
      List<String> row =
          new ArrayList<>(
              List.of(
                  Figures.text(service.get("name")),
                  Figures.text(service.get("policy")),
                  hosts.isEmpty() ? Figures.text(service.get("name")) : String.join(",", hosts),
                  healthy + "/" + endpoints.size()));
      if (session.wide()) {
        row.add(Figures.text(service.get("protocol")));
        row.add(Figures.text(service.get("path")));
        Json health = service.get("health");
        row.add(Figures.text(health.get("path")));
        row.add(
            health.get("path").text("").isEmpty()
                ? Figures.UNKNOWN
                : Figures.millis(health.get("intervalMillis")));
        row.add(Figures.millis(service.get("slowAfterMillis")));
      }
      table.row(row);
    }
    return table;
  }

  private static ExitCode showEndpoints(Session session, Arguments arguments) {
    Optional<String> wanted = arguments.word(0);
    if (wanted.isPresent()
        && (session.form() == Session.Form.JSON || session.form() == Session.Form.YAML)) {
      session.show(
          session.api().get("/v1/services/" + ApiClient.segment(wanted.get()) + "/endpoints"),
          CatalogueVerbs::endpointsOfOne);
      return ExitCode.OK;
    }
    ApiClient.Answer answer = session.api().get("/v1/services");
    if (wanted.isPresent()) {
      List<String> names =
          answer.json().get("services").items().stream()
              .map(each -> each.get("name").text(""))
              .toList();
      if (!names.contains(wanted.get())) {
        throw new Failure(
            ExitCode.NO,
            "no service '"
                + wanted.get()
                + "'"
                + Spelling.hint(wanted.get(), names)
                + ". See: skein services");
      }
    }
    session.show(answer, (json, _) -> endpoints(json, session, wanted));
    return ExitCode.OK;
  }

  private static Table endpointsOfOne(Json json, Session session) {
    Table table = table(session);
    json.get("endpoints").items().forEach(endpoint -> row(table, endpoint, session));
    return table;
  }

  private static Table endpoints(Json json, Session session, Optional<String> wanted) {
    Table table = table(session);
    for (Json service : json.get("services").items()) {
      if (wanted.isEmpty() || wanted.get().equals(service.get("name").text(""))) {
        service.get("endpoints").items().forEach(endpoint -> row(table, endpoint, session));
      }
    }
    return table;
  }

  private static Table table(Session session) {
    List<String> heads =
        new ArrayList<>(
            List.of(
                "ENDPOINT",
                "URL",
                "NODE",
                "REGION",
                "STATE",
                "IN-FLIGHT",
                "P50",
                "P99",
                "SHARE",
                "REPUTATION"));
    if (session.wide()) {
      heads.addAll(List.of("WEIGHT", "PRICE", "REASON"));
    }
    return new Table(heads);
  }

  private static void row(Table table, Json endpoint, Session session) {
    List<String> row =
        new ArrayList<>(
            List.of(
                Figures.text(endpoint.get("id")),
                Figures.text(endpoint.get("url")),
                Figures.text(endpoint.get("node")),
                Figures.text(endpoint.get("region")),
                Figures.text(endpoint.get("state")),
                Figures.text(endpoint.get("inFlight")),
                Figures.millis(endpoint.get("latencyMs").get("p50")),
                Figures.millis(endpoint.get("latencyMs").get("p99")),
                Figures.percent(endpoint.get("share")),
                Figures.score(endpoint.get("reputation"))));
    if (session.wide()) {
      row.add(Figures.text(endpoint.get("weight")));
      row.add(Figures.text(endpoint.get("price")));
      row.add(Figures.text(endpoint.get("reason")));
    }
    table.row(row);
  }
}

package io.skein.cli;

import io.skein.cli.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Verbs about the mesh's routes.
final class RouteVerbs {
  private static final DocumentKind KIND = new DocumentKind("route", "routes", "skein routes");

  static final Verb ROUTES =
      new Verb(
          "routes",
          "",
          0,
          0,
          "Shows the mesh's routes: what they match and what they do.",
          List.of(
              "skein routes                     # one row a route",
              "skein routes -o json             # with their documents"),
          List.of(),
          (session, _) -> {
            session.show(session.api().get("/v1/routes"), (json, _) -> routes(json));
            return ExitCode.OK;
          });

  static final Verb PUT =
      new Verb(
          "route put",
          "NAME FILE",
          2,
          2,
          "Adds or replaces a route; FILE is its document in JSON, - is standard input.",
          List.of(
              "skein route put shop shop.json   # from a file",
              "echo '{\"services\":[{\"name\":\"web\"}]}' | skein route put all - --wait"),
          List.of(Acknowledged.OPTION, Waiting.OPTION),
          (session, arguments) ->
              KIND.put(
                  session,
                  arguments,
                  arguments.words().get(0),
                  DocumentKind.read(arguments.words().get(1))));

  static final Verb REMOVE =
      new Verb(
          "route remove",
          "NAME",
          1,
          1,
          "Removes a route.",
          List.of("skein route remove shop --wait   # until the node does not follow it any more"),
          List.of(Acknowledged.OPTION, Waiting.OPTION),
          KIND::remove);

  static final Verb EXPLAIN =
      new Verb(
          "route-explain",
          "URL",
          1,
          1,
          "Shows which route a request would follow, and why not the others.",
          List.of(
              "skein route-explain http://shop.example.org/cart?step=2",
              "skein route-explain http://shop.example.org/ --method POST --header 'X-Canary: 1'"),
          List.of(
              Option.of("--method", "METHOD", "its method (default: GET)"),
              Option.of("--header", "'NAME: VALUE'", "a header field; repeatable")),
          (session, arguments) -> explain(session, arguments, RouteVerbs::explained));

  static final Verb CHOICE =
      new Verb(
          "explain",
          "URL",
          1,
          1,
          "Shows how the node would route a request and choose an endpoint now: candidates, costs,"
              + " shares.",
          List.of(
              "skein explain http://shop.example.org/cart",
              "skein explain http://shop.example.org/ --header 'X-User: 7' -o json"),
          EXPLAIN.options(),
          (session, arguments) ->
              explain(session, arguments, json -> explained(json) + choices(json, session)));

  private RouteVerbs() {}

  private static Table routes(Json json) {
    Table table = new Table("ROUTE", "PRIORITY", "HOSTS", "PATH", "ACTION");
    for (Json route : json.get("routes").items()) {
      Json document = route.get("document");
      Json match = document.get("match");
      List<String> hosts = match.get("hosts").items().stream().map(Figures::text).toList();
      table.row(
          Figures.text(route.get("name")),
          document.get("priority").text("0"),
          hosts.isEmpty() ? "*" : String.join(",", hosts),
          path(match.get("path")),
          route.get("faults").items().isEmpty()
              ? action(document)
              : "not followed: " + Figures.text(route.get("faults").items().getFirst()));
    }
    return table;
  }

  private static String path(Json path) {
    for (String kind : List.of("exact", "prefix", "regex")) {
      if (!path.get(kind).isNothing()) {
        return kind.equals("prefix")
            ? path.get(kind).text("")
            : kind + " " + path.get(kind).text("");
      }
    }
    return "/";
  }

  private static String action(Json document) {
    if (!document.get("redirect").isNothing()) {
      return "redirect " + document.get("redirect").get("status").text("302");
    }
    if (!document.get("answer").isNothing()) {
      return "answer " + document.get("answer").get("status").text("200");
    }
    return String.join(
        ",",
        document.get("services").items().stream()
            .map(each -> each.get("name").text("") + ":" + each.get("weight").text("1"))
            .toList());
  }

  private static ExitCode explain(
      Session session, Arguments arguments, Function<Json, String> shown) {
    Map<String, Json> question = new LinkedHashMap<>();
    String url = arguments.words().getFirst();
    int at = url.indexOf("://");
    int slash = at < 0 ? -1 : url.indexOf('/', at + 3);
    try {
      if (at < 0 || new URI(url.substring(0, slash < 0 ? url.length() : slash)).getHost() == null) {
        throw Failure.usage("'" + url + "' is no URL (expected: http://HOST/PATH)");
      }
    } catch (URISyntaxException e) {
      throw Failure.usage("'" + url + "' is no URL (expected: http://HOST/PATH)");
    }
    question.put("host", Json.of(url.substring(at + 3, slash < 0 ? url.length() : slash)));
    question.put("path", Json.of(slash < 0 ? "/" : url.substring(slash)));
    arguments.text("--method").ifPresent(method -> question.put("method", Json.of(method)));
    if (arguments.has("--header")) {
      question.put("headers", Json.texts(arguments.texts("--header")));
    }
    session.show(
        session.api().change("POST", "/v1/routes/explain", Optional.of(Json.of(question))), shown);
    return ExitCode.OK;
  }

  private static String explained(Json json) {
    StringBuilder out = new StringBuilder();
    out.append(json.get("verdict").text("")).append('\n');
    String path = json.get("path").text("");
    if (!path.isEmpty()) {
      out.append("path as rules see it: ").append(path).append('\n');
    }
    String followed = json.get("route").text("");
    for (Json rule : json.get("rules").items()) {
      String name = rule.get("route").text("");
      String why = rule.get("why").text("");
      out.append(name.equals(followed) ? "* " : "  ").append(name);
      if (!rule.get("priority").text("0").equals("0")) {
        out.append(" (priority ").append(rule.get("priority").text("0")).append(')');
      }
      out.append(why.isEmpty() ? ": matches" : ": " + why).append('\n');
    }
    return out.toString();
  }

  private static String choices(Json json, Session session) {
    PeerNames names = new PeerNames(session);
    StringBuilder out = new StringBuilder();
    for (Json choice : json.get("choices").items()) {
      out.append('\n').append(choice.get("service").text("")).append(": ");
      out.append(choice.get("rule").text("")).append('\n');
      String key = choice.get("key").text("");
      if (!key.isEmpty()) {
        out.append("key: ").append(key).append('\n');
      }
      if (!choice.get("toPeers").text("0").matches("0(\\.0*)?")) {
        out.append("to peers: ").append(percent(choice.get("toPeers"))).append('\n');
      }
      out.append(candidates(choice, names).render(false));
    }
    return out.toString();
  }

  private static Table candidates(Json choice, PeerNames names) {
    String unit = choice.get("unit").text("");
    Table table =
        new Table(
            "CANDIDATE",
            "STATE",
            "WEIGHT",
            "IN-FLIGHT",
            "ALL",
            "LATENCY",
            "REPUTATION",
            "PRICE",
            "HEADROOM",
            unit.isEmpty() ? "COST" : "COST-" + unit.toUpperCase(java.util.Locale.ROOT),
            "SHARE",
            "CONFIDENCE");
    for (Json each : choice.get("candidates").items()) {
      boolean peer = each.get("kind").text("").equals("peer");
      table.row(
          peer ? names.of(each.get("id").text("")) + " (peer)" : Figures.text(each.get("id")),
          each.get("state").text(""),
          each.get("weight").isNothing() ? "-" : percent(each.get("weight")),
          each.get("inFlight").text("0"),
          each.get("rif").text("0"),
          each.get("latencyMs").isNothing() ? "-" : rounded(each.get("latencyMs")) + " ms",
          rounded(each.get("reputation")),
          each.get("price").isNothing() ? "-" : rounded(each.get("price")),
          each.get("headroom").isNothing() ? "-" : percent(each.get("headroom")),
          each.get("cost").isNothing() ? "-" : rounded(each.get("cost")),
          each.get("share").isNothing() ? "-" : percent(each.get("share")),
          each.get("confidence").isNothing() ? "-" : percent(each.get("confidence")));
    }
    return table;
  }

  private static String percent(Json share) {
    return rounded(Double.parseDouble(share.text("0")) * 100) + " %";
  }

  private static String rounded(Json number) {
    return rounded(Double.parseDouble(number.text("0")));
  }

  private static String rounded(double number) {
    return java.math.BigDecimal.valueOf(number)
        .setScale(2, java.math.RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}

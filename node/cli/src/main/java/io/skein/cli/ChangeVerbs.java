package io.skein.cli;

import io.skein.cli.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Verbs that change the mesh. Each change is a signed record, whose hash the node answers.
final class ChangeVerbs {
  private static final List<String> POLICIES =
      List.of(
          "skein",
          "round-robin",
          "weighted",
          "random",
          "least-request",
          "peak-ewma",
          "c3",
          "prequal",
          "ring-hash",
          "maglev",
          "swarm");
  private static final List<String> SERVICE_FLAGS =
      List.of(
          "--host",
          "--path",
          "--policy",
          "--health",
          "--health-interval",
          "--health-timeout",
          "--slow-after");

  private static final Option ACK = Acknowledged.OPTION;

  static final Verb REGISTER =
      new Verb(
          "register",
          "SERVICE URL",
          2,
          2,
          "Adds an endpoint to a service, and the service if there is none of that name.",
          List.of(
              "skein register orders http://127.0.0.1:8081",
              "skein register orders http://10.0.0.5:8080 --owner region --region eu --weight 2",
              "skein register shop http://127.0.0.1:8082 --host shop.example.org --path /v2 --wait",
              "skein register shop http://127.0.0.1:8082 --ack replicated:2 --wait=10s"),
          List.of(
              Option.of("--name", "NAME", "the endpoint's name (default: made of the URL)"),
              Option.of(
                  "--host", "HOST", "Host the service answers to; repeatable (default: SERVICE)"),
              Option.of("--path", "PATH", "prefix of the paths it answers to (default: /)"),
              Option.of("--policy", "POLICY", String.join(", ", POLICIES)),
              Option.of("--health", "PATH", "path of an active health check (default: none)"),
              Option.of("--health-interval", "TIME", "pause between checks (default: 2s)"),
              Option.of("--health-timeout", "TIME", "how long a check may take (default: 1s)"),
              Option.of("--slow-after", "TIME", "latency from which an answer counts as bad"),
              Option.of(
                  "--owner", "WHO", "self: only this node reaches it; region: all of the region"),
              Option.of("--region", "REGION", "where it stands (default: the node's)"),
              Option.of("--weight", "N", "relative capacity, 1 to 1000 (default: 1)"),
              Option.of("--price", "N", "relative price of a request, 0.01 to 100 (default: 1)"),
              ACK,
              Waiting.OPTION),
          ChangeVerbs::register);

  static final Verb DEREGISTER =
      new Verb(
          "deregister",
          "SERVICE [ENDPOINT]",
          1,
          2,
          "Removes an endpoint, or with --all a service and all its endpoints.",
          List.of(
              "skein deregister orders eu-1                     # by name",
              "skein deregister orders http://127.0.0.1:8081    # by URL",
              "skein deregister orders --all --wait"),
          List.of(Option.flag("--all", "the service with all its endpoints"), ACK, Waiting.OPTION),
          ChangeVerbs::deregister);

  static final Verb DRAIN =
      new Verb(
          "drain",
          "[ENDPOINT]",
          0,
          1,
          "Takes the node, or one endpoint, out of traffic; what was begun goes on.",
          List.of(
              "skein drain --wait               # until the node says it takes no more",
              "skein drain --undo               # back into traffic",
              "skein drain orders/eu-1 --wait   # an endpoint, in the whole mesh",
              "skein drain orders/eu-1 --undo"),
          List.of(Option.flag("--undo", "take traffic again"), ACK, Waiting.OPTION),
          ChangeVerbs::drain);

  private ChangeVerbs() {}

  private static ExitCode register(Session session, Arguments arguments) {
    Acknowledged acknowledged = Acknowledged.of(arguments);
    String service = arguments.words().get(0);
    String url = arguments.words().get(1);
    String name = arguments.text("--name").orElseGet(() -> nameOf(url));
    arguments
        .text("--policy")
        .filter(policy -> !POLICIES.contains(policy))
        .ifPresent(policy -> {
          throw Failure.usage(
              "--policy: '"
                  + policy
                  + "'"
                  + Spelling.hint(policy, POLICIES)
                  + " (expected: "
                  + String.join(", ", POLICIES)
                  + ")");
        });
    Map<String, Json> endpoint = new LinkedHashMap<>();
    endpoint.put("url", Json.of(url));
    arguments.text("--owner").ifPresent(owner -> endpoint.put("owner", Json.of(owner)));
    arguments.text("--region").ifPresent(region -> endpoint.put("region", Json.of(region)));
    arguments
        .number("--weight", 1, 1_000)
        .ifPresent(weight -> endpoint.put("weight", Json.of(weight)));
    arguments
        .decimal("--price", 0.01, 100)
        .ifPresent(price -> endpoint.put("price", new Json.Number(price.toString())));
    String path = "/v1/services/" + ApiClient.segment(service);
    Optional<Json> before = find(session, service);
    if (before.isEmpty() || SERVICE_FLAGS.stream().anyMatch(arguments::has)) {
      acknowledged.change(
          session, "PUT", path, Optional.of(service(before.orElse(Json.NOTHING), arguments)));
    }
    String id = service + "/" + name;
    ApiClient.Answer answer =
        acknowledged.change(
            session,
            "PUT",
            path + "/endpoints/" + ApiClient.segment(name),
            Optional.of(Json.of(endpoint)));
    Waiting.until(
        session,
        arguments,
        "endpoint " + id,
        "skein endpoints " + service,
        () -> endpointUrl(session, service, id).filter(url(url)::equals).isPresent());
    session.show(
        answer,
        (json, _) ->
            new Table("ENDPOINT", "URL", "RECORD").row(id, url, session.hash(json.get("record"))));
    return ExitCode.OK;
  }

  /// The service as it shall be: what the flags say, else what it was.
  private static Json service(Json before, Arguments arguments) {
    Map<String, Json> body = new LinkedHashMap<>();
    arguments
        .text("--policy")
        .or(() -> known(before.get("policy")))
        .ifPresent(policy -> body.put("policy", Json.of(policy)));
    if (arguments.has("--host")) {
      body.put("hosts", Json.texts(arguments.texts("--host")));
    } else if (!before.get("hosts").items().isEmpty()) {
      body.put("hosts", before.get("hosts"));
    }
    arguments
        .text("--path")
        .or(() -> known(before.get("path")))
        .ifPresent(path -> body.put("path", Json.of(path)));
    Map<String, Json> health = health(before.get("health"), arguments);
    if (!health.isEmpty()) {
      body.put("health", Json.of(health));
    }
    if (arguments.has("--slow-after")) {
      long millis = arguments.duration("--slow-after", Duration.ZERO).toMillis();
      body.put("slowAfter", Json.of(millis + "ms"));
    } else {
      known(before.get("slowAfterMillis"))
          .ifPresent(millis -> body.put("slowAfter", Json.of(millis + "ms")));
    }
    if (before.get("traffic") instanceof Json.Members(var said)) {
      said.forEach(body::putIfAbsent);
    }
    return Json.of(body);
  }

  private static Map<String, Json> health(Json before, Arguments arguments) {
    Map<String, Json> health = new LinkedHashMap<>();
    arguments
        .text("--health")
        .or(() -> known(before.get("path")))
        .ifPresent(path -> health.put("path", Json.of(path)));
    boolean checked = !health.isEmpty();
    long known = checked ? (long) before.get("intervalMillis").number() : 0;
    long interval = arguments.duration("--health-interval", Duration.ofMillis(known)).toMillis();
    if (interval > 0 || arguments.has("--health-interval")) {
      health.put("interval", Json.of(interval + "ms"));
    }
    // A timeout that was there before gives way to a shorter interval.
    long patience = checked ? (long) before.get("timeoutMillis").number() : 0;
    Duration kept = Duration.ofMillis(interval > 0 ? Math.min(patience, interval) : patience);
    long timeout = arguments.duration("--health-timeout", kept).toMillis();
    if (timeout > 0 || arguments.has("--health-timeout")) {
      health.put("timeout", Json.of(timeout + "ms"));
    }
    return health;
  }

  private static Optional<String> known(Json value) {
    return Optional.of(value.text("")).filter(text -> !text.isEmpty());
  }

  private static Optional<Json> find(Session session, String service) {
    return session.api().get("/v1/services").json().get("services").items().stream()
        .filter(each -> each.get("name").text("").equals(service))
        .findFirst();
  }

  private static Optional<String> endpointUrl(Session session, String service, String id) {
    return find(session, service).stream()
        .flatMap(each -> each.get("endpoints").items().stream())
        .filter(each -> each.get("id").text("").equals(id))
        .map(each -> url(each.get("url").text("")))
        .findFirst();
  }

  private static String url(String text) {
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /// `127-0-0-1-8081` for `http://127.0.0.1:8081`: the same URL always has the same name, so that
  /// registering twice changes nothing.
  static String nameOf(String url) {
    try {
      URI uri = new URI(url);
      if (uri.getHost() != null) {
        String plain = uri.getHost() + (uri.getPort() < 0 ? "" : "-" + uri.getPort());
        String name = plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        name = name.replaceAll("^-|-$", "");
        return name.length() > 63 ? name.substring(name.length() - 63).replaceAll("^-", "") : name;
      }
    } catch (URISyntaxException _) {
      // Refused below.
    }
    throw Failure.usage(
        "'"
            + url
            + "' is not an endpoint's URL (expected: http://HOST:PORT, such as"
            + " http://127.0.0.1:8081)");
  }

  private static ExitCode deregister(Session session, Arguments arguments) {
    Acknowledged acknowledged = Acknowledged.of(arguments);
    String service = arguments.words().getFirst();
    Optional<String> given = arguments.word(1);
    if (given.isPresent() == arguments.has("--all")) {
      throw Failure.usage(
          "name one endpoint, or say --all for the service with all its endpoints: skein deregister "
              + service
              + " ENDPOINT | --all");
    }
    Json known =
        find(session, service)
            .orElseThrow(() ->
                new Failure(ExitCode.NO, "no service '" + service + "'. See: skein services"));
    String path = "/v1/services/" + ApiClient.segment(service);
    String id = service;
    if (given.isPresent()) {
      id = idOf(known, service, given.get());
      path += "/endpoints/" + ApiClient.segment(id.substring(service.length() + 1));
    }
    String removed = id;
    ApiClient.Answer answer = acknowledged.change(session, "DELETE", path, Optional.empty());
    Waiting.until(
        session,
        arguments,
        "the end of " + removed,
        "skein services",
        () ->
            given.isPresent()
                ? endpointUrl(session, service, removed).isEmpty()
                : find(session, service).isEmpty());
    session.show(
        answer,
        (json, _) -> new Table("REMOVED", "RECORD").row(removed, session.hash(json.get("record"))));
    return ExitCode.OK;
  }

  /// The endpoint's id, given by id, by name or by URL.
  private static String idOf(Json service, String name, String given) {
    for (Json endpoint : service.get("endpoints").items()) {
      String id = endpoint.get("id").text("");
      if (id.startsWith(name + "/")
          && (id.equals(given)
              || id.equals(name + "/" + given)
              || url(endpoint.get("url").text("")).equals(url(given)))) {
        return id;
      }
    }
    throw new Failure(
        ExitCode.NO,
        "service '" + name + "' has no endpoint '" + given + "'. See: skein endpoints " + name);
  }

  private static ExitCode drain(Session session, Arguments arguments) {
    boolean draining = !arguments.has("--undo");
    if (arguments.word(0).isPresent()) {
      return drainEndpoint(session, arguments, arguments.word(0).get(), draining);
    }
    if (arguments.has("--ack")) {
      throw Failure.usage("--ack: a node's drain leaves no record; it is for skein drain ENDPOINT");
    }
    ApiClient.Answer answer =
        session
            .api()
            .change(
                "POST",
                "/v1/node/drain",
                Optional.of(Json.of(Map.of("draining", Json.of(draining)))));
    Waiting.until(
        session,
        arguments,
        draining ? "the drain" : "the return",
        "skein status",
        () -> session.api().get("/v1/node").json().get("ready").isTrue() != draining);
    session.show(answer, _ -> "");
    if (session.form() == Session.Form.TABLE || session.form() == Session.Form.WIDE) {
      session.say(
          draining
              ? "draining: requests in flight go on, new ones go elsewhere"
              : "taking traffic again");
    }
    return ExitCode.OK;
  }

  private static ExitCode drainEndpoint(
      Session session, Arguments arguments, String id, boolean draining) {
    int slash = id.indexOf('/');
    if (slash < 1 || slash == id.length() - 1) {
      throw Failure.usage(
          "'" + id + "' is not an endpoint (expected: SERVICE/NAME, as skein endpoints shows it)");
    }
    ApiClient.Answer answer =
        Acknowledged.of(arguments)
            .change(
                session,
                "POST",
                "/v1/services/"
                    + ApiClient.segment(id.substring(0, slash))
                    + "/endpoints/"
                    + ApiClient.segment(id.substring(slash + 1))
                    + "/drain",
                Optional.of(Json.of(Map.of("draining", Json.of(draining)))));
    Waiting.until(
        session,
        arguments,
        draining ? "the end of what " + id + " has begun" : "the return of " + id,
        "skein endpoints",
        () -> isQuiet(session, id, draining));
    session.show(
        answer,
        (json, _) ->
            new Table(draining ? "DRAINING" : "RESUMED", "RECORD")
                .row(id, session.hash(json.get("record"))));
    return ExitCode.OK;
  }

  private static boolean isQuiet(Session session, String id, boolean draining) {
    return find(session, id.substring(0, id.indexOf('/'))).stream()
        .flatMap(service -> service.get("endpoints").items().stream())
        .filter(endpoint -> endpoint.get("id").text("").equals(id))
        .anyMatch(endpoint -> {
          boolean out = endpoint.get("state").text("").startsWith("drain");
          return draining ? out && endpoint.get("inFlight").number() == 0 : !out;
        });
  }
}

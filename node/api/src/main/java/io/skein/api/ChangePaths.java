package io.skein.api;

import io.skein.api.MeshControl.EndpointRequest;
import io.skein.api.MeshControl.Owner;
import io.skein.api.MeshControl.ServiceRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Paths that change the mesh. Each reads and checks a body, hands it to [MeshControl], and answers
/// 202 with the record that says so.
final class ChangePaths {
  /// Latency from which an answer counts as bad, unless the service says otherwise: 1 s.
  static final long DEFAULT_SLOW_AFTER_MILLIS = 1_000;

  /// From one active check to the next, unless the service says otherwise: 2 s.
  static final long DEFAULT_HEALTH_INTERVAL_MILLIS = 2_000;

  /// How long a check's answer may take, unless the service says otherwise: 1 s, or the interval if
  /// that is shorter.
  static final long DEFAULT_HEALTH_TIMEOUT_MILLIS = 1_000;

  private static final Acknowledging.Wait NO_WAIT =
      new Acknowledging.Wait(Acknowledgement.LOCAL, Duration.ZERO);
  private static final String[] WAITING = Acknowledging.PARAMETERS;
  private static final Pattern HOST = Pattern.compile("[a-z0-9*]([a-z0-9.-]{0,253})");
  private static final Set<String> SCHEMES = Set.of("http", "https", "h2c", "tcp", "tls");
  private static final long HOUR_MILLIS = 3_600_000;
  private static final long LEAST_HEALTH_MILLIS = 50;
  private static final long MOST_HEALTH_MILLIS = 600_000;

  private final MeshControl control;
  private final Answers answers;
  private final Acknowledging acknowledging;

  ChangePaths(MeshControl control, Answers answers) {
    this.control = control;
    this.answers = answers;
    this.acknowledging = new Acknowledging(control, answers);
  }

  void into(Paths paths) {
    String service = "/v1/services/:service";
    String endpoint = service + "/endpoints/:endpoint";
    paths
        .on(HttpMethod.PUT, service, this::putService, WAITING)
        .on(HttpMethod.DELETE, service, this::deleteService, WAITING)
        .on(HttpMethod.PUT, endpoint, this::putEndpoint, WAITING)
        .on(HttpMethod.DELETE, endpoint, this::deleteEndpoint, WAITING)
        .on(HttpMethod.POST, endpoint + "/drain", this::drainEndpoint, WAITING)
        .on(HttpMethod.POST, "/v1/node/drain", this::drain)
        .on(HttpMethod.POST, "/v1/node/rotate", this::rotate)
        .on(HttpMethod.POST, "/v1/members/:member/revoke", this::revoke, WAITING)
        .on(HttpMethod.POST, "/v1/invites", this::invite, WAITING);
  }

  private void putService(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    String name = Parameters.name(context, "service");
    BodyReader body = BodyReader.of(context);
    String protocol = body.text("protocol", "http", "http"::equals, "http");
    String policy = body.text("policy", "skein", inForm(), Parameters.NAME_FORM);
    List<String> hosts =
        body.texts("hosts", 32, host -> HOST.matcher(host).matches(), "a lower-case host name");
    String path = body.text("path", "/", ChangePaths::isPath, "a path that begins with /");
    Health health = health(body.within("health"));
    Optional<Long> slowAfter = body.millis("slowAfter", 1, HOUR_MILLIS);
    long slowAfterMillis =
        body.number("slowAfterMillis", DEFAULT_SLOW_AFTER_MILLIS, 1, HOUR_MILLIS);
    String traffic = body.rest();
    ServiceRequest request =
        new ServiceRequest(
            name,
            protocol,
            policy,
            hosts,
            path,
            health.path(),
            health.intervalMillis(),
            health.timeoutMillis(),
            slowAfter.orElse(slowAfterMillis),
            traffic);
    acknowledging.answer(
        context,
        wait,
        body,
        Answers.onWorker(context.vertx(), () -> control.trafficFaults(traffic)),
        () -> control.putService(request));
  }

  private record Health(String path, long intervalMillis, long timeoutMillis) {}

  private static Health health(BodyReader body) {
    String path = body.text("path", "", ChangePaths::isPath, "a path that begins with /");
    Optional<Long> wanted = body.millis("interval", LEAST_HEALTH_MILLIS, MOST_HEALTH_MILLIS);
    Optional<Long> patience = body.millis("timeout", LEAST_HEALTH_MILLIS, MOST_HEALTH_MILLIS);
    long interval = wanted.orElse(DEFAULT_HEALTH_INTERVAL_MILLIS);
    long timeout = patience.orElse(Math.min(DEFAULT_HEALTH_TIMEOUT_MILLIS, interval));
    if (path.isEmpty() && !body.has("kind") && (wanted.isPresent() || patience.isPresent())) {
      body.add("path", "path: missing (expected: what is checked, such as /healthz)");
    }
    if (timeout > interval) {
      body.add(
          "timeout", "timeout: " + timeout + "ms (expected: at most interval, " + interval + "ms)");
    }
    return new Health(path, interval, timeout);
  }

  private void deleteService(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    acknowledging.answer(context, wait, control.deleteService(Parameters.name(context, "service")));
  }

  private void putEndpoint(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    String service = Parameters.name(context, "service");
    String id = endpointId(context);
    BodyReader body = BodyReader.of(context);
    String url =
        body.required("url", ChangePaths::isUrl, "http://host:port, or https, h2c, tcp or tls");
    String owner = body.text("owner", "self", text -> isText(text, 64), "self, region or a node");
    String region = body.text("region", "", inForm(), Parameters.NAME_FORM);
    int weight = (int) body.number("weight", 1, 1, 1_000);
    int price = (int) body.thousandths("price", 1_000, 10, 100_000);
    body.done();
    Owner whose =
        switch (owner) {
          case "self" -> new Owner.Self();
          case "region" -> new Owner.Region();
          default -> new Owner.Node(owner);
        };
    Optional<String> where = region.isEmpty() ? Optional.empty() : Optional.of(region);
    acknowledging.answer(
        context,
        wait,
        control.putEndpoint(new EndpointRequest(service, id, url, whose, where, weight, price)));
  }

  private void deleteEndpoint(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    acknowledging.answer(
        context,
        wait,
        control.deleteEndpoint(Parameters.name(context, "service"), endpointId(context)));
  }

  private void drainEndpoint(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    BodyReader body = BodyReader.of(context);
    boolean draining = body.flag("draining", true);
    body.done();
    acknowledging.answer(
        context,
        wait,
        control.drainEndpoint(Parameters.path(context, "service"), endpointId(context), draining));
  }

  private void drain(RoutingContext context) {
    BodyReader body = BodyReader.of(context);
    boolean draining = body.flag("draining", true);
    body.done();
    acknowledging.answer(context, NO_WAIT, control.drainNode(draining));
  }

  private void invite(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    BodyReader body = BodyReader.of(context);
    int uses = (int) body.number("uses", 8, 1, 1_000);
    long seconds = body.number("expiresInSeconds", 86_400, 1, 365L * 86_400);
    body.done();
    acknowledging.answer(context, wait, control.createInvite(uses, Duration.ofSeconds(seconds)));
  }

  private void revoke(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    String member = Parameters.path(context, "member");
    BodyReader body = BodyReader.of(context);
    String reason =
        body.text(
            "reason",
            "",
            text -> text.getBytes(StandardCharsets.UTF_8).length <= 512,
            "at most 512 bytes");
    body.done();
    acknowledging.answer(context, wait, control.revoke(member, reason));
  }

  private void rotate(RoutingContext context) {
    BodyReader body = BodyReader.of(context);
    boolean force = body.flag("force", false);
    body.done();
    acknowledging.answer(context, NO_WAIT, control.rotate(force));
  }

  /// The endpoint's id in the mesh: `service/name`, given whole (with %2F) or by its last part.
  static String endpointId(RoutingContext context) {
    String service = Parameters.path(context, "service");
    String given = Parameters.path(context, "endpoint");
    String last = given.startsWith(service + "/") ? given.substring(service.length() + 1) : given;
    if (!Parameters.NAME.matcher(last).matches()) {
      throw Parameters.invalid("endpoint", given, Parameters.NAME_FORM);
    }
    return service + "/" + last;
  }

  private static Predicate<String> inForm() {
    return text -> Parameters.NAME.matcher(text).matches();
  }

  private static boolean isText(String text, int most) {
    return !text.isBlank() && text.length() <= most;
  }

  private static boolean isPath(String text) {
    return text.startsWith("/")
        && text.length() <= 512
        && text.chars().allMatch(c -> c > ' ' && c < 127);
  }

  private static boolean isUrl(String text) {
    try {
      URI url = URI.create(text);
      String rest = url.getRawPath();
      return text.length() <= 512
          && SCHEMES.contains(String.valueOf(url.getScheme()))
          && url.getHost() != null
          && url.getPort() >= 1
          && url.getPort() <= 65_535
          && (rest == null || rest.isEmpty() || rest.equals("/"))
          && url.getRawQuery() == null
          && url.getRawFragment() == null
          && url.getRawUserInfo() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

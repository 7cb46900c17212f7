package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.view.EndpointView;
import io.skein.api.view.OverviewView;
import io.skein.api.view.ServiceView;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Paths that show the mesh: members, services, traffic, forecasts, scores, repairs.
final class MeshPaths {
  private final MeshView view;
  private final Answers answers;

  MeshPaths(MeshView view, Answers answers) {
    this.view = view;
    this.answers = answers;
  }

  void into(Paths paths) {
    paths
        .get("/version", this::version)
        .get("/v1/node", context -> answers.read(context, flat(view.node())))
        .get("/v1/overview", context -> answers.read(context, overview(view)))
        .get("/v1/members", context -> answers.read(context, named("members", view.members())))
        .get("/v1/members/:id", this::member)
        .get("/v1/links", context -> answers.read(context, named("links", view.links())))
        .get("/v1/services", context -> answers.read(context, named("services", view.services())))
        .get("/v1/services/:service", context -> answers.read(context, flat(service(context))))
        .get("/v1/services/:service/endpoints", this::endpoints)
        .get("/v1/services/:service/endpoints/:endpoint", this::endpoint)
        .get(
            "/v1/services/:service/classes",
            context -> answers.read(context, flat(view.classes(service(context).name()))))
        .get("/v1/directory", this::directory)
        .get("/v1/traffic", this::traffic, "service", "seconds")
        .get("/v1/forecast", context -> answers.read(context, named("subjects", view.forecast())))
        .get("/v1/forecast/:subject", this::forecast)
        .get("/v1/shadows", context -> answers.read(context, named("assignments", view.shadows())))
        .get("/v1/healing", this::healing, "limit")
        .get("/v1/healing/strengths", this::strengths)
        .get("/v1/healing/:id", this::repair)
        .get("/v1/owners", this::owners)
        .get("/v1/invites", context -> answers.read(context, named("invites", view.invites())))
        .get("/v1/reputation", context -> answers.read(context, flat(view.reputation())))
        .get("/v1/reputation/:subject", this::reputation)
        .get("/v1/reputation/:subject/why", this::why)
        .get("/v1/reputation/:subject/history", this::history);
  }

  /// The overview with the sentence that sums it up.
  static Map<String, Object> overview(MeshView view) {
    OverviewView figures = view.overview();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("status", Summary.status(figures));
    members.put("summary", Summary.sentence(figures));
    members.putAll(flat(figures));
    return members;
  }

  private void version(RoutingContext context) {
    Map<String, Object> members = named("name", "skein");
    members.put("version", view.node().version());
    members.put("java", Runtime.version().toString());
    answers.read(context, members);
  }

  private void member(RoutingContext context) {
    String id = Parameters.path(context, "id");
    answers.read(
        context,
        flat(
            first(view.members(), member -> member.id().equals(id) || member.name().equals(id))
                .orElseThrow(() -> ProblemCode.UNKNOWN_MEMBER.found(404, "no member " + id))));
  }

  private ServiceView service(RoutingContext context) {
    String name = Parameters.path(context, "service");
    return first(view.services(), service -> service.name().equals(name))
        .orElseThrow(() -> ProblemCode.UNKNOWN_SERVICE.found(404, "no service " + name));
  }

  private void endpoints(RoutingContext context) {
    answers.read(context, named("endpoints", service(context).endpoints()));
  }

  private void endpoint(RoutingContext context) {
    ServiceView service = service(context);
    String id = ChangePaths.endpointId(context);
    EndpointView endpoint =
        first(service.endpoints(), candidate -> candidate.id().equals(id))
            .orElseThrow(() -> ProblemCode.UNKNOWN_ENDPOINT.found(404, "no endpoint " + id));
    answers.read(context, flat(endpoint));
  }

  private void directory(RoutingContext context) {
    Answers.onContext(context, view.directory(), copy -> answers.read(context, flat(copy)));
  }

  private void traffic(RoutingContext context) {
    Optional<String> service = Parameters.query(context, "service");
    service.ifPresent(name -> {
      if (first(view.services(), known -> known.name().equals(name)).isEmpty()) {
        throw ProblemCode.UNKNOWN_SERVICE.found(404, "no service " + name);
      }
    });
    int seconds = (int) Parameters.number(context, "seconds", 120, 1, 600);
    answers.read(context, flat(view.traffic(service, seconds)));
  }

  private void forecast(RoutingContext context) {
    String subject = Parameters.path(context, "subject");
    answers.read(
        context,
        flat(
            first(
                    view.forecast(),
                    one -> one.subject().equals(subject) || one.name().equals(subject))
                .orElseThrow(
                    () -> ProblemCode.UNKNOWN_SUBJECT.found(404, "no forecast for " + subject))));
  }

  private void healing(RoutingContext context) {
    int limit = (int) Parameters.number(context, "limit", 100, 1, 1_000);
    answers.read(context, healing(view, limit));
  }

  static Map<String, Object> healing(MeshView view, int limit) {
    Map<String, Object> members = named("actions", view.healing(limit));
    members.putAll(flat(view.healingState()));
    return members;
  }

  private void repair(RoutingContext context) {
    String id = Parameters.path(context, "id");
    answers.read(
        context,
        flat(
            first(view.healing(1_000), repair -> repair.id().equals(id))
                .orElseThrow(() -> ProblemCode.UNKNOWN_REPAIR.found(404, "no repair " + id))));
  }

  private void strengths(RoutingContext context) {
    Answers.onContext(
        context, view.strengths(), strengths -> answers.read(context, flat(strengths)));
  }

  private void owners(RoutingContext context) {
    Answers.onContext(
        context, view.owners(), owners -> answers.readLarge(context, named("owners", owners)));
  }

  private void reputation(RoutingContext context) {
    String subject = subject(context);
    var reputation = view.reputation();
    var scored =
        first(reputation.subjects(), one -> one.subject().equals(subject))
            .orElseThrow(() -> unknownSubject(subject));
    Map<String, Object> members = flat(scored);
    members.put("ledgerTime", reputation.ledgerTime());
    members.put("headsRoot", reputation.headsRoot());
    members.put("repRoot", reputation.repRoot());
    answers.read(context, members);
  }

  private void why(RoutingContext context) {
    String subject = subject(context);
    answers.read(context, view.why(subject), Answers::flat, unknownSubject(subject));
  }

  private void history(RoutingContext context) {
    String subject = subject(context);
    answers.read(context, view.history(subject), Answers::flat, unknownSubject(subject));
  }

  /// The id of a subject given by id or, for a node, by name.
  private String subject(RoutingContext context) {
    String given = Parameters.path(context, "subject");
    return first(view.members(), member -> member.name().equals(given))
        .map(member -> member.id())
        .orElse(given);
  }

  private static Problem.Found unknownSubject(String subject) {
    return ProblemCode.UNKNOWN_SUBJECT.found(404, "nothing is known of " + subject);
  }

  static <T> Optional<T> first(Collection<T> items, Predicate<T> wanted) {
    return items.stream().filter(wanted).findFirst();
  }

  static <T> List<T> atMost(List<T> items, int limit) {
    return items.size() <= limit ? items : items.subList(0, limit);
  }
}

package io.skein.app.mesh;

import io.skein.api.MeshView.Question;
import io.skein.api.view.ExplanationView;
import io.skein.api.view.RouteView;
import io.skein.app.config.Document;
import io.skein.proxy.route.Action;
import io.skein.proxy.route.Asked;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Rule;
import io.skein.proxy.route.SafePath;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Split;
import io.skein.proxy.route.TextMatch;
import io.skein.routing.hash.KeyHash;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The mesh's routes for people, and what they make of a request.
final class RouteViews {
  private RouteViews() {}

  static List<RouteView> of(Map<String, String> documents) {
    List<RouteView> views = new ArrayList<>();
    documents.forEach((name, document) ->
        views.add(
            new RouteView(
                name,
                document.isEmpty() ? Map.of() : DocumentJson.of(document),
                Document.route(name, document).faults().stream()
                    .map(fault -> fault.pointer() + ": " + fault.message())
                    .toList())));
    return views;
  }

  /// A request that somebody asks about.
  private record Imagined(Question question, String target) implements Asked {
    @Override
    public String method() {
      return question.method();
    }

    @Override
    public String host() {
      return question.host();
    }

    @Override
    public boolean anyField(String name, TextMatch match) {
      return question
          .fields()
          .getOrDefault(name.toLowerCase(java.util.Locale.ROOT), List.of())
          .stream()
          .anyMatch(match::matches);
    }
  }

  static ExplanationView explain(RouteTable table, Question question) {
    if (table.rules().forHost(question.host()) == null) {
      return unruled(table, question, question.path(), List.of());
    }
    String target = SafePath.of(question.path());
    if (target.isEmpty()) {
      return new ExplanationView(
          "",
          "refused with 400: the path can be read in more than one way",
          "",
          List.of(),
          List.of(),
          List.of());
    }
    Imagined asked = new Imagined(question, target);
    List<ExplanationView.Asked> looked = new ArrayList<>();
    for (Rule rule : table.rules().inOrder(question.host())) {
      String why = rule.mismatch(asked);
      looked.add(new ExplanationView.Asked(rule.name(), rule.priority(), why.isEmpty(), why));
    }
    Rule found = table.rules().find(asked);
    return found == null
        ? unruled(table, question, target, looked)
        : new ExplanationView(
            target,
            verdict(found, question, target) + arm(table.split(found), question),
            found.name(),
            Action.services(found.action()),
            looked,
            choices(table, found, Action.services(found.action()), question, target));
  }

  /// Each of the services as that route sees it.
  private static List<ExplanationView.Choice> choices(
      RouteTable table, Rule rule, List<String> services, Question question, String target) {
    List<ExplanationView.Choice> choices = new ArrayList<>();
    for (String service : services) {
      table
          .treated(rule, service)
          .filter(_ -> treated(table.split(rule), question))
          .or(() -> table.service(rule, service))
          .flatMap(route -> Choices.of(route, question, target))
          .ifPresent(choices::add);
    }
    return choices;
  }

  /// Whether the client is known to get what an experiment tries out.
  private static boolean treated(@Nullable Split split, Question question) {
    return split != null && split.on() && key(split, question).filter(split::treats).isPresent();
  }

  private static Optional<Long> key(Split split, Question question) {
    return switch (split.by()) {
      case HEADER ->
          question.fields().getOrDefault(split.field(), List.of()).stream()
              .findFirst()
              .map(KeyHash::of);
      case COOKIE ->
          question.fields().getOrDefault("cookie", List.of()).stream()
              .flatMap(value -> Stream.of(value.split("; *")))
              .filter(pair -> pair.startsWith(split.field() + "="))
              .findFirst()
              .map(pair -> KeyHash.of(pair.substring(split.field().length() + 1)));
      case ADDRESS, REQUEST -> Optional.empty();
    };
  }

  private static String arm(@Nullable Split split, Question question) {
    if (split == null || !split.on()) {
      return "";
    }
    String by =
        switch (split.by()) {
          case HEADER -> "header " + split.field();
          case COOKIE -> "cookie " + split.field();
          case ADDRESS -> "the client's address";
          case REQUEST -> "chance";
        };
    String share =
        BigDecimal.valueOf(100L * split.share())
                .divide(BigDecimal.valueOf(Split.WHOLE))
                .stripTrailingZeros()
                .toPlainString()
            + " %";
    return key(split, question)
        .map(key ->
            "; experiment "
                + split.name()
                + ": in the "
                + (split.treats(key) ? "treatment" : "control")
                + ", by "
                + by)
        .orElse(
            "; experiment "
                + split.name()
                + ": "
                + share
                + " are in the treatment, by "
                + by
                + "; what follows is the control");
  }

  private static String verdict(Rule rule, Question question, String target) {
    return switch (rule.action()) {
      case Action.Forward forward ->
          "forwarded to "
              + String.join(
                  " or ",
                  forward.shares().stream()
                      .map(share -> share.service() + " (" + share.weight() + ")")
                      .toList());
      case Action.Redirect redirect ->
          "redirected with "
              + redirect.status()
              + " to "
              + redirect.location(rule, "http", question.host(), target);
      case Action.Answer answer -> "answered with " + answer.status();
    };
  }

  private static ExplanationView unruled(
      RouteTable table, Question question, String target, List<ExplanationView.Asked> looked) {
    Optional<ServiceRoute> service = table.resolve(question.host(), target);
    return new ExplanationView(
        target,
        service
            .map(route -> "forwarded to " + route.service() + ", which answers to host and path")
            .orElse("answered with 404: no route and no service answers to host and path"),
        "",
        service.map(ServiceRoute::service).stream().toList(),
        looked,
        service.flatMap(route -> Choices.of(route, question, target)).stream().toList());
  }
}

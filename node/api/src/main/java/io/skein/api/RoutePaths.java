package io.skein.api;

import static io.skein.api.Answers.flat;
import static io.skein.api.Answers.named;

import io.skein.api.MeshView.Question;
import io.skein.api.view.RouteView;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Paths of the mesh's routes: shown, changed, explained.
final class RoutePaths {
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
  private static final Pattern FIELD =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}:.{0,512}");

  private final MeshView view;
  private final MeshControl control;
  private final Answers answers;
  private final Acknowledging acknowledging;

  RoutePaths(MeshView view, MeshControl control, Answers answers) {
    this.view = view;
    this.control = control;
    this.answers = answers;
    this.acknowledging = new Acknowledging(control, answers);
  }

  void into(Paths paths) {
    String route = "/v1/routes/:route";
    paths
        .get("/v1/routes", this::list)
        .on(HttpMethod.POST, "/v1/routes/explain", this::explain)
        .get(route, this::show)
        .on(HttpMethod.PUT, route, this::put, Acknowledging.PARAMETERS)
        .on(HttpMethod.DELETE, route, this::delete, Acknowledging.PARAMETERS);
  }

  private void list(RoutingContext context) {
    Answers.onContext(
        context, view.routes(), routes -> answers.read(context, named("routes", routes)));
  }

  private void show(RoutingContext context) {
    String name = Parameters.name(context, "route");
    Answers.onContext(
        context,
        view.routes(),
        routes -> {
          RouteView found =
              routes.stream()
                  .filter(route -> route.name().equals(name))
                  .findFirst()
                  .orElseThrow(() -> ProblemCode.UNKNOWN_ROUTE.found(404, "no route " + name));
          answers.read(context, flat(found));
        });
  }

  private void put(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    String name = Parameters.name(context, "route");
    BodyReader body = BodyReader.of(context);
    String document = body.rest();
    acknowledging.answer(
        context,
        wait,
        body,
        Answers.onWorker(context.vertx(), () -> control.routeFaults(name, document)),
        () -> control.putRoute(name, document));
  }

  private void delete(RoutingContext context) {
    Acknowledging.Wait wait = Acknowledging.of(context);
    acknowledging.answer(context, wait, control.deleteRoute(Parameters.name(context, "route")));
  }

  private void explain(RoutingContext context) {
    BodyReader body = BodyReader.of(context);
    Predicate<String> visible =
        text ->
            !text.isEmpty()
                && text.length() <= 2_048
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    String method =
        body.text("method", "GET", text -> METHOD.matcher(text).matches(), "such as GET");
    String host = body.text("host", "", visible, "a Host, perhaps with a port");
    String path =
        body.text(
            "path", "/", visible.and(text -> text.startsWith("/")), "path and query from a slash");
    List<String> headers =
        body.texts("headers", 64, text -> FIELD.matcher(text).matches(), "NAME: VALUE");
    body.done();
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      fields.merge(
          header.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
          List.of(header.substring(colon + 1).strip()),
          (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
    }
    Answers.onContext(
        context,
        view.explain(new Question(method, host, path, fields)),
        explained -> answers.read(context, flat(explained)));
  }
}

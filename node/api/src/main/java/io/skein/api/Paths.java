package io.skein.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The table of paths. Each path names its methods and the query parameters each takes; anything
/// else is refused: 405 with Allow, 400 for an unknown parameter, 404.
final class Paths {
  /// Answers one method of one path. May throw [Problem.Found].
  interface Action {
    void answer(RoutingContext context);
  }

  private record Method(Action action, Set<String> parameters) {}

  private final Map<String, Map<HttpMethod, Method>> table = new LinkedHashMap<>();

  /// GET and HEAD.
  Paths get(String path, Action action, String... parameters) {
    on(HttpMethod.HEAD, path, action, parameters);
    return on(HttpMethod.GET, path, action, parameters);
  }

  Paths on(HttpMethod method, String path, Action action, String... parameters) {
    table
        .computeIfAbsent(path, _ -> new LinkedHashMap<>())
        .put(method, new Method(action, Set.of(parameters)));
    return this;
  }

  /// Lays the table into a router, in the order of its making.
  void into(Router router) {
    table.forEach((path, methods) -> {
      Route route = router.route(path);
      route.handler(context -> dispatch(context, methods));
    });
  }

  private static void dispatch(RoutingContext context, Map<HttpMethod, Method> methods) {
    Method method = methods.get(context.request().method());
    if (method == null) {
      List<String> allowed = new ArrayList<>();
      methods.keySet().forEach(known -> allowed.add(known.name()));
      allowed.sort(null);
      context.response().putHeader("Allow", String.join(", ", allowed));
      throw ProblemCode.METHOD_NOT_ALLOWED.found(
          405, context.request().method() + " is not one of " + String.join(", ", allowed));
    }
    for (String name : context.queryParams().names()) {
      if (!method.parameters().contains(name)) {
        throw ProblemCode.UNKNOWN_PARAMETER.found(
            400,
            "unknown query parameter '"
                + name
                + "' (expected: "
                + (method.parameters().isEmpty()
                    ? "none"
                    : String.join(", ", method.parameters().stream().sorted().toList()))
                + ")");
      }
    }
    method.action().answer(context);
  }
}

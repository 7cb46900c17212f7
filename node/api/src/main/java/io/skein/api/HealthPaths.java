package io.skein.api;

import io.skein.api.view.ReadyCheck;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Paths for machines that watch: alive, ready, figures, what a problem means.
final class HealthPaths {
  private final MeshView view;
  private final Supplier<String> scrape;

  HealthPaths(MeshView view, Supplier<String> scrape) {
    this.view = view;
    this.scrape = scrape;
  }

  void into(Paths paths) {
    paths
        .get("/livez", context -> text(context, 200, "ok\n"), "verbose")
        .get("/readyz", context -> ready(context, view.readiness()), "verbose")
        .get("/readyz/:check", this::check, "verbose")
        .get("/metrics", this::metrics)
        .get("/problems/:code", HealthPaths::problem);
  }

  private void check(RoutingContext context) {
    String name = Parameters.path(context, "check");
    ReadyCheck check =
        MeshPaths.first(view.readiness(), one -> one.name().equals(name))
            .orElseThrow(() -> ProblemCode.UNKNOWN_CHECK.found(404, "no check " + name));
    ready(context, List.of(check));
  }

  /// Plain text as Kubernetes' own components answer; JSON for those who ask for it.
  private static void ready(RoutingContext context, List<ReadyCheck> checks) {
    boolean ready = checks.stream().allMatch(ReadyCheck::ok);
    int status = ready ? 200 : 503;
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.contains("application/json")) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("ready", ready);
      members.put("checks", checks);
      send(context, status, "application/json", Rendering.json(members));
      return;
    }
    StringBuilder text = new StringBuilder();
    if (!ready || context.queryParams().contains("verbose")) {
      for (ReadyCheck check : checks) {
        text.append(check.ok() ? "[+] " : "[-] ").append(check.name());
        text.append(check.ok() ? " ok" : " failed");
        text.append(check.detail().isEmpty() ? "" : ": " + check.detail()).append('\n');
      }
    }
    text(context, status, text.append(ready ? "ok\n" : "not ready\n").toString());
  }

  private void metrics(RoutingContext context) {
    // A scrape walks every meter: not on the event loop.
    context
        .vertx()
        .executeBlocking(scrape::get, false)
        .onSuccess(text -> send(context, 200, "text/plain; version=0.0.4; charset=utf-8", text))
        .onFailure(context::fail);
  }

  private static void problem(RoutingContext context) {
    String code = Parameters.path(context, "code");
    ProblemCode problem =
        ProblemCode.find(code)
            .orElseThrow(() -> ProblemCode.UNKNOWN_PROBLEM.found(404, "no problem " + code));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("code", problem.code());
    members.put("title", problem.title());
    members.put("meaning", problem.meaning());
    members.put("remedy", problem.remedy());
    send(context, 200, "application/json", Rendering.json(members));
  }

  private static void text(RoutingContext context, int status, String text) {
    send(context, status, "text/plain; charset=utf-8", text);
  }

  private static void send(RoutingContext context, int status, String type, String body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body);
  }
}

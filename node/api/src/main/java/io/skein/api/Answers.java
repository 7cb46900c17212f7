package io.skein.api;

import io.skein.api.view.Stamp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/// Sends answers: JSON with `asSeenBy` and `asOf`, weak entity tags, problems.
final class Answers {
  private final MeshView view;

  Answers(MeshView view) {
    this.view = view;
  }

  /// A list or value under a name of its own.
  static Map<String, Object> named(String name, Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(name, value);
    return members;
  }

  /// A record's components as the answer's own members.
  static Map<String, Object> flat(Record view) {
    return named("", new Rendering.Flat(view));
  }

  /// Answers a read. The entity tag covers all but `asOf`, which changes with every look.
  void read(RoutingContext context, Map<String, Object> members) {
    send(context, rendered(members));
  }

  /// Answers a read whose body may be large: it is rendered on a worker thread.
  void readLarge(RoutingContext context, Map<String, Object> members) {
    onContext(
        context, onWorker(context.vertx(), () -> rendered(members)), body -> send(context, body));
  }

  /// Does work that may take long on a worker thread.
  static <T> CompletionStage<T> onWorker(Vertx vertx, Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    vertx
        .executeBlocking(() -> done.complete(work.get()), false)
        .onFailure(done::completeExceptionally);
    return done;
  }

  private record Rendered(String json, String tag) {}

  private Rendered rendered(Map<String, Object> members) {
    Stamp stamp = view.stamp();
    members.put("asSeenBy", stamp.asSeenBy());
    String json = Rendering.json(members);
    String open = json.substring(0, json.length() - 1);
    return new Rendered(open + ",\"asOf\":\"" + stamp.asOf() + "\"}", tag(json));
  }

  private static void send(RoutingContext context, Rendered body) {
    HttpServerResponse response = context.response();
    response.putHeader("ETag", body.tag()).putHeader("Cache-Control", "no-cache");
    if (matches(context, body.tag())) {
      response.setStatusCode(304).end();
      return;
    }
    response.setStatusCode(200).putHeader("Content-Type", "application/json").end(body.json());
  }

  /// Answers a read that may take a moment, and may find nothing.
  <T> void read(
      RoutingContext context,
      CompletionStage<Optional<T>> found,
      Function<T, Map<String, Object>> members,
      Problem.Found missing) {
    onContext(
        context, found, value -> read(context, members.apply(value.orElseThrow(() -> missing))));
  }

  /// Goes on with what a stage brings, on the request's own thread.
  static <T> void onContext(
      RoutingContext context, CompletionStage<T> stage, java.util.function.Consumer<T> next) {
    var here = context.vertx().getOrCreateContext();
    var unused =
        stage.whenComplete((value, failure) ->
            here.runOnContext(_ -> {
              try {
                if (failure != null) {
                  context.fail(failure);
                } else if (!context.response().closed()) {
                  next.accept(value);
                }
              } catch (RuntimeException e) {
                context.fail(e);
              }
            }));
  }

  /// Answers a change.
  void change(RoutingContext context, int status, Map<String, Object> members) {
    members.put("asSeenBy", view.asSeenBy());
    context.response().putHeader("Cache-Control", "no-store");
    json(context, status, members);
  }

  private static void json(RoutingContext context, int status, Map<String, Object> members) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(Rendering.json(members));
  }

  static boolean matches(RoutingContext context, String tag) {
    String known = context.request().getHeader("If-None-Match");
    return known != null && (known.strip().equals("*") || known.contains(tag));
  }

  /// A weak entity tag: 64 bits of the content's digest.
  static String tag(String content) {
    return tag(content.getBytes(StandardCharsets.UTF_8));
  }

  static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 8) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static void problem(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.headWritten()) {
      response.reset();
      return;
    }
    response
        .setStatusCode(problem.status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(problem.json(context.normalizedPath()));
  }
}

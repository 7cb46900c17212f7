package io.skein.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The event streams that are open of one kind: [ApiConfig#maxStreams] at most, looked after every
/// [ApiConfig#eventInterval] while there are any. Confined to the server's event loop.
///
/// @param <S> a stream
final class OpenStreams<S> {
  private final Vertx vertx;
  private final ApiConfig config;
  private final Runnable look;
  private final Set<S> open = new HashSet<>();
  private Optional<Long> timer = Optional.empty();

  OpenStreams(Vertx vertx, ApiConfig config, Runnable look) {
    this.vertx = vertx;
    this.config = config;
    this.look = look;
  }

  /// @throws Problem.Found if one more were too many
  void admit(RoutingContext context) {
    if (open.size() >= config.maxStreams()) {
      context.response().putHeader("Retry-After", "5");
      throw ProblemCode.TOO_MANY_STREAMS.found(503, open.size() + " streams are open");
    }
  }

  /// Says that events follow. To `HEAD` none do: that answer has ended.
  ///
  /// @return whether they do
  static boolean begin(RoutingContext context, int queueBytes) {
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Content-Encoding", "identity")
        .putHeader("X-Accel-Buffering", "no");
    if (context.request().method().name().equals("HEAD")) {
      response.end();
      return false;
    }
    response.setChunked(true).setWriteQueueMaxSize(queueBytes);
    response.write("retry: 2000\n\n");
    return true;
  }

  void add(S stream) {
    open.add(stream);
  }

  /// Looks after them from now on.
  ///
  /// @return whether it did not before
  boolean watch() {
    if (timer.isPresent()) {
      return false;
    }
    timer = Optional.of(vertx.setPeriodic(config.eventInterval().toMillis(), _ -> look.run()));
    return true;
  }

  void drop(S stream) {
    open.remove(stream);
    if (open.isEmpty()) {
      rest();
    }
  }

  boolean contains(S stream) {
    return open.contains(stream);
  }

  /// Those that are open now, whatever becomes of them meanwhile.
  List<S> all() {
    return List.copyOf(open);
  }

  /// Ends every stream and the looking.
  void close(Consumer<S> end) {
    rest();
    all().forEach(end);
    open.clear();
  }

  private void rest() {
    timer.ifPresent(vertx::cancelTimer);
    timer = Optional.empty();
  }
}

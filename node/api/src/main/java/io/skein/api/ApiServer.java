package io.skein.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's API and dashboard over HTTP.
///
/// Runs on one event loop of the given Vert.x; [#listen] and [#close] may be called from any
/// thread. All it shows comes from a [MeshView], all it changes goes to a [MeshControl].
public final class ApiServer {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  /// Small, so that a stream whose reader stalls is noticed before the kernel holds megabytes.
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  /// A cursor of the ledger names every feed: up to 14,000 characters, in a query or as
  /// Last-Event-ID.
  private static final int MAX_LINE_BYTES = 24 * 1024;

  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private final Context context;
  private final ApiConfig config;
  private final EventStreams streams;
  private final LedgerTails tails;
  private final HttpServer server;

  /// @param vertx whose event loops it uses; stays open when the server closes
  /// @param config where to listen and whom to answer
  /// @param view what to show
  /// @param control what to ask for changes
  /// @param running what the node runs with
  /// @param scrape gives the metrics in Prometheus' text format; called on a worker thread
  public ApiServer(
      Vertx vertx,
      ApiConfig config,
      MeshView view,
      MeshControl control,
      RunningConfig running,
      Supplier<String> scrape) {
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.streams = new EventStreams(vertx, view, config);
    this.tails = new LedgerTails(vertx, view, config);
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setCompressionSupported(true)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setIdleTimeout(75)
                .setSendBufferSize(SEND_BUFFER_BYTES)
                .setTcpNoDelay(true));
    this.server.requestHandler(router(vertx, view, control, running, scrape));
    this.server.invalidRequestHandler(request -> {
      request.response().setStatusCode(400).putHeader("Connection", "close").end();
      request.connection().close();
    });
  }

  /// Binds.
  ///
  /// @return the port in use, or the failure to bind
  public Future<Integer> listen() {
    Promise<Integer> bound = Promise.promise();
    context.runOnContext(_ ->
        server.listen(config.port(), config.host()).map(HttpServer::actualPort).onComplete(bound));
    return bound.future();
  }

  /// Ends event streams, then closes the socket and every connection.
  public Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(_ -> {
      streams.close();
      tails.close();
      server.close().onComplete(closed);
    });
    return closed.future();
  }

  private Router router(
      Vertx vertx,
      MeshView view,
      MeshControl control,
      RunningConfig running,
      Supplier<String> scrape) {
    Answers answers = new Answers(view);
    Paths paths = new Paths();
    new HealthPaths(view, scrape).into(paths);
    new ChangePaths(control, answers).into(paths);
    new ConfigPaths(running, answers).into(paths);
    new RoutePaths(view, control, answers).into(paths);
    new ExperimentPaths(view, control, answers).into(paths);
    new ContractPaths(view, control, answers).into(paths);
    new MeshPaths(view, answers).into(paths);
    new LedgerPaths(view, answers).into(paths);
    new ProofPaths(view, answers).into(paths);
    new LedgerSearchPaths(view, answers, tails).into(paths);
    streams.into(paths);

    Router router = Router.router(vertx);
    router.route().handler(new Guard(config)::handle);
    router.route().handler(BodyHandler.create(false).setBodyLimit(ApiConfig.MAX_BODY_BYTES));
    paths.into(router);
    router.route().handler(new DashboardFiles(config.dashboardRoot())::handle);
    router.route().failureHandler(ApiServer::fail);
    return router;
  }

  private static void fail(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof Problem.Found found) {
      Answers.problem(context, found.problem());
      return;
    }
    int status =
        failure instanceof HttpException http ? http.getStatusCode() : context.statusCode();
    if (status == 413) {
      Answers.problem(
          context,
          Problem.of(413, ProblemCode.BODY_TOO_LARGE.code(), "more than 64 KiB were sent"));
    } else if (status >= 400 && status < 500) {
      Answers.problem(
          context,
          Problem.of(status, ProblemCode.INVALID_PARAMETER.code(), "the request is malformed"));
    } else {
      LOG.atError()
          .addKeyValue("method", context.request().method())
          .addKeyValue("path", context.request().path())
          .setCause(failure)
          .log("request failed");
      Answers.problem(context, Problem.of(500, ProblemCode.INTERNAL.code(), "see the node's log"));
    }
  }
}

package io.skein.chaos.soak;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetServer;
import java.util.Objects;
import java.util.Optional;

/// An endpoint of several tempers: HTTP/1.1 and HTTP/2 on one port, WebSocket there too, bytes
/// echoed on another. It can be killed, connections and all, and come back on the same ports.
final class SoakEndpoint implements AutoCloseable {
  static final int SLOW_PIECES = 10;
  static final int SLOW_PIECE = 1_024;
  private static final int SLOW_PAUSE_MILLIS = 40;
  private static final int RESET_AFTER = 10_000;
  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private Optional<HttpServer> web = Optional.empty();
  private Optional<NetServer> echo = Optional.empty();
  private int webPort;
  private int echoPort;

  SoakEndpoint(Vertx vertx) throws Exception {
    this.vertx = vertx;
    revive();
  }

  /// Listens, on the ports it had before if it had some.
  void revive() throws Exception {
    HttpServer server =
        vertx.createHttpServer().requestHandler(this::answer).webSocketHandler(SoakEndpoint::talk);
    webPort = Waiting.on(server.listen(webPort, LOOPBACK)).actualPort();
    web = Optional.of(server);
    NetServer bytes = vertx.createNetServer().connectHandler(socket -> socket.pipeTo(socket));
    echoPort = Waiting.on(bytes.listen(echoPort, LOOPBACK)).actualPort();
    echo = Optional.of(bytes);
  }

  /// Ends every connection and listens no more.
  void kill() throws Exception {
    Waiting.on(
        Future.join(
            web.map(HttpServer::close).orElse(Future.succeededFuture()),
            echo.map(NetServer::close).orElse(Future.succeededFuture())));
    web = Optional.empty();
    echo = Optional.empty();
  }

  int webPort() {
    return webPort;
  }

  int echoPort() {
    return echoPort;
  }

  /// `length` bytes that every endpoint makes alike.
  static Buffer body(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + i % 23);
    }
    return Buffer.buffer(bytes);
  }

  private void answer(HttpServerRequest request) {
    String path = Objects.requireNonNullElse(request.path(), "/");
    switch (path) {
      case "/echo" -> request.body().onSuccess(body -> request.response().end(body));
      case "/slow" -> {
        request.response().setChunked(true);
        drip(request, SLOW_PIECES);
      }
      case "/bad/reset" -> {
        request.response().putHeader("Content-Length", String.valueOf(10 * RESET_AFTER));
        request
            .response()
            .write(body(RESET_AFTER))
            .onComplete(_ -> vertx.setTimer(20, _ -> request.response().reset()));
      }
      case "/bad/hang" -> {
        // Never answered: the node's patience is asked for.
      }
      default -> {
        int length =
            path.startsWith("/size/") ? Integer.parseInt(path.substring("/size/".length())) : 2;
        request.response().end(body(length));
      }
    }
  }

  private void drip(HttpServerRequest request, int left) {
    if (left == 0) {
      request.response().end();
      return;
    }
    request
        .response()
        .write(body(SLOW_PIECE))
        .onSuccess(_ -> vertx.setTimer(SLOW_PAUSE_MILLIS, _ -> drip(request, left - 1)));
  }

  private static void talk(ServerWebSocket socket) {
    socket.textMessageHandler(socket::writeTextMessage);
  }

  @Override
  public void close() throws Exception {
    kill();
  }
}

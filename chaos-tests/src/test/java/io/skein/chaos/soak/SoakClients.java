package io.skein.chaos.soak;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.List;

/// Everything that clients do to a node during a soak, in every protocol.
final class SoakClients implements AutoCloseable {
  private static final int POST = 64 << 10;
  private static final int BIG = 1 << 20;
  private static final int SHARED = 200_000;
  private static final int MESSAGES = 20;
  private static final int TCP_BYTES = 100_000;
  private static final int PIECES = 8;
  private static final int PIECE = 4_096;
  private static final int PIECE_PAUSE_MILLIS = 30;
  private static final String LOOPBACK = "127.0.0.1";

  private final Vertx vertx;
  private final int web;
  private final int secure;
  private final int raw;
  private final HttpClient http1;
  private final HttpClient http2;
  private final HttpClient https;
  private final WebSocketClient sockets;
  private final NetClient tcp;

  /// @param web port of the listener for HTTP
  /// @param secure port of the listener for HTTP over TLS
  /// @param raw port of the listener for bytes
  SoakClients(Vertx vertx, int web, int secure, int raw) {
    this.vertx = vertx;
    this.web = web;
    this.secure = secure;
    this.raw = raw;
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(32).setHttp2MaxSize(2);
    http1 = vertx.createHttpClient(new HttpClientOptions(), pool);
    http2 =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false),
            pool);
    https =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false),
            pool);
    sockets = vertx.createWebSocketClient();
    tcp = vertx.createNetClient();
  }

  /// All of it, together some hundred requests a second.
  List<Task> tasks() {
    return List.of(
        new Task("GET by HTTP/1.1", false, 10, 1, () -> get(http1, web, "/size/1024", 1_024)),
        new Task("GET by HTTP/2", false, 10, 1, () -> get(http2, web, "/size/1024", 1_024)),
        new Task("GET by HTTP/2 over TLS", false, 10, 1, () -> get(https, secure, "/", 2)),
        new Task("GET through a peer", false, 20, 1, () -> get(http1, web, "/far/", 2)),
        new Task("POST 64 KiB by HTTP/1.1", true, 20, 1, () -> echo(http1, web)),
        new Task("POST 64 KiB by HTTP/2 over TLS", true, 20, 1, () -> echo(https, secure)),
        new Task("GET 1 MiB", true, 100, 1, () -> get(http1, web, "/size/" + BIG, BIG)),
        new Task(
            "GET 200 kB on a shared connection",
            true,
            40,
            2,
            () -> get(http2, web, "/size/" + SHARED, SHARED)),
        new Task("slow answer", true, 0, 4, this::slowAnswer),
        new Task("slow request", true, 0, 4, this::slowRequest),
        new Task("client goes away", true, 50, 1, this::goAway),
        new Task("endpoint resets", true, 100, 1, this::broken),
        new Task("endpoint never answers", true, 500, 1, this::unanswered),
        new Task("WebSocket", true, 50, 2, this::chat),
        new Task("TCP", true, 50, 2, this::bytes));
  }

  private record Answer(int status, Buffer body) {}

  private static Future<Answer> answer(HttpClientRequest request, Future<?> sent) {
    return request
        .response()
        .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body)))
        .compose(answer ->
            sent.isComplete() && sent.failed()
                ? Future.failedFuture(sent.cause())
                : Future.succeededFuture(answer));
  }

  private static Answer ask(
      HttpClient client, HttpMethod method, int port, String path, Buffer body) throws Exception {
    return Waiting.on(
        client
            .request(method, port, LOOPBACK, path)
            .compose(request -> answer(request, request.end(body))));
  }

  private static void get(HttpClient client, int port, String path, int length) throws Exception {
    demand(
        ask(client, HttpMethod.GET, port, path, Buffer.buffer()), SoakEndpoint.body(length), path);
  }

  private static void echo(HttpClient client, int port) throws Exception {
    Buffer body = SoakEndpoint.body(POST);
    demand(ask(client, HttpMethod.POST, port, "/echo", body), body, "/echo");
  }

  private static void demand(Answer answer, Buffer body, String path) throws IOException {
    if (answer.status() != 200) {
      throw new IOException(path + " was answered " + answer.status() + ": " + answer.body());
    }
    if (!answer.body().equals(body)) {
      throw new IOException(path + " was answered with " + answer.body().length() + " wrong bytes");
    }
  }

  private static Buffer repeated(Buffer piece, int times) {
    Buffer whole = Buffer.buffer();
    for (int i = 0; i < times; i++) {
      whole.appendBuffer(piece);
    }
    return whole;
  }

  private void slowAnswer() throws Exception {
    demand(
        ask(http1, HttpMethod.GET, web, "/slow", Buffer.buffer()),
        repeated(SoakEndpoint.body(SoakEndpoint.SLOW_PIECE), SoakEndpoint.SLOW_PIECES),
        "/slow");
  }

  private void slowRequest() throws Exception {
    Buffer piece = SoakEndpoint.body(PIECE);
    Answer answer =
        Waiting.on(
            http1
                .request(HttpMethod.POST, web, LOOPBACK, "/echo")
                .compose(request -> {
                  request.setChunked(true);
                  return answer(request, pieces(request, piece, PIECES));
                }));
    demand(answer, repeated(piece, PIECES), "/echo, sent slowly");
  }

  private Future<Void> pieces(HttpClientRequest request, Buffer piece, int left) {
    if (left == 0) {
      return request.end();
    }
    return request
        .write(piece)
        .compose(_ -> vertx.timer(PIECE_PAUSE_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS))
        .compose(_ -> pieces(request, piece, left - 1));
  }

  /// Takes the beginning of a long answer and leaves. By a plain connection: what a paused answer
  /// of Vert.x' client holds when its request is reset is never given back.
  private void goAway() throws Exception {
    NetSocket socket = Waiting.on(tcp.connect(web, LOOPBACK));
    Promise<Void> came = Promise.promise();
    socket.handler(_ -> {
      socket.pause();
      came.tryComplete();
    });
    socket.closeHandler(_ -> came.tryFail(new IOException("closed before any answer came")));
    socket.write("GET /size/" + BIG + " HTTP/1.1\r\nHost: " + LOOPBACK + "\r\n\r\n");
    try {
      Waiting.on(came.future());
    } finally {
      Waiting.on(socket.close());
    }
  }

  /// An answer cut off by its endpoint must not look whole. Endpoints that do so all the time are
  /// set aside, which is an answer too.
  private void broken() throws Exception {
    Answer answer;
    try {
      answer = ask(http1, HttpMethod.GET, web, "/bad/reset", Buffer.buffer());
    } catch (java.util.concurrent.TimeoutException e) {
      throw e;
    } catch (Exception e) {
      return;
    }
    if (answer.status() < 500) {
      throw new IOException("a broken answer came out as " + answer.status());
    }
  }

  private void unanswered() throws Exception {
    Answer answer = ask(http1, HttpMethod.GET, web, "/bad/hang", Buffer.buffer());
    // One that is down right now cannot even be connected.
    boolean down = answer.status() == 502 && answer.body().toString().contains("connect_failed");
    if (answer.status() != 504 && answer.status() != 503 && !down) {
      throw new IOException("what nobody answers was answered " + answer.status());
    }
  }

  private void chat() throws Exception {
    WebSocket socket = Waiting.on(sockets.connect(web, LOOPBACK, "/ws"));
    Promise<Void> over = Promise.promise();
    int[] seen = {0};
    socket.textMessageHandler(text -> {
      if (!text.equals("message " + seen[0])) {
        over.tryFail(new IOException("instead of message " + seen[0] + " came " + text));
      } else if (++seen[0] == MESSAGES) {
        over.tryComplete();
      } else {
        socket.writeTextMessage("message " + seen[0]);
      }
    });
    socket.closeHandler(_ -> over.tryFail(new IOException("the WebSocket was closed")));
    socket.writeTextMessage("message 0");
    try {
      Waiting.on(over.future());
    } finally {
      Waiting.on(socket.close());
    }
  }

  private void bytes() throws Exception {
    Buffer sent = SoakEndpoint.body(TCP_BYTES);
    NetSocket socket = Waiting.on(tcp.connect(raw, LOOPBACK));
    Promise<Void> over = Promise.promise();
    Buffer back = Buffer.buffer();
    socket.handler(piece -> {
      back.appendBuffer(piece);
      if (back.length() >= TCP_BYTES) {
        over.tryComplete();
      }
    });
    socket.closeHandler(
        _ -> over.tryFail(new IOException("TCP ended after " + back.length() + " bytes")));
    socket.write(sent);
    try {
      Waiting.on(over.future());
    } finally {
      Waiting.on(socket.close());
    }
    if (!back.equals(sent)) {
      throw new IOException("TCP brought wrong bytes back");
    }
  }

  @Override
  public void close() throws Exception {
    Waiting.on(
        Future.join(
            List.of(http1.close(), http2.close(), https.close(), sockets.close(), tcp.close())));
  }
}

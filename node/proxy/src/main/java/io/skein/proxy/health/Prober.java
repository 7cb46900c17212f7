package io.skein.proxy.health;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.skein.proxy.route.Target.EndpointTarget;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks an endpoint once, on a connection of its own: a pooled connection could be fine while the
/// endpoint accepts no new one. Any thread; nothing blocks.
final class Prober implements AutoCloseable {
  private static final int MAX_HEAD_BYTES = 64 << 10;
  private static final Optional<Probe.Tls> PLAIN = Optional.empty();

  private final Vertx vertx;
  private final HttpClientAgent http;
  private final HttpClientAgent http2;
  private final NetClient tcp;

  Prober(Vertx vertx) {
    this.vertx = vertx;
    HttpClientOptions options =
        new HttpClientOptions().setKeepAlive(false).setMaxHeaderSize(MAX_HEAD_BYTES);
    this.http = vertx.createHttpClient(options);
    this.http2 =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setHttp2ClearTextUpgrade(false));
    this.tcp = vertx.createNetClient(new NetClientOptions());
  }

  /// The future never fails, and is complete after `timeout` at the latest.
  Future<CheckResult> ask(EndpointTarget target, Probe probe, Duration timeout) {
    long begun = System.nanoTime();
    Asking asking = new Asking(target, timeout);
    Promise<Void> onLoop = Promise.promise();
    Future<CheckResult> told =
        onLoop
            .future()
            .compose(_ -> answer(asking, probe))
            .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .otherwise(cause -> new CheckResult(false, false, 0, describe(cause)))
            .map(result -> result.after(System.nanoTime() - begun))
            .onComplete(_ -> asking.hangUp());
    // On the loop of the connection: another thread may stand still between two steps, and what an
    // endpoint says meanwhile would be lost.
    vertx.getOrCreateContext().runOnContext(_ -> onLoop.complete());
    return told;
  }

  private Future<CheckResult> answer(Asking asking, Probe probe) {
    return switch (probe) {
      case Probe.Http request -> http(asking, request);
      case Probe.Tcp words -> tcp(asking, words);
      case Probe.Handshake handshake -> handshake(asking, handshake);
      case Probe.Grpc request -> grpc(asking, request);
    };
  }

  @Override
  public void close() {
    http.close();
    http2.close();
    tcp.close();
  }

  /// One question and the connection it is asked on, which ends with it whatever comes.
  private static final class Asking {
    final EndpointTarget target;
    final Duration timeout;
    private Runnable close = () -> {};
    private boolean over;

    Asking(EndpointTarget target, Duration timeout) {
      this.target = target;
      this.timeout = timeout;
    }

    synchronized void on(Runnable closing) {
      close = closing;
      if (over) {
        closing.run();
      }
    }

    synchronized void hangUp() {
      over = true;
      close.run();
    }
  }

  private Future<CheckResult> http(Asking asking, Probe.Http probe) {
    return connect(http, asking, probe.tls())
        .compose(connection -> {
          RequestOptions request = new RequestOptions().setMethod(HttpMethod.GET);
          request.setURI(probe.path()).putHeader(HttpHeaderNames.USER_AGENT, "skein-health");
          probe.fields().forEach(field -> request.addHeader(field.name(), field.value()));
          return connection.request(request);
        })
        .compose(request -> authority(request, probe.host(), asking.target).send())
        .compose(answer -> judge(probe, answer));
  }

  private static Future<CheckResult> judge(Probe.Http probe, HttpClientResponse answer) {
    // Once it is judged, nobody cares how the rest of it ends.
    answer.exceptionHandler(_ -> {});
    int status = answer.statusCode();
    String detail = Integer.toString(status);
    if (probe.good().stream().noneMatch(range -> range.has(status))) {
      return Future.succeededFuture(CheckResult.answer(false, detail));
    }
    if (probe.body().isEmpty()) {
      return Future.succeededFuture(CheckResult.answer(true, detail));
    }
    byte[] wanted = probe.body().get().getBytes(StandardCharsets.UTF_8);
    Promise<CheckResult> found = Promise.promise();
    Buffer read = Buffer.buffer();
    answer.handler(part -> {
      read.appendBuffer(part);
      if (Probe.contains(read.getBytes(), wanted)) {
        found.tryComplete(CheckResult.answer(true, detail));
      } else if (read.length() > Probe.MAX_READ_BYTES) {
        found.tryComplete(
            CheckResult.answer(false, detail + ", the text is not in the body's beginning"));
      }
    });
    answer.endHandler(_ ->
        found.tryComplete(CheckResult.answer(false, detail + ", the text is not in the body")));
    answer.exceptionHandler(found::tryFail);
    return found.future();
  }

  private Future<CheckResult> grpc(Asking asking, Probe.Grpc probe) {
    return connect(http2, asking, probe.tls())
        .compose(connection -> {
          RequestOptions request =
              new RequestOptions().setMethod(HttpMethod.POST).setURI(GrpcHealth.PATH);
          request.putHeader(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
          request.putHeader(HttpHeaderNames.TE, "trailers");
          request.putHeader(HttpHeaderNames.USER_AGENT, "skein-health");
          return connection.request(request);
        })
        .compose(request ->
            authority(request, probe.authority(), asking.target)
                .send(Buffer.buffer(GrpcHealth.request(probe.service()))))
        .compose(Prober::grpcAnswer);
  }

  private static Future<CheckResult> grpcAnswer(HttpClientResponse answer) {
    answer.exceptionHandler(_ -> {});
    if (answer.statusCode() != 200) {
      return Future.succeededFuture(CheckResult.answer(false, "HTTP " + answer.statusCode()));
    }
    Promise<CheckResult> found = Promise.promise();
    Buffer read = Buffer.buffer();
    answer.handler(part -> {
      read.appendBuffer(part);
      if (read.length() > Probe.MAX_READ_BYTES) {
        found.tryComplete(CheckResult.answer(false, "the answer is too long"));
      }
    });
    answer.endHandler(_ -> {
      String code =
          Optional.ofNullable(answer.getTrailer("grpc-status"))
              .or(() -> Optional.ofNullable(answer.getHeader("grpc-status")))
              .orElse("none");
      if (!code.equals("0")) {
        found.tryComplete(CheckResult.answer(false, "grpc-status " + code));
      } else {
        var status = GrpcHealth.status(read.getBytes());
        found.tryComplete(
            status.isEmpty()
                ? CheckResult.answer(false, "not a message of grpc.health.v1")
                : CheckResult.answer(
                    status.getAsInt() == GrpcHealth.SERVING, GrpcHealth.name(status.getAsInt())));
      }
    });
    answer.exceptionHandler(found::tryFail);
    return found.future();
  }

  private static HttpClientRequest authority(
      HttpClientRequest request, Optional<String> wanted, EndpointTarget target) {
    HostAndPort address = HostAndPort.create(target.host(), target.port());
    HostAndPort said = wanted.map(text -> HostAndPort.parseAuthority(text, -1)).orElse(address);
    return request.authority(said == null ? address : said);
  }

  private static Future<HttpClientConnection> connect(
      HttpClientAgent client, Asking asking, Optional<Probe.Tls> tls) {
    HttpConnectOptions options =
        new HttpConnectOptions()
            .setServer(SocketAddress.inetSocketAddress(asking.target.port(), asking.target.host()))
            .setHost(tls.flatMap(Probe.Tls::serverName).orElse(asking.target.host()))
            .setPort(asking.target.port())
            .setSsl(tls.isPresent())
            .setConnectTimeout(asking.timeout.toMillis());
    tls.ifPresent(how -> options.setSslOptions(ssl(how).setUseAlpn(true)));
    return client.connect(options).onSuccess(connection -> asking.on(() -> connection.close()));
  }

  private Future<CheckResult> tcp(Asking asking, Probe.Tcp probe) {
    return dial(asking, PLAIN)
        .compose(socket -> {
          if (probe.send().isEmpty() && probe.expect().isEmpty()) {
            return Future.succeededFuture(CheckResult.answer(true, "connected"));
          }
          Promise<CheckResult> found = Promise.promise();
          byte[] wanted = probe.expect().getBytes(StandardCharsets.UTF_8);
          Buffer read = Buffer.buffer();
          socket.handler(part -> {
            read.appendBuffer(part);
            if (wanted.length > 0 && Probe.contains(read.getBytes(), wanted)) {
              found.tryComplete(CheckResult.answer(true, "said what was expected"));
            } else if (read.length() > Probe.MAX_READ_BYTES) {
              found.tryComplete(CheckResult.answer(false, "said much, not what was expected"));
            }
          });
          socket.closeHandler(_ ->
              found.tryComplete(
                  new CheckResult(false, read.length() > 0, 0, "closed before what was expected")));
          socket.exceptionHandler(found::tryFail);
          Future<Void> sent =
              probe.send().isEmpty() ? Future.succeededFuture() : socket.write(probe.send());
          sent.onFailure(found::tryFail)
              .onSuccess(_ -> {
                if (wanted.length == 0) {
                  found.tryComplete(CheckResult.answer(true, "connected, sent"));
                }
              });
          return found.future();
        });
  }

  private Future<CheckResult> handshake(Asking asking, Probe.Handshake probe) {
    return dial(asking, Optional.of(probe.tls()))
        .map(socket ->
            CheckResult.answer(true, "handshake with " + socket.sslSession().getProtocol()));
  }

  private Future<NetSocket> dial(Asking asking, Optional<Probe.Tls> tls) {
    ConnectOptions options =
        new ConnectOptions()
            .setHost(asking.target.host())
            .setPort(asking.target.port())
            .setSsl(tls.isPresent())
            .setTimeout((int) Math.min(asking.timeout.toMillis(), Integer.MAX_VALUE));
    tls.ifPresent(how -> {
      options.setSslOptions(ssl(how));
      how.serverName().ifPresent(options::setSniServerName);
    });
    return tcp.connect(options).onSuccess(socket -> asking.on(() -> socket.close()));
  }

  private static ClientSSLOptions ssl(Probe.Tls tls) {
    return new ClientSSLOptions()
        .setTrustAll(!tls.verify())
        .setHostnameVerificationAlgorithm(tls.verify() ? "HTTPS" : "");
  }

  private static String describe(Throwable cause) {
    if (cause instanceof TimeoutException
        || cause.getClass().getSimpleName().toLowerCase(Locale.ROOT).contains("timeout")) {
      return "timeout";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}

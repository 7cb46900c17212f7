package io.skein.compare;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/// Vert.x' own reverse proxy as its documentation sets it up. Arguments: port, endpoint's port.
final class VertxProxy {
  public static void main(String[] args) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(512));
    HttpProxy proxy = HttpProxy.reverseProxy(client).origin(Integer.parseInt(args[1]), "127.0.0.1");
    vertx
        .createHttpServer(new HttpServerOptions())
        .requestHandler(proxy)
        .listen(Integer.parseInt(args[0]), "127.0.0.1")
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }
}

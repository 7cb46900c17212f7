package io.skein.compare;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;

/// Vert.x' own reverse proxy. Arguments: port, endpoint's port, and `tuned` for the native
/// transport, one event loop and as many connections to the endpoint as are wanted; without it, as
/// its documentation sets it up.
final class VertxProxy {
  public static void main(String[] args) {
    boolean tuned = args.length > 2 && args[2].equals("tuned");
    Vertx vertx =
        tuned
            ? Vertx.vertx(
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1))
            : Vertx.vertx();
    HttpClient client =
        tuned
            ? vertx.createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(512))
            : vertx.createHttpClient();
    HttpProxy proxy = HttpProxy.reverseProxy(client).origin(Integer.parseInt(args[1]), "127.0.0.1");
    vertx
        .createHttpServer()
        .requestHandler(proxy)
        .listen(Integer.parseInt(args[0]), "127.0.0.1")
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }
}

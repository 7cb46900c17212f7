package io.skein.api;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An API server on a loopback port over a fake mesh whose clock stands still until moved.
final class TestNode {
  final AtomicLong clockMillis = new AtomicLong(1_790_000_300_000L);
  final FakeMesh mesh = new FakeMesh(clockMillis::get);
  final FakeControl control = new FakeControl();
  final Vertx vertx = Vertx.vertx();
  final FakeConfig running = new FakeConfig();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final java.util.List<ApiServer> servers = new java.util.ArrayList<>();
  int port;

  record Reply(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    JsonObject json() {
      return new JsonObject(body);
    }
  }

  void start(ApiConfig config) {
    ApiServer server = new ApiServer(vertx, config, mesh, control, running, () -> "skein_up 1\n");
    servers.add(server);
    port = await(server.listen());
  }

  void stop() {
    servers.forEach(server -> await(server.close().map(true)));
    await(vertx.close().map(true));
    client.close();
  }

  static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Reply get(String path) {
    return send("GET", path, "");
  }

  Reply send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      Map<String, String> flat = new TreeMap<>();
      response
          .headers()
          .map()
          .forEach((name, values) -> flat.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      return new Reply(response.statusCode(), flat, response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Sends exactly this path and Host, which a well-behaved client would correct.
  Reply raw(String method, String path, String host, String body) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(30_000);
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\nConnection: close\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int split = answer.indexOf("\r\n\r\n");
      String[] lines = answer.substring(0, split).split("\r\n");
      Map<String, String> headers = new TreeMap<>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        headers.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip());
      }
      return new Reply(
          Integer.parseInt(lines[0].split(" ")[1]), headers, answer.substring(split + 4));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

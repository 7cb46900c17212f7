package io.skein.chaos.driver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skein.chaos.history.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// An endpoint, a process of its own: every answer is one that was never given before. `GET /t/r1`
/// is answered with `{"id":"r1","service":"chaos-echo","endpoint":"n1","serial":17}`; serial
/// numbers rise, also over restarts. The same line goes to standard output before the answer
/// leaves.
///
/// Arguments: name, host, port. `GET /health` answers 200.
public final class Endpoint {
  /// Prefix of the paths it serves; a request's id follows.
  public static final String PATH = "/t/";

  private static final int BACKLOG = 256;

  private Endpoint() {}

  /// Serves until the process is killed.
  public static void main(String[] args) throws IOException {
    String name = args[0];
    AtomicLong serial = new AtomicLong(System.currentTimeMillis() * 1_000);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(args[1], Integer.parseInt(args[2])), BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, "ok\n"));
    server.createContext(
        PATH,
        exchange -> {
          String line =
              Json.object()
                      .with("id", exchange.getRequestURI().getPath().substring(PATH.length()))
                      .with("service", ProcessMesh.SERVICE)
                      .with("endpoint", name)
                      .with("serial", serial.incrementAndGet())
                  + "\n";
          System.out.write(line.getBytes(StandardCharsets.UTF_8));
          answer(exchange, line);
        });
    server.start();
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}

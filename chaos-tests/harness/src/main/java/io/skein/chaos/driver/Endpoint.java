package io.skein.chaos.driver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// An endpoint, a process of its own: every answer is one that was never given before. It says who
/// answered, to which request (its path), and the how manieth answer of this start it is:
/// `{"endpoint":"n1","start":1763775645509,"serial":17,"path":"/t/4-17"}`.
///
/// Arguments: name, host, port. `GET /health` answers 200.
public final class Endpoint {
  private static final int BACKLOG = 256;

  private Endpoint() {}

  /// Serves until the process is killed.
  public static void main(String[] args) throws IOException {
    String name = args[0];
    long start = System.currentTimeMillis();
    AtomicLong serial = new AtomicLong();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(args[1], Integer.parseInt(args[2])), BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, "ok\n"));
    server.createContext(
        "/",
        exchange ->
            answer(
                exchange,
                "{\"endpoint\":\""
                    + name
                    + "\",\"start\":"
                    + start
                    + ",\"serial\":"
                    + serial.incrementAndGet()
                    + ",\"path\":\""
                    + exchange.getRequestURI().getPath().replaceAll("[^A-Za-z0-9/._-]", "?")
                    + "\"}\n"));
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

package io.skein.app.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One HTTP endpoint of the demo, a process of its own: answers 1 KiB after an exponentially
/// distributed service time, and can be told to fail.
///
/// Arguments: name, port on loopback (0 for any) or HOST:PORT, mean service time in milliseconds.
/// Prints `port N` when it listens. `GET /health` tells its health; `POST /-/fail?percent=P` makes
/// it answer that share of requests with 500.
public final class EndpointServer {
  private static final int BODY_BYTES = 1024;

  private final String name;
  private final double meanMillis;
  private final AtomicInteger failPercent = new AtomicInteger();
  private final byte[] body;

  private EndpointServer(String name, double meanMillis) {
    this.name = name;
    this.meanMillis = meanMillis;
    String line = "served by " + name + "\n";
    this.body = line.repeat(BODY_BYTES / line.length()).getBytes(StandardCharsets.UTF_8);
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: EndpointServer NAME [HOST:]PORT MEAN_MILLIS");
      System.exit(2);
    }
    EndpointServer endpoint = new EndpointServer(args[0], Double.parseDouble(args[2]));
    HttpServer server = HttpServer.create(address(args[1]), 256);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", endpoint::serve);
    server.createContext("/health", endpoint::health);
    server.createContext("/-/fail", endpoint::setFailing);
    server.start();
    System.out.println("port " + server.getAddress().getPort());
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(text))
        : new InetSocketAddress(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  private void serve(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (ThreadLocalRandom.current().nextInt(100) < failPercent.get()) {
      answer(exchange, 500, "failing on purpose\n".getBytes(StandardCharsets.UTF_8));
      return;
    }
    work();
    answer(exchange, 200, body);
  }

  private void work() {
    double millis = -Math.log(1 - ThreadLocalRandom.current().nextDouble()) * meanMillis;
    try {
      TimeUnit.MICROSECONDS.sleep((long) (millis * 1_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void health(HttpExchange exchange) throws IOException {
    boolean failing = failPercent.get() >= 50;
    answer(exchange, failing ? 503 : 200, (name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void setFailing(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    int percent = Integer.parseInt(query.substring(query.indexOf('=') + 1));
    failPercent.set(percent);
    answer(exchange, 200, (name + " fails " + percent + " %\n").getBytes(StandardCharsets.UTF_8));
  }

  private void answer(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set("X-Endpoint", name);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }
}

package io.skein.chaos.driver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skein.chaos.history.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// An endpoint, a process of its own: every answer is one that was never given before. `GET /t/r1`
/// is answered with `{"id":"r1","service":"chaos-echo","endpoint":"n1","serial":17}`; serial
/// numbers rise, also over restarts. The same line goes to standard output before the answer
/// leaves.
///
/// `GET /who` is answered with `{"endpoint":"n1"}`. On a second port it sends lines back
/// ([LineEcho]).
///
/// Arguments: name, host, port, port for lines. `GET /health` answers 200. `POST /mood/500/0` makes
/// it answer 500 to everything from then on, health included; `POST /mood/200/1500` makes it take
/// 1.5 s for each answer, health included; `POST /mood/200/0` ends both.
public final class Endpoint {
  /// Prefix of the paths it serves; a request's id follows.
  public static final String PATH = "/t/";

  /// The path that tells its name.
  public static final String WHO = "/who";

  /// Prefix of the path that sets how it answers: `/mood/STATUS/MILLISECONDS`.
  public static final String MOOD = "/mood/";

  private static final int BACKLOG = 256;
  private static final int GOOD = 200;

  /// How it answers.
  private record Mood(int status, int delayMillis) {}

  private static volatile Mood mood = new Mood(GOOD, 0);

  private Endpoint() {}

  /// Serves until the process is killed.
  public static void main(String[] args) throws IOException {
    String name = args[0];
    AtomicLong serial = new AtomicLong(System.currentTimeMillis() * 1_000);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(args[1], Integer.parseInt(args[2])), BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, mood, "ok\n"));
    String who = Json.object().with("endpoint", name) + "\n";
    server.createContext(WHO, exchange -> answer(exchange, mood, who));
    server.createContext(
        MOOD,
        exchange -> {
          String[] words =
              exchange.getRequestURI().getPath().substring(MOOD.length()).split("/", -1);
          mood = new Mood(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
          answer(exchange, new Mood(GOOD, 0), "ok\n");
        });
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
          answer(exchange, mood, line);
        });
    server.start();
    LineEcho.serve(name, new InetSocketAddress(args[1], Integer.parseInt(args[3])), serial);
  }

  private static void answer(HttpExchange exchange, Mood how, String text) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (how.delayMillis() > 0) {
      LockSupport.parkNanos(how.delayMillis() * 1_000_000L);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(how.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}

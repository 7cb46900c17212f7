package io.skein.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Answers as a node would: fixed bodies by method and path.
final class FakeNode implements AutoCloseable {
  private record Canned(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Deque<Canned>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private final List<String> lastEventIds = new ArrayList<>();

  FakeNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /// Adds an answer; the last one added is repeated.
  FakeNode on(String request, int status, String body) {
    answers.computeIfAbsent(request, _ -> new ArrayDeque<>()).add(new Canned(status, body));
    return this;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What was asked, with bodies, in order.
  List<String> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  /// The Last-Event-ID of each request, in order; empty text where there was none.
  List<String> lastEventIds() {
    synchronized (requests) {
      return List.copyOf(lastEventIds);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    synchronized (requests) {
      String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
      lastEventIds.add(id == null ? "" : id);
      requests.add(sent.isEmpty() ? request : request + " " + sent);
    }
    Deque<Canned> canned = answers.getOrDefault(request, new ArrayDeque<>());
    Canned answer;
    synchronized (canned) {
      Canned none =
          new Canned(
              404,
              "{\"type\":\"/problems/not-found\",\"title\":\"No such path\",\"status\":404,"
                  + "\"detail\":\"nothing is served at this path\",\"code\":\"not-found\"}");
      answer =
          canned.isEmpty() ? none : canned.size() == 1 ? canned.getFirst() : canned.removeFirst();
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

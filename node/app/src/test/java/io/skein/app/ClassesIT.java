package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Classes of requests as a running node learns them from real ones.
@Tag("net")
@Timeout(120)
final class ClassesIT {
  private static final long QUICK_NANOS = 1_000_000;
  private static final long SLOW_NANOS = 12_000_000;

  @TempDir Path folder;

  private final List<HttpServer> endpoints = new ArrayList<>();
  private final AtomicInteger[] reports = {new AtomicInteger(), new AtomicInteger()};
  private MeshOfNodes mesh;
  private Node node;

  @BeforeEach
  void start() throws Exception {
    mesh = new MeshOfNodes(folder);
    node = mesh.start("eu-1");
    // One client at a time: with the usual floor the dearer endpoint would be learned in minutes.
    JsonObject looks = new JsonObject().put("probe-floor", 0.5).put("probe-age", "1ms");
    mesh.put(
        node,
        "/v1/services/web",
        new JsonObject().put("balancing", new JsonObject().put("skein", looks)));
    for (int i = 0; i < 2; i++) {
      HttpServer endpoint = endpoint(i);
      endpoints.add(endpoint);
      String name = "e" + i;
      mesh.put(
          node,
          "/v1/services/web/endpoints/" + name,
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort()));
      mesh.await(name, () -> mesh.endpointState(node, "web", name).equals("healthy"));
    }
  }

  @AfterEach
  void stop() {
    mesh.close();
    endpoints.forEach(endpoint -> endpoint.stop(0));
  }

  /// The first is quick with items and slow with reports, the second the other way round.
  private HttpServer endpoint(int which) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          boolean report = exchange.getRequestURI().getPath().startsWith("/report");
          if (report) {
            reports[which].incrementAndGet();
          }
          long until = System.nanoTime() + (report == (which == 0) ? SLOW_NANOS : QUICK_NANOS);
          for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          if (which == 1) {
            exchange
                .getResponseHeaders()
                .set("endpoint-load-metrics", "TEXT cpu_utilization=0.25, mem_utilization=0.5");
          }
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void aNodeLearnsWhatEachClassTakesWhereAndSendsItThere() throws Exception {
    try (Socket client = client()) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      int[] sent = {0};
      mesh.await(
          "each class is predicted to be quick where it is",
          () -> {
            for (int i = 0; i < 40; i++, sent[0]++) {
              ask(client, in, i % 2 == 0 ? "/item/" + sent[0] + "?q=1" : "/report/" + sent[0]);
            }
            double item0 = predicted("/item/{number}", "web/e0");
            double item1 = predicted("/item/{number}", "web/e1");
            double report0 = predicted("/report/{number}", "web/e0");
            double report1 = predicted("/report/{number}", "web/e1");
            return item0 > 0 && item1 > item0 && report1 > 0 && report0 > report1;
          });
      JsonObject item = at("/item/{number}", "web/e1");
      assertEquals(0.25, item.getDouble("cpu"), 0.001);
      assertEquals(0.5, item.getDouble("memory"), 0.001);
      assertEquals(null, at("/item/{number}", "web/e0").getDouble("cpu"));

      // A busy machine can make the quick one slow for a while. By chance one in 100 million would
      // have so few.
      mesh.await(
          "reports go to the endpoint that is quick with them",
          () -> {
            int slow = reports[0].get();
            int quick = reports[1].get();
            for (int i = 0; i < 200; i++, sent[0]++) {
              ask(client, in, "/report/" + sent[0]);
            }
            int toSlow = reports[0].get() - slow;
            // A late one is tried a second time.
            int all = toSlow + reports[1].get() - quick;
            assertTrue(all >= 200, () -> all + " tries of 200 requests");
            return toSlow < 60 && all < 220;
          });
    }
  }

  @Test
  void nothingIsLearnedWhereNothingIsPredicted() throws Exception {
    mesh.put(
        node,
        "/v1/services/web",
        new JsonObject().put("balancing", new JsonObject().put("predict", false)));
    mesh.await(
        "the service is not learned any more",
        () -> !mesh.get(node, "/v1/services/web/classes").orElseThrow().getBoolean("learned"));
    try (Socket client = client()) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (int i = 0; i < 20; i++) {
        ask(client, in, "/item/" + i);
      }
    }
    JsonObject view = mesh.get(node, "/v1/services/web/classes").orElseThrow();
    assertEquals(0, view.getJsonArray("classes").size());
  }

  private JsonObject at(String template, String endpoint) throws Exception {
    JsonArray classes =
        mesh.get(node, "/v1/services/web/classes").orElseThrow().getJsonArray("classes");
    for (int i = 0; i < classes.size(); i++) {
      if (classes.getJsonObject(i).getString("template").equals(template)) {
        JsonArray there = classes.getJsonObject(i).getJsonArray("endpoints");
        for (int j = 0; j < there.size(); j++) {
          if (there.getJsonObject(j).getString("endpoint").equals(endpoint)) {
            return there.getJsonObject(j);
          }
        }
      }
    }
    return new JsonObject();
  }

  /// 0 if too little is known for a prediction by class.
  private double predicted(String template, String endpoint) throws Exception {
    JsonObject at = at(template, endpoint);
    return at.getString("basis", "nothing").equals("nothing") || at.getInteger("samples") < 20
        ? 0
        : at.getDouble("predictedMs");
  }

  private Socket client() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port());
    client.setTcpNoDelay(true);
    return client;
  }

  private int port() {
    return Objects.requireNonNull(node.bound().listeners().get("web")).port();
  }

  private static void ask(Socket client, InputStream in, String path) {
    try {
      client
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nHost: web\r\nUser-Agent: curl/8\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("closed after " + head);
        }
        head.append((char) next);
      }
      assertTrue(head.toString().startsWith("HTTP/1.1 200 "), head::toString);
      in.readNBytes(2);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

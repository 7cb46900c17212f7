package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// CORS and compression as an operator asks a running node for them, seen by curl.
@Tag("net")
@Timeout(120)
final class BrowsersIT {
  private static final String TEXT = "many words of one kind ".repeat(200);

  @TempDir Path folder;

  @Test
  void aNodeDoesForBrowsersWhatServiceAndRouteSay() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    endpoint.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = TEXT.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    endpoint.start();
    try (MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Node node = mesh.start("eu-1");
      mesh.put(
          node,
          "/v1/services/web",
          new JsonObject()
              .put(
                  "cors",
                  new JsonObject().put("origins", new JsonArray().add("https://*.shop.example")))
              .put("compression", new JsonObject().put("enabled", true)));
      mesh.put(
          node,
          "/v1/services/web/endpoints/a",
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort()));
      JsonObject match =
          new JsonObject()
              .put("path", new JsonObject().put("prefix", "/secret"))
              .put("methods", new JsonArray().add("PUT"));
      mesh.put(
          node,
          "/v1/routes/secret",
          new JsonObject()
              .put("match", match)
              .put("services", new JsonArray().add(new JsonObject().put("name", "web")))
              .put("compression", new JsonObject().put("enabled", false))
              .put(
                  "cors",
                  new JsonObject()
                      .put("origins", new JsonArray().add("https://other.example"))
                      .put("methods", new JsonArray().add("PUT"))));
      String url = "http://" + node.bound().listeners().get("web");
      mesh.await(
          "the route is followed",
          () -> preflight(url + "/secret", "https://other.example").contains("https://other."));
      int before = asked.get();

      // The service's own word, then the route's for the method that a preflight names.
      String service = preflight(url + "/", "https://a.shop.example");
      assertTrue(service.contains("access-control-allow-origin: https://a.shop.example"), service);
      String none = preflight(url + "/secret", "https://a.shop.example");
      assertTrue(none.startsWith("http/1.1 204") && !none.contains("allow-origin"), none);
      assertEquals(before, asked.get());

      String text = curl("-i", "-H", "Accept-Encoding: gzip", url + "/");
      assertTrue(text.toLowerCase(java.util.Locale.ROOT).contains("content-encoding: gzip"), text);
      assertEquals(TEXT, curl("--compressed", url + "/"));
      String plain = curl("-i", "-X", "PUT", "-H", "Accept-Encoding: gzip", url + "/secret");
      assertTrue(plain.endsWith(TEXT), plain);
    } finally {
      endpoint.stop(0);
    }
  }

  private static String preflight(String url, String origin) throws Exception {
    return curl(
            "-i",
            "-X",
            "OPTIONS",
            "-H",
            "Origin: " + origin,
            "-H",
            "Access-Control-Request-Method: PUT",
            url)
        .toLowerCase(java.util.Locale.ROOT);
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "30"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      return text;
    }
  }
}

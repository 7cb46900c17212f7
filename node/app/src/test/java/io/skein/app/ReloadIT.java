package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.api.RunningConfig.Reload;
import io.skein.api.view.ReloadView;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node does when it is to read its configuration file again.
@Tag("net")
final class ReloadIT {
  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer endpoint;
  private MeshOfNodes mesh;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    endpoint.start();
    mesh = new MeshOfNodes(folder);
    file = folder.resolve("skein.yaml");
  }

  @AfterEach
  void stop() {
    mesh.close();
    endpoint.stop(0);
    http.close();
  }

  private String url() {
    return "http://127.0.0.1:" + endpoint.getAddress().getPort();
  }

  private void write(String text) throws IOException {
    Files.writeString(
        file,
        text.replace("URL", url()) + (text.contains("mesh:") ? "" : "mesh: {directory: false}\n"));
  }

  private static final String ONE =
      """
      listeners:
        - {name: web, bind: "127.0.0.1:0"}
      services:
        - name: orders
          hosts: ["127.0.0.1"]
          endpoints: [{name: a, url: "URL"}]
      """;

  private Node node() throws Exception {
    Node node = mesh.start("eu-1", "--config=" + file);
    mesh.await("an answer", () -> ask(node, "web", "/") == 200);
    return node;
  }

  private int ask(Node node, String listener, String path) throws Exception {
    URI at = URI.create(node.reloading().view().listeners().get(listener) + path);
    try {
      return http.send(HttpRequest.newBuilder(at).build(), HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (ConnectException e) {
      return 0;
    }
  }

  private static Reload reload(Node node) throws Exception {
    return node.reloading().reload(false).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static ReloadView applied(Node node) throws Exception {
    return assertInstanceOf(Reload.Done.class, reload(node)).view();
  }

  private static Reload.Refused refused(Node node) throws Exception {
    return assertInstanceOf(Reload.Refused.class, reload(node));
  }

  @Test
  void contractsComeChangeAndGoWithTheFile() throws Exception {
    String contract =
        """
        contracts:
          - name: orders-fast
            service: orders
            require: p99_ms <= 200
            penalty: 0.2
        """;
    write(ONE + contract);
    Node node = node();
    mesh.await("the contract stands", () -> requirement(node).equals("p99_ms <= 200"));

    write(ONE + contract.replace("200", "300"));
    ReloadView changed = applied(node);
    assertEquals(
        List.of("contracts[orders-fast].require: p99_ms <= 200 -> p99_ms <= 300"),
        changed.changes().stream().map(ReloadView.Change::text).toList());
    assertEquals(List.of("put contract/orders-fast"), records(changed));
    assertEquals("p99_ms <= 300", requirement(node));
    assertEquals("unchanged", applied(node).outcome());

    write(ONE + contract.replace("p99_ms <= 200", "p98_ms <= 200"));
    Reload.Refused refused = refused(node);
    assertEquals(422, refused.status());
    String shown = String.valueOf(refused.problems().getFirst().get("shown"));
    assertTrue(shown.contains("skein.yaml:10:14: error: contracts[0].require: 1:1: "), shown);
    assertTrue(shown.contains("known are p50_us, p99_us"), shown);
    assertTrue(shown.contains("[SK1027]"), shown);
    assertEquals("p99_ms <= 300", requirement(node), "as it was");

    mesh.put(
        node,
        "/v1/contracts/others",
        new JsonObject().put("service", "orders").put("require", "requests > 0"));
    write(ONE);
    assertEquals(List.of("removed contract/orders-fast"), records(applied(node)));
    assertEquals("", requirement(node));
    assertEquals(1, contracts(node).size(), "what came by the API stays");
  }

  private List<JsonObject> contracts(Node node) throws Exception {
    return mesh.get(node, "/v1/contracts").orElseThrow().getJsonArray("contracts").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private String requirement(Node node) throws Exception {
    return contracts(node).stream()
        .filter(each -> each.getString("name").equals("orders-fast"))
        .map(each -> each.getJsonObject("document").getString("require"))
        .findFirst()
        .orElse("");
  }

  private static List<String> records(ReloadView view) {
    return view.records().stream().map(each -> each.change() + " " + each.key()).toList();
  }

  @Test
  void appliesWhatChangedAndSaysWhat() throws Exception {
    write(ONE);
    Node node = node();

    write(
        """
        log: {level: warn}
        proxy: {timeouts: {connect: 2s}}
        listeners:
          - {name: web, bind: "127.0.0.1:0"}
          - {name: more, bind: "127.0.0.1:0"}
        services:
          - name: orders
            hosts: ["127.0.0.1"]
            slow-after: 3s
            endpoints: [{name: a, url: "URL"}]
          - name: shop
            path: /shop
            hosts: ["127.0.0.1"]
            endpoints: [{name: b, url: "URL"}]
        """);
    ReloadView view = applied(node);

    assertEquals("applied", view.outcome());
    assertEquals(2, view.generation());
    assertEquals(
        List.of(
            "listeners[more]: added",
            "services[orders].slow-after: 1s -> 3s",
            "services[shop]: added",
            "proxy.timeouts.connect: 1s -> 2s",
            "log.level: info -> warn"),
        view.changes().stream().map(ReloadView.Change::text).toList());
    assertEquals(
        List.of("put service/orders", "put service/shop", "put endpoint/shop/b"), records(view));
    assertEquals(200, ask(node, "more", "/shop"), "at once, not after a while");
    assertEquals("warn", value(node, "log.level"));

    assertEquals("unchanged", applied(node).outcome());
    assertEquals(2, node.reloading().view().generation());
  }

  @Test
  void removesWhatTheFileBroughtAndNothingElse() throws Exception {
    write(
        ONE
            + """
              - name: gone
                hosts: [gone.example]
                endpoints: [{name: x, url: "URL"}]
            routes:
              - name: by-file
                match: {hosts: [file.example]}
                services: [{name: orders}]
            """);
    Node node = node();
    JsonObject api = new JsonObject().put("url", url()).put("owner", "region");
    mesh.put(node, "/v1/services/orders/endpoints/by-api", api);
    mesh.put(node, "/v1/services/api", new JsonObject().put("path", "/api"));

    write(ONE.replace("[{name: a, url: \"URL\"}]", "[{name: c, url: \"URL\"}]"));
    ReloadView view = applied(node);

    assertEquals(
        List.of(
            "put endpoint/orders/c",
            "removed route/by-file",
            "removed endpoint/gone/x",
            "removed endpoint/orders/a",
            "removed service/gone"),
        view.records().stream().map(each -> each.change() + " " + each.key()).toList());
    assertEquals(
        List.of("api", "orders"),
        List.copyOf(node.core().declarations().catalogue().get(45, TimeUnit.SECONDS).keySet())
            .stream()
            .sorted()
            .toList());

    // What others use is not taken from them.
    write("listeners:\n  - {name: web, bind: \"127.0.0.1:0\"}\n");
    ReloadView last = applied(node);
    assertEquals(List.of("removed endpoint/orders/c"), keys(last));
    assertEquals("1 endpoint of others", last.kept().get("service/orders"));
  }

  private static List<String> keys(ReloadView view) {
    return view.records().stream().map(each -> each.change() + " " + each.key()).toList();
  }

  private static String value(Node node, String key) {
    return node.reloading().view().values().stream()
        .filter(each -> each.key().equals(key))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void changesNothingIfAnythingIsWrong() throws Exception {
    write(ONE);
    Node node = node();

    write(ONE.replace("services:", "log: {level: debgu}\nservcies:"));
    Reload.Refused wrong = refused(node);
    assertEquals(422, wrong.status());
    assertEquals(2, wrong.problems().size());
    assertEquals(3, wrong.problems().getFirst().get("line"));
    assertEquals(4, wrong.problems().getLast().get("line"));
    assertTrue(
        String.valueOf(wrong.problems().getLast().get("shown"))
            .contains("did you mean 'services'"));

    write("node: {zone: z9, region: us}\nlog: {level: warn}\nmesh: {directory: true}\n" + ONE);
    Reload.Refused restart = refused(node);
    assertEquals(409, restart.status());
    assertEquals("needs-restart", restart.code());
    // Not the region: a flag says it, and wins over the file.
    assertEquals(
        "node.zone, mesh.directory: needs a restart; nothing was changed", restart.detail());
    assertEquals("info", value(node, "log.level"));
  }

  @Test
  void refusesAnAddressThatIsTakenAndKeepsAll() throws Exception {
    write(ONE);
    Node node = node();
    int taken = endpoint.getAddress().getPort();
    write(
        """
        log: {level: warn}
        listeners:
          - {name: extra, bind: "127.0.0.1:0"}
          - {name: taken, bind: "127.0.0.1:PORT"}
        """
            .replace("PORT", "" + taken));

    Reload.Refused refused = refused(node);

    assertEquals(422, refused.status());
    assertEquals("listeners[1].bind", refused.problems().getFirst().get("key"));
    assertEquals("info", value(node, "log.level"));
    assertEquals(200, ask(node, "web", "/"));
    assertFalse(node.reloading().view().listeners().containsKey("extra"));
  }
}

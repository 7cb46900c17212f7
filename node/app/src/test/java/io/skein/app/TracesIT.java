package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.skein.app.telemetry.Collector;
import io.skein.app.telemetry.SpanExport;
import io.skein.proxy.trace.Tracer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Spans as a collector gets them: what arrives is decoded with OpenTelemetry's own classes.
@Tag("net")
@Timeout(120)
final class TracesIT {
  @TempDir Path folder;

  private record Told(String node, Span span) {}

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final List<String> parents = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer server;
  private volatile int collectorStatus = 200;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = new GZIPInputStream(exchange.getRequestBody()).readAllBytes();
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          if (collectorStatus == 200) {
            for (ResourceSpans resource :
                ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
              String node =
                  resource.getResource().getAttributesList().stream()
                      .filter(each -> each.getKey().equals("service.instance.id"))
                      .findFirst()
                      .orElseThrow()
                      .getValue()
                      .getStringValue();
              for (ScopeSpans scope : resource.getScopeSpansList()) {
                scope.getSpansList().forEach(span -> told.add(new Told(node, span)));
              }
            }
          }
          exchange.sendResponseHeaders(collectorStatus, -1);
          exchange.close();
        });
    server.createContext(
        "/",
        exchange -> {
          parents.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
          boolean bad = exchange.getRequestURI().getPath().equals("/bad");
          exchange.sendResponseHeaders(bad ? 503 : 204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    http.close();
  }

  private Collector collector(String path) {
    return new Collector(url() + path, Optional.empty(), "n", "r", "");
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void aRequestIsOneTraceAcrossPeers() throws Exception {
    Files.writeString(folder.resolve("token"), "Bearer abc\n");
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        "listeners: [{name: web, bind: \"127.0.0.1:0\"}]\ntracing: {sample: 0, endpoint: \""
            + url()
            + "\", authorization-file: "
            + folder.resolve("token")
            + "}\n");
    try (MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Node one = mesh.start("eu-1", "--config=" + file);
      String token = mesh.invite(one, 1, Duration.ofHours(1));
      Node two =
          mesh.start(
              "us-1", "--config=" + file, "--seed=" + one.bound().mesh(), "--token=" + token);
      mesh.await("the owner to be known", () -> mesh.stateOf(one, "us-1").equals("alive"));
      mesh.put(one, "/v1/services/web", new JsonObject());
      mesh.put(
          one,
          "/v1/services/web/endpoints/a",
          new JsonObject().put("url", url()).put("owner", "us-1"));
      mesh.await("a way through the other node", () -> ask(one, "/", "") == 204);
      String trace = "0123456789abcdef0123456789abcdef";
      String parent = "00f067aa0ba902b7";
      assertEquals(204, ask(one, "/x?secret=1", "00-" + trace + "-" + parent + "-01"));
      mesh.await("all four spans", () -> of(trace).size() == 4);

      Told outer = one(trace, "eu-1", Span.SpanKind.SPAN_KIND_SERVER);
      Told onward = one(trace, "eu-1", Span.SpanKind.SPAN_KIND_CLIENT);
      Told inner = one(trace, "us-1", Span.SpanKind.SPAN_KIND_SERVER);
      Told last = one(trace, "us-1", Span.SpanKind.SPAN_KIND_CLIENT);
      assertEquals(parent, hex(outer.span().getParentSpanId()));
      assertEquals(outer.span().getSpanId(), onward.span().getParentSpanId());
      assertEquals(onward.span().getSpanId(), inner.span().getParentSpanId());
      assertEquals(inner.span().getSpanId(), last.span().getParentSpanId());
      assertEquals("00-" + trace + "-" + hex(last.span().getSpanId()) + "-01", parents.getLast());
      assertEquals("GET", outer.span().getName());
      assertEquals("GET", attribute(outer, "http.request.method"));
      assertEquals("204", attribute(outer, "http.response.status_code"));
      assertEquals("/x", attribute(outer, "url.path"));
      assertEquals("http", attribute(outer, "url.scheme"));
      assertEquals("127.0.0.1", attribute(outer, "client.address"));
      assertEquals("web", attribute(outer, "skein.service"));
      assertEquals("ok", attribute(outer, "skein.reason"));
      assertEquals("web/a", attribute(last, "skein.endpoint"));
      assertEquals("127.0.0.1", attribute(last, "server.address"));
      assertEquals(Integer.toString(server.getAddress().getPort()), attribute(last, "server.port"));
      assertEquals("", attribute(outer, "error.type"));
      // Two nodes' clocks, and an answer is through the first before the second notes its end.
      long clocks = TimeUnit.MILLISECONDS.toNanos(20);
      assertTrue(
          outer.span().getStartTimeUnixNano() <= last.span().getStartTimeUnixNano() + clocks
              && outer.span().getEndTimeUnixNano() >= last.span().getStartTimeUnixNano() - clocks,
          () -> outer + " " + last);
      long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
      assertTrue(Math.abs(now - outer.span().getEndTimeUnixNano()) < TimeUnit.MINUTES.toNanos(2));
      assertTrue(told.stream().noneMatch(each -> each.span().toString().contains("secret")));
      assertEquals("Bearer abc", authorizations.getLast());

      // An endpoint's failure is an error of both spans.
      String second = "1123456789abcdef0123456789abcdef";
      assertEquals(503, ask(two, "/bad", "00-" + second + "-" + parent + "-01"));
      mesh.await("its spans", () -> of(second).size() >= 2);
      Told failed = one(second, "us-1", Span.SpanKind.SPAN_KIND_SERVER);
      assertEquals("503", attribute(failed, "error.type"));
      assertEquals(Status.StatusCode.STATUS_CODE_ERROR, failed.span().getStatus().getCode());

      // Nobody asked for these to be traced.
      String third = "2123456789abcdef0123456789abcdef";
      String unsampled = "00-" + third + "-" + parent + "-00";
      assertEquals(204, ask(two, "/", unsampled));
      assertEquals(unsampled, parents.getLast());
      assertEquals(204, ask(two, "/", ""));
      assertTrue(parents.getLast().endsWith("-00"), parents.getLast());
      assertEquals(204, ask(two, "/", "00-" + second + "-" + parent + "-01"));
      mesh.await("the last one's", () -> of(second).size() >= 4);
      assertEquals(List.of(), of(third));
      assertEquals(
          List.of(trace, second),
          told.stream().map(t -> hex(t.span().getTraceId())).distinct().toList());
    }
  }

  @Test
  void whatACollectorDoesNotTakeIsLostAndCounted() throws Exception {
    collectorStatus = 503;
    Tracer tracer = Tracer.of(1, 16);
    try (SpanExport export = new SpanExport(tracer, collector("/v1/traces"))) {
      offer(export.tracer(), 5);
      await(() -> tracer.lost() == 5);
      collectorStatus = 200;
      offer(tracer, 3);
      await(() -> told.size() == 3);
      assertEquals(5, tracer.lost());
    }
    // What waits at the end is sent.
    try (SpanExport export = new SpanExport(tracer, collector("/v1/traces"))) {
      offer(export.tracer(), 2);
    }
    assertEquals(5, told.size());
  }

  private static void offer(Tracer tracer, int count) {
    for (int i = 1; i <= count; i++) {
      tracer.offer(
          new io.skein.proxy.trace.Span(
              1,
              2,
              i,
              0,
              System.nanoTime(),
              System.nanoTime(),
              new io.skein.proxy.trace.Span.Asked("GET", "http", "h", "/", "2", "c", "", ""),
              200,
              "",
              "s",
              "ok",
              Optional.empty()));
    }
  }

  private static void await(java.util.function.BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "never");
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  private List<Told> of(String trace) {
    List<Told> all = new ArrayList<>();
    for (Told each : told) {
      if (hex(each.span().getTraceId()).equals(trace)) {
        all.add(each);
      }
    }
    return all;
  }

  private Told one(String trace, String node, Span.SpanKind kind) {
    return of(trace).stream()
        .filter(each -> each.node().equals(node) && each.span().getKind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static String attribute(Told told, String key) {
    return told.span().getAttributesList().stream()
        .filter(each -> each.getKey().equals(key))
        .map(each ->
            each.getValue().hasIntValue()
                ? Long.toString(each.getValue().getIntValue())
                : each.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  private int ask(Node node, String path, String parent) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + node.bound().listeners().get("web") + path))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(30));
    if (!parent.isEmpty()) {
      request.header("traceparent", parent);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}

package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Metrics as a collector gets them: what arrives is decoded with OpenTelemetry's own classes.
@Tag("net")
@Timeout(120)
final class MetricsIT {
  @TempDir Path folder;

  private final List<ExportMetricsServiceRequest> told = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private volatile int status = 503;

  @Test
  void aCollectorGetsWhatAScraperSees() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/metrics",
        exchange -> {
          byte[] body = new GZIPInputStream(exchange.getRequestBody()).readAllBytes();
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          int answer = status;
          if (answer == 200) {
            told.add(ExportMetricsServiceRequest.parseFrom(body));
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Files.writeString(folder.resolve("token"), "Bearer abc\n");
    Path file = folder.resolve("skein.yaml");
    Files.writeString(
        file,
        """
        listeners: [{name: web, bind: "127.0.0.1:0"}]
        metrics: {endpoint: "%s", interval: 1s, authorization-file: %s}
        """
            .formatted(url, folder.resolve("token")));
    try (MeshOfNodes mesh = new MeshOfNodes(folder);
        HttpClient http = HttpClient.newHttpClient()) {
      Node node = mesh.start("eu-1", "--config=" + file);
      mesh.put(node, "/v1/services/web", new JsonObject());
      mesh.put(node, "/v1/services/web/endpoints/a", new JsonObject().put("url", url));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + node.bound().listeners().get("web") + "/x"))
              .build();
      mesh.await(
          "the endpoint",
          () -> http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 204);
      mesh.await("a reading that is refused", () -> !authorizations.isEmpty());
      assertTrue(told.isEmpty());
      status = 200;
      // What was refused is in the next: readings are cumulative.
      mesh.await("a reading with the request", () -> served() >= 1);
      long before = served();
      assertEquals(204, http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      mesh.await("one more", () -> served() == before + 1);
    } finally {
      server.stop(0);
    }
    assertEquals(List.of("Bearer abc"), authorizations.stream().distinct().toList());
    Map<String, String> who =
        attributes(told.getLast().getResourceMetrics(0).getResource().getAttributesList());
    assertEquals("skein", who.get("service.name"));
    assertEquals("eu-1", who.get("service.instance.id"));

    Map<String, Metric> metrics = last();
    assertTrue(metric(metrics, "skein_http_requests").getSum().getIsMonotonic());
    assertEquals(
        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
        metric(metrics, "skein_http_requests").getSum().getAggregationTemporality());
    assertEquals(1, metric(metrics, "skein_members").getGauge().getDataPoints(0).getAsDouble());
    HistogramDataPoint latency =
        metric(metrics, "http_server_request_duration_seconds")
            .getHistogram()
            .getDataPointsList()
            .stream()
            .filter(each -> attributes(each.getAttributesList()).equals(Map.of("service", "web")))
            .findFirst()
            .orElseThrow();
    assertEquals(latency.getExplicitBoundsCount() + 1, latency.getBucketCountsCount());
    assertEquals(
        latency.getCount(),
        latency.getBucketCountsList().stream().mapToLong(Long::longValue).sum());
    assertTrue(latency.getCount() >= 2 && latency.getSum() > 0, latency::toString);
    assertTrue(latency.getStartTimeUnixNano() < latency.getTimeUnixNano());
    assertFalse(metric(metrics, "jvm_memory_used_bytes").getGauge().getDataPointsList().isEmpty());
    assertEquals(
        Set.of("configuration", "ledger", "data-plane", "api", "mesh", "listeners"),
        metric(metrics, "skein_start_seconds").getGauge().getDataPointsList().stream()
            .map(point -> attributes(point.getAttributesList()).get("stage"))
            .collect(Collectors.toSet()));
  }

  private Map<String, Metric> last() {
    return told.getLast().getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
        .collect(Collectors.toMap(Metric::getName, Function.identity()));
  }

  private static Metric metric(Map<String, Metric> metrics, String name) {
    return Objects.requireNonNull(metrics.get(name), name);
  }

  private long served() {
    if (told.isEmpty() || !last().containsKey("skein_http_requests")) {
      return 0;
    }
    return metric(last(), "skein_http_requests").getSum().getDataPointsList().stream()
        .filter(each -> "2xx".equals(attributes(each.getAttributesList()).get("status")))
        .mapToLong(MetricsIT::value)
        .sum();
  }

  private static long value(NumberDataPoint point) {
    return Math.round(point.getAsDouble());
  }

  private static Map<String, String> attributes(List<KeyValue> all) {
    return all.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> each.getValue().getStringValue()));
  }
}

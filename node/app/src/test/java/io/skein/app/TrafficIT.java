package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is said of a service's traffic holds on a running node.
@Tag("net")
@Timeout(60)
final class TrafficIT {
  @TempDir Path folder;

  @Test
  void aServiceHasItsOwnPatience() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    HttpServer endpoint =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    endpoint.createContext(
        "/",
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    endpoint.start();
    try (MeshOfNodes mesh = new MeshOfNodes(folder)) {
      Node node = mesh.start("eu-1");
      JsonObject traffic =
          new JsonObject()
              .put("timeouts", new JsonObject().put("first-byte", "100ms"))
              .put("retries", new JsonObject().put("budget", 0.0));
      mesh.put(node, "/v1/services/web", traffic.copy().put("path", "/"));
      mesh.put(
          node,
          "/v1/services/web/endpoints/a",
          new JsonObject().put("url", "http://127.0.0.1:" + endpoint.getAddress().getPort()));
      mesh.await(
          "the service is there", () -> mesh.endpointState(node, "web", "a").equals("healthy"));

      // Far below the node's 30 s, which the test would not survive.
      HttpResponse<String> answer = mesh.request(node, "/slow");

      assertEquals(504, answer.statusCode());
      JsonObject service =
          mesh.get(node, "/v1/services").orElseThrow().getJsonArray("services").getJsonObject(0);
      assertEquals(traffic, service.getJsonObject("traffic"));
      assertEquals(0, service.getJsonArray("trafficFaults").size());
    } finally {
      over.countDown();
      endpoint.stop(0);
    }
  }
}

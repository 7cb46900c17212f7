package io.skein.chaos.soak;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.skein.chaos.ApiProbe;
import io.skein.chaos.Await;
import io.skein.chaos.NodeProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Half an hour of everything at once on a node with a peer: HTTP/1.1 and HTTP/2 with and without
/// TLS, WebSocket, TCP, slow bodies both ways, clients that leave, endpoints that break off, never
/// answer or are killed every few seconds and come back. No failure that no kill explains, and
/// nothing that grows. `-Dsoak.minutes=30` says how long, `-Dsoak.seed` which endpoint dies when.
@Tag("nightly")
@Tag("process")
class SoakTest {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("soak.minutes", "30"));
  private static final long SEED = Long.getLong("soak.seed", 1);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SAMPLES = 30;

  /// In a short run the second half is still warming up: the compiler works, and what is kept for
  /// minutes (receipts, traffic by the second, newest records) is not full yet.
  private static final boolean SHORT = MINUTES < 10;

  private static final double HEAP_GROWTH_MIB = SHORT ? 8 : 3;
  private static final double REST_GROWTH_MIB = SHORT ? 32 : 16;

  @TempDir Path folder;

  @Test
  void nothingLeaksAndNothingFailsUnexplained() throws Exception {
    Vertx vertx = Vertx.vertx();
    List<SoakEndpoint> endpoints =
        List.of(new SoakEndpoint(vertx), new SoakEndpoint(vertx), new SoakEndpoint(vertx));
    SoakEndpoint far = new SoakEndpoint(vertx);
    try (NodeProcess node = NodeProcess.configured(folder, "a", configuration())) {
      node.awaitReady();
      try (NodeProcess peer = NodeProcess.join(folder, "b", node, node.probe().invite(1, 600))) {
        peer.awaitReady();
        declare(node.probe(), endpoints);
        put(peer.probe(), "/v1/services/far", "{\"hosts\":[\"127.0.0.1\"],\"path\":\"/far/\"}");
        put(
            peer.probe(),
            "/v1/services/far/endpoints/only",
            "{\"url\":\"http://127.0.0.1:" + far.webPort() + "\"}");
        Await.seconds("all endpoints are healthy", SOON, () -> healthy(node.probe()) == 10);
        soak(vertx, node, peer, endpoints);
      }
    } finally {
      for (SoakEndpoint endpoint : endpoints) {
        endpoint.close();
      }
      far.close();
      Waiting.on(vertx.close());
    }
  }

  private static void soak(
      Vertx vertx, NodeProcess node, NodeProcess peer, List<SoakEndpoint> endpoints)
      throws Exception {
    long begun = System.nanoTime();
    long length = (long) (MINUTES * 60e9);
    SplittableRandom random = new SplittableRandom(SEED);
    List<Footprint> seen = new ArrayList<>();
    int killed = 0;
    Workload workload;
    Footprint last;
    try (Stalls stalls =
            new Stalls(List.of(node.pid(), peer.pid(), ProcessHandle.current().pid()));
        SoakClients clients =
            new SoakClients(vertx, port(node, "web"), port(node, "secure"), port(node, "raw"))) {
      workload = new Workload(clients.tasks(), stalls, () -> scene(node));
      try (workload) {
        while (System.nanoTime() - begun < length) {
          TimeUnit.MILLISECONDS.sleep(random.nextLong(3_000, 8_000));
          SoakEndpoint victim = endpoints.get(random.nextInt(endpoints.size()));
          long from = System.nanoTime();
          victim.kill();
          workload.killed(from, System.nanoTime());
          killed++;
          TimeUnit.MILLISECONDS.sleep(random.nextLong(1_000, 5_000));
          victim.revive();
          if (System.nanoTime() - begun > (seen.size() + 1) * length / SAMPLES) {
            seen.add(Footprint.of(node.pid(), node.api(), (System.nanoTime() - begun) / 1e9));
            System.out.printf(
                "soak: %s; %d runs, %d explained, %d starved and %d unexplained failures%n",
                seen.getLast(),
                workload.total(),
                workload.explained(),
                workload.starved(),
                workload.unexplained());
          }
        }
      }
    }
    Await.seconds("no client is left", SOON, () -> Footprint.connections(node.api()) == 0);
    last = Footprint.of(node.pid(), node.api(), (System.nanoTime() - begun) / 1e9);
    double heap = growth(seen, Footprint::heapMiB);
    double resident = growth(seen, Footprint::residentMiB);
    double rest = growth(seen, Footprint::restMiB);
    String verdict =
        String.format(
            "nightly: soak: %.1f min, seed %d: %d runs of %d kinds, %d kills, %d failures explained by"
                + " them, %d by want of a processor, %d unexplained; in the second half heap %+.1f MiB, resident %+.1f MiB"
                + " (%+.1f without heap and code); at the end %s",
            MINUTES,
            SEED,
            workload.total(),
            workload.runs().size(),
            killed,
            workload.explained(),
            workload.starved(),
            workload.unexplained(),
            heap,
            resident,
            rest,
            last);
    System.out.println(verdict);
    workload
        .runs()
        .forEach((name, count) -> System.out.printf("soak: %8d × %s%n", count.get(), name));
    assertAll(
        () -> assertEquals(List.of(), workload.listed()),
        () -> assertEquals(0, workload.unexplained()),
        () ->
            workload
                .runs()
                .forEach((name, count) -> assertTrue(count.get() > 0, name + " never ran")),
        () -> assertTrue(heap < HEAP_GROWTH_MIB, "the heap grows by " + heap + " MiB"),
        () -> assertTrue(rest < REST_GROWTH_MIB, "what is no heap grows by " + rest + " MiB"),
        () ->
            assertTrue(
                last.files() <= seen.getFirst().files(), "files open: " + seen.getFirst() + last),
        () -> assertEquals(200, node.probe().status("/readyz"), node::log));
  }

  /// What the node thinks of the endpoints of the service that must not fail, and what its retries
  /// came to.
  private static String scene(NodeProcess node) {
    StringBuilder scene = new StringBuilder();
    try {
      for (JsonNode service : node.probe().page("/v1/services").get("services")) {
        if (service.get("name").asText().equals("web")) {
          for (JsonNode endpoint : service.get("endpoints")) {
            scene.append(
                "%s %s (%s) "
                    .formatted(
                        endpoint.get("id").asText(),
                        endpoint.get("state").asText(),
                        endpoint.get("reason").asText()));
          }
        }
      }
      Footprint.metrics(node.api()).stream()
          .filter(line -> !line.startsWith("#") && line.contains("retr"))
          .forEach(line -> scene.append(line).append(' '));
    } catch (Exception | AssertionError e) {
      scene.append(e);
    }
    return scene.toString();
  }

  /// What a quantity grew by over the second half, by the line of least squares through it.
  private static double growth(List<Footprint> all, ToDoubleFunction<Footprint> quantity) {
    List<Footprint> half = all.subList(all.size() / 2, all.size());
    double meanX = half.stream().mapToDouble(Footprint::second).average().orElse(0);
    double meanY = half.stream().mapToDouble(quantity).average().orElse(0);
    double xy = 0;
    double xx = 0;
    for (Footprint one : half) {
      xy += (one.second() - meanX) * (quantity.applyAsDouble(one) - meanY);
      xx += (one.second() - meanX) * (one.second() - meanX);
    }
    return xx == 0 ? 0 : xy / xx * (half.getLast().second() - half.getFirst().second());
  }

  private static int port(NodeProcess node, String listener) {
    String address = node.listener(listener);
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /// What never answers or breaks off is a service of its own: endpoints that do so are set aside,
  /// and rightly.
  private static void declare(ApiProbe api, List<SoakEndpoint> endpoints) throws Exception {
    service(api, "web", "/", "20s");
    service(api, "bad", "/bad/", "2s");
    put(api, "/v1/services/raw", "{\"policy\":\"skein\"}");
    for (int i = 0; i < endpoints.size(); i++) {
      SoakEndpoint endpoint = endpoints.get(i);
      endpoint(api, "web/endpoints/e" + i, "http://127.0.0.1:" + endpoint.webPort());
      endpoint(api, "bad/endpoints/e" + i, "http://127.0.0.1:" + endpoint.webPort());
      endpoint(api, "raw/endpoints/e" + i, "tcp://127.0.0.1:" + endpoint.echoPort());
    }
  }

  private static void service(ApiProbe api, String name, String path, String patience)
      throws Exception {
    put(
        api,
        "/v1/services/" + name,
        "{\"hosts\":[\"127.0.0.1\"],\"path\":\"%s\",\"timeouts\":{\"first-byte\":\"%s\"}}"
            .formatted(path, patience));
  }

  private static void endpoint(ApiProbe api, String path, String url) throws Exception {
    put(api, "/v1/services/" + path, "{\"url\":\"%s\",\"owner\":\"region\"}".formatted(url));
  }

  private static void put(ApiProbe api, String path, String body) throws Exception {
    if (api.put(path, body).isEmpty()) {
      throw new AssertionError(path + ": " + api.send("PUT", path, body).body());
    }
  }

  private static int healthy(ApiProbe api) throws InterruptedException {
    int healthy = 0;
    for (JsonNode service : api.page("/v1/services").get("services")) {
      for (JsonNode endpoint : service.get("endpoints")) {
        if (endpoint.get("state").asText().equals("healthy")) {
          healthy++;
        }
      }
    }
    return healthy;
  }

  private Path configuration() throws IOException, InterruptedException {
    Path key = folder.resolve("key.pem");
    Path certificate = folder.resolve("certificate.pem");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertEquals(0, openssl.waitFor(), () -> "openssl made no certificate");
    // What receipts may keep is reached within the first third; from then on nothing may grow.
    return Files.writeString(
        folder.resolve("skein.yaml"),
        """
        receipts:
          budget: 4MiB
        listeners:
          - name: web
            bind: 127.0.0.1:0
          - name: secure
            bind: 127.0.0.1:0
            tls:
              certificates:
                - cert-file: %s
                  key-file: %s
          - name: raw
            bind: 127.0.0.1:0
            protocol: tcp
            service: raw
        """
            .formatted(certificate, key));
  }
}

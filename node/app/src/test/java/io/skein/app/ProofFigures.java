package io.skein.app;

import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Measures inclusion proofs by the API of a node whose feed is long. Arguments: a directory to
/// work in, and how many records.
final class ProofFigures {
  private static final int WARM = 10_000;
  private static final int MEASURED = 2_000;

  private ProofFigures() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "proofs");
    int records = Integer.parseInt(arguments[1]);
    try (MeshOfNodes mesh = new MeshOfNodes(folder);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      Node founded = mesh.start("eu-1");
      mesh.await("ready", () -> mesh.ready(founded));
      mesh.stop(founded);
      List<String> hashes = LongFeed.write(mesh.data("eu-1"), records, 0);
      long start = System.nanoTime();
      Node node = mesh.start("eu-1");
      out.printf("opened %,d records in %.1f s%n", records, (System.nanoTime() - start) / 1e9);
      String api = "http://" + node.bound().api() + "/v1/ledger/proofs/inclusion?hash=";
      while (fetch(http, api + hashes.getLast()).statusCode() != 200) {
        // Until the node has read all and written a checkpoint.
        Thread.sleep(500);
      }
      JsonObject proof = new JsonObject(fetch(http, api + hashes.getFirst()).body());
      SplittableRandom random = new SplittableRandom(2);
      long[] nanos = new long[MEASURED];
      long cpu = 0;
      for (int i = -WARM; i < MEASURED; i++) {
        cpu = i == 0 ? cpuNanos() : cpu;
        String hash = hashes.get(random.nextInt(hashes.size()));
        long before = System.nanoTime();
        HttpResponse<String> answer = fetch(http, api + hash);
        long after = System.nanoTime();
        if (answer.statusCode() != 200) {
          throw new IllegalStateException(answer.body());
        }
        if (i >= 0) {
          nanos[i] = after - before;
        }
      }
      cpu = cpuNanos() - cpu;
      Arrays.sort(nanos);
      out.printf(
          "inclusion proof among %,d records by the API: %d hashes, %d bytes;"
              + " p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d requests, one after the other),"
              + " %.2f ms of processor time each, the client's included%n",
          proof.getLong("size"),
          proof.getJsonArray("hashes").size(),
          proof.encode().length(),
          nanos[MEASURED / 2] / 1e6,
          nanos[MEASURED * 99 / 100] / 1e6,
          nanos[MEASURED - 1] / 1e6,
          MEASURED,
          cpu / 1e6 / MEASURED);
    }
  }

  private static HttpResponse<String> fetch(HttpClient http, String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}

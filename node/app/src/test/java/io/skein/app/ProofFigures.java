package io.skein.app;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.record.Body;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Measures inclusion proofs by the API of a node whose feed is long. Arguments: a directory to
/// work in, and how many records.
final class ProofFigures {
  private static final int WARM = 5_000;
  private static final int MEASURED = 5_000;
  private static final int BATCH = 1_000;

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
      List<String> hashes = write(mesh.data("eu-1"), records);
      long start = System.nanoTime();
      Node node = mesh.start("eu-1");
      out.printf("opened %,d records in %.1f s%n", records, (System.nanoTime() - start) / 1e9);
      String api = "http://" + node.bound().api() + "/v1/ledger/proofs/inclusion?hash=";
      mesh.await("covered", () -> fetch(http, api + hashes.getLast()).statusCode() == 200);
      JsonObject proof = new JsonObject(fetch(http, api + hashes.getFirst()).body());
      SplittableRandom random = new SplittableRandom(2);
      long[] nanos = new long[MEASURED];
      for (int i = -WARM; i < MEASURED; i++) {
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
      Arrays.sort(nanos);
      out.printf(
          "inclusion proof among %,d records by the API: %d hashes, %d bytes;"
              + " p50 %.2f ms, p99 %.2f ms, max %.2f ms (%d requests, one after the other)%n",
          proof.getLong("size"),
          proof.getJsonArray("hashes").size(),
          proof.encode().length(),
          nanos[MEASURED / 2] / 1e6,
          nanos[MEASURED * 99 / 100] / 1e6,
          nanos[MEASURED - 1] / 1e6,
          MEASURED);
    }
  }

  private static List<String> write(Path data, int records) throws Exception {
    SecureRandom random = new SecureRandom();
    SigningKey key = new IdentityFiles(data, Optional.empty(), random).known().orElseThrow();
    List<String> hashes = new ArrayList<>();
    try (SegmentStore store = SegmentStore.open(data)) {
      Ledger ledger =
          Ledger.reopen(store, key, new HybridClock(System::currentTimeMillis), random, false);
      for (int i = 0; i < records; i++) {
        String hash =
            ledger.append(new Body.Performance(i, List.of(), List.of())).hash().toString();
        if (i % 97 == 0) {
          hashes.add(hash);
        }
        if (i % BATCH == BATCH - 1) {
          ledger.commit();
        }
      }
      ledger.commit();
    }
    return hashes;
  }

  private static HttpResponse<String> fetch(HttpClient http, String url) throws Exception {
    return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }
}

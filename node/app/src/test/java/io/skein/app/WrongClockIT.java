package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes, and the wall clock of one goes wrong while they run.
@Tag("net")
class WrongClockIT {
  private static final long WRONG_MILLIS = 288_000;

  @TempDir Path folder;
  private volatile long errorMillis;

  /// Its records would be put off for 228 s.
  @Test
  void whatANodeWritesWhoseClockIsWrongIsSeenByTheOthers() throws Exception {
    try (MeshOfNodes mesh = new MeshOfNodes(folder);
        MeshOfNodes other =
            new MeshOfNodes(folder, () -> System.currentTimeMillis() + errorMillis)) {
      Node a = mesh.start("eu-a");
      String token = mesh.invite(a, 2, Duration.ofMinutes(10));
      Node b = mesh.join("eu-b", a, token);
      Node c = other.join("eu-c", a, token);
      for (Node each : new Node[] {a, b, c}) {
        for (String member : new String[] {"eu-a", "eu-b", "eu-c"}) {
          mesh.await("all are there", () -> mesh.stateOf(each, member).equals("alive"));
        }
      }
      for (long error : new long[] {WRONG_MILLIS, -WRONG_MILLIS, 0}) {
        errorMillis = error;
        String service = "off-by-" + (error + WRONG_MILLIS);
        mesh.put(c, "/v1/services/" + service, new JsonObject().put("path", "/" + service));
        for (Node each : new Node[] {a, b}) {
          mesh.await(
              "it is seen, written " + error + " ms off",
              () -> mesh.get(each, "/v1/services/" + service).isPresent());
        }
        String there = "back-" + service;
        mesh.put(a, "/v1/services/" + there, new JsonObject().put("path", "/" + there));
        mesh.await("it sees", () -> mesh.get(c, "/v1/services/" + there).isPresent());
      }
      assertTrue(mesh.ready(c));
    }
  }
}

package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes get short of memory for buffers, which in one JVM is the same for both: they refuse
/// requests, each tells so by a record of its own, and each tells its end when there is room again.
@Tag("net")
@Timeout(300)
final class SheddingIT {
  /// Between what makes only critical requests be taken, 92 %, and what refuses all, 97 %.
  private static final double SHORT = 0.935;

  private static final int PIECE_BYTES = 1 << 20;

  @TempDir Path folder;

  /// Buffers that nobody gives back.
  private static final class Hoard implements AutoCloseable {
    private final Deque<ByteBuf> pieces = new ArrayDeque<>();

    void grow() {
      pieces.push(PooledByteBufAllocator.DEFAULT.directBuffer(PIECE_BYTES, PIECE_BYTES));
    }

    long bytes() {
      return (long) pieces.size() * PIECE_BYTES;
    }

    @Override
    public void close() {
      pieces.forEach(ByteBuf::release);
      pieces.clear();
    }
  }

  @Test
  void nodesThatRefuseRequestsForWantOfMemoryTellSoAndTellItsEnd() throws Exception {
    try (MeshOfNodes mesh = new MeshOfNodes(folder);
        PlainEndpoint endpoint = new PlainEndpoint();
        Hoard hoard = new Hoard()) {
      Node one = mesh.start("eu-1");
      Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofMinutes(10)));
      mesh.await("both are ready", () -> mesh.ready(one) && mesh.ready(two));
      mesh.put(
          one,
          "/v1/services/web",
          new JsonObject()
              .put("policy", "round-robin")
              .put("hosts", new JsonArray())
              .put("path", "/"));
      mesh.put(one, "/v1/services/web/endpoints/a", new JsonObject().put("url", endpoint.url()));
      mesh.await("it answers", () -> mesh.request(one, "/").statusCode() == 200);

      long enough = (long) (PlatformDependent.maxDirectMemory() * SHORT);
      while (hoard.bytes() < enough) {
        hoard.grow();
      }
      mesh.await("requests are refused", () -> asked(mesh, one).equals("503 overloaded"));
      for (String name : List.of("eu-1", "us-1")) {
        for (Node node : List.of(one, two)) {
          mesh.await(name + " says so", () -> told(mesh, node, name, "shed").isPresent());
          JsonObject repair = told(mesh, node, name, "shed").orElseThrow();
          assertEquals(name, repair.getString("by"));
          assertEquals("overloaded", repair.getString("diagnosis"));
          assertTrue(
              repair.getString("evidence").matches("shed_default for .* s: direct at 9[2-6] %"),
              repair::encode);
        }
      }

      hoard.close();
      mesh.await("requests are answered", () -> asked(mesh, one).startsWith("200"));
      for (String name : List.of("eu-1", "us-1")) {
        String id = told(mesh, one, name, "shed").orElseThrow().getString("id");
        for (Node node : List.of(one, two)) {
          mesh.await(name + " says its end", () -> told(mesh, node, name, "relieved").isPresent());
          assertEquals(
              id, told(mesh, node, name, "relieved").orElseThrow().getString("cause"), name);
          mesh.await(
              "what came of it",
              () ->
                  mesh.get(node, "/v1/healing/" + id)
                      .map(repair -> repair.getString("outcome").equals("worked"))
                      .orElse(false));
        }
      }
    }
  }

  /// Status and reason; empty where the connection ends, as one may that is kept while memory is
  /// short.
  private static String asked(MeshOfNodes mesh, Node node) throws Exception {
    try {
      HttpResponse<String> answer = mesh.request(node, "/");
      return answer.statusCode() + " " + answer.headers().firstValue("skein-reason").orElse("none");
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<JsonObject> told(MeshOfNodes mesh, Node node, String whom, String action)
      throws Exception {
    return mesh.get(node, "/v1/healing").orElseThrow().getJsonArray("actions").stream()
        .map(JsonObject.class::cast)
        .filter(each -> whom.equals(each.getString("subjectName")))
        .filter(each -> action.equals(each.getString("action")))
        .findFirst();
  }
}

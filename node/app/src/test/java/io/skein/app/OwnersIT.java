package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who decides about what, as running nodes tell it.
@Tag("net")
@Timeout(120)
final class OwnersIT {
  @TempDir Path folder;

  private MeshOfNodes mesh;

  @BeforeEach
  void begin() {
    mesh = new MeshOfNodes(folder);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void allNameTheSameOwnerAndWhoIsLeftInheritsAll() throws Exception {
    Node one = mesh.start("eu-1");
    Node two = mesh.join("eu-2", one, mesh.invite(one, 1, Duration.ofHours(1)));
    mesh.put(
        one,
        "/v1/services/web",
        new JsonObject().put("policy", "skein").put("hosts", new JsonArray()).put("path", "/"));
    for (String owner : List.of("region", "eu-2")) {
      // Nothing listens there: what is owned need not be well.
      mesh.put(
          one,
          "/v1/services/web/endpoints/of-" + owner,
          new JsonObject().put("url", "http://127.0.0.1:9").put("owner", owner).put("weight", 1));
    }
    Set<String> known = Set.of("web/of-region", "web/of-eu-2", "web");
    mesh.await(
        "both name the same owners",
        () -> owners(one).keySet().equals(known) && owners(one).equals(owners(two)));
    assertEquals("eu-2", owners(one).get("web/of-eu-2"));
    for (String subject : known) {
      Optional<String> owner = Optional.ofNullable(owners(one).get(subject));
      assertEquals(owner.equals(Optional.of("eu-1")), claims(one, subject), subject);
      assertEquals(owner.equals(Optional.of("eu-2")), claims(two, subject), subject);
    }
    JsonObject shared = owner(one, "web/of-region").orElseThrow();
    assertEquals("endpoint", shared.getString("subjectKind"));
    assertEquals(2, shared.getInteger("able"));
    assertEquals(
        Set.of("eu-1", "eu-2"), Set.of(shared.getString("owner"), shared.getString("next")));

    mesh.stop(two);
    mesh.await(
        "who is left owns what it reaches, and nobody what only the other reached",
        () ->
            owners(one)
                .equals(Map.of("web/of-region", "eu-1", "web/of-eu-2", "nobody", "web", "eu-1")));
  }

  private Optional<JsonObject> owner(Node node, String subject) throws Exception {
    return mesh.get(node, "/v1/owners")
        .flatMap(body -> MeshOfNodes.find(body.getJsonArray("owners"), "subject", subject));
  }

  private boolean claims(Node node, String subject) throws Exception {
    return owner(node, subject).orElseThrow().getBoolean("self");
  }

  private Map<String, String> owners(Node node) throws Exception {
    Map<String, String> owners = new TreeMap<>();
    JsonArray told =
        mesh.get(node, "/v1/owners")
            .map(body -> body.getJsonArray("owners"))
            .orElseGet(JsonArray::new);
    for (Object each : told) {
      JsonObject owner = (JsonObject) each;
      owners.put(
          owner.getString("subject"),
          Optional.ofNullable(owner.getString("owner")).orElse("nobody"));
    }
    return owners;
  }
}

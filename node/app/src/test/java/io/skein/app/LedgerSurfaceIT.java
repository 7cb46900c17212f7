package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The ledger by the API of real nodes: cursors, digests, streams, acknowledgements.
@Tag("net")
@Timeout(120)
final class LedgerSurfaceIT {
  @TempDir Path folder;

  private MeshOfNodes mesh;

  @BeforeEach
  void start() {
    mesh = new MeshOfNodes(folder);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void isReadFromBothNodesAlikeAndAcrossARestart() throws Exception {
    Node one = mesh.start("eu-1", "--mesh-name=pair");
    Node two = mesh.join("us-1", one, mesh.invite(one, 1, Duration.ofHours(1)));
    mesh.await("both see each other", () -> mesh.stateOf(one, "us-1").equals("alive"));
    mesh.await("the joiner may write", () -> mesh.ready(two));

    // Acknowledged by the other node.
    JsonObject service = new JsonObject();
    HttpResponse<String> held =
        mesh.send(one, "PUT", "/v1/services/web?ack=replicated:1&timeout=20s", service);
    assertEquals(202, held.statusCode(), held.body());
    JsonObject answer = new JsonObject(held.body());
    assertEquals(1, answer.getJsonObject("ladder").getInteger("replicas"));
    String hash = answer.getString("record");
    assertTrue(mesh.get(two, "/v1/ledger/records/" + hash).isPresent());

    // Never by a node that is not there; the record is kept.
    HttpResponse<String> missed =
        mesh.send(one, "PUT", "/v1/services/web?ack=replicated:2&timeout=50ms", service);
    assertEquals(504, missed.statusCode(), missed.body());
    JsonObject problem = new JsonObject(missed.body());
    assertEquals("not-acknowledged", problem.getString("code"));
    String kept = problem.getString("record");
    assertTrue(mesh.get(one, "/v1/ledger/records/" + kept).isPresent());
    mesh.await("it comes late", () -> mesh.get(two, "/v1/ledger/records/" + kept).isPresent());

    // Page by page, everything of one node, by a cursor that goes on at the other.
    Set<String> seen = new HashSet<>();
    JsonObject first = search(one, "order=oldest&limit=3");
    add(seen, first);
    String since = all(seen, two, first.getString("since"));
    assertTrue(seen.contains(hash) && seen.contains(kept), seen.toString());
    assertEquals("genesis", record(first, 0).getString("type"));

    JsonObject services = search(two, "type=service&subject=web&author=eu-1&since=10m");
    assertEquals(2, services.getJsonArray("records").size());
    assertEquals(kept, record(services, 0).getString("hash"));

    // A stream begins where that reading ended.
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> stream = stream(http, two, "type=service", since);
      try (Stream<String> lines = stream.body()) {
        String fresh = put(one, "/v1/services/shop");
        assertTrue(told(lines.iterator(), fresh));
      }
    }

    // Who asks after a write was acknowledged finds it, however soon.
    for (int i = 0; i < 10; i++) {
      String written = put(one, "/v1/services/soon-" + i);
      long head = head(one, "eu-1");
      long seq = mesh.get(one, "/v1/ledger/records/" + written).orElseThrow().getLong("seq");
      assertTrue(head >= seq, head + " is before " + seq);
    }

    // Equal digests up to a moment that has passed on both.
    mesh.await("they hold the same", () -> mesh.headsRoot(one).equals(mesh.headsRoot(two)));
    String until = record(search(one, "limit=1"), 0).getString("at");
    mesh.await(
        "equal digests",
        () -> digest(one, until).equals(digest(two, until)) && !digest(one, until).isEmpty());
    JsonObject summary = mesh.get(two, "/v1/ledger").orElseThrow();
    assertEquals(2, summary.getInteger("feeds"));
    assertTrue(summary.getLong("bytes") > 100 * summary.getLong("records"));

    // The cursor outlives the node that gave it.
    mesh.stop(two);
    String alone = put(one, "/v1/services/alone");
    mesh.await("it is shown", () -> shown(one, alone).equals("local"));
    Node again = mesh.start("us-1", "--seed=" + one.bound().mesh());
    mesh.await("it is back", () -> mesh.ready(again));
    mesh.await("it is shown further up", () -> shown(one, alone).startsWith("replicated"));
    String last = put(one, "/v1/services/late");
    mesh.await("it has come", () -> mesh.get(again, "/v1/ledger/records/" + last).isPresent());
    all(seen, again, since);
    assertTrue(seen.contains(last));
    long records = mesh.get(again, "/v1/ledger").orElseThrow().getLong("records");
    assertTrue(seen.size() <= records, seen.size() + " of " + records);

    HttpResponse<String> refused =
        mesh.send(one, "GET", "/v1/ledger/search?cursor=c.AAAA", new JsonObject());
    assertEquals(400, refused.statusCode());
    assertFalse(mesh.get(one, "/v1/ledger/search?type=nonsense").isPresent());
    assertFalse(mesh.get(one, "/v1/ledger/search?author=nobody").isPresent());
  }

  private String put(Node node, String path) throws Exception {
    HttpResponse<String> answer = mesh.send(node, "PUT", path, new JsonObject());
    assertEquals(202, answer.statusCode(), answer.body());
    return new JsonObject(answer.body()).getString("record");
  }

  /// Where on the ladder a record stands among the newest; empty if it is not among them.
  private String shown(Node node, String hash) throws Exception {
    JsonArray newest = mesh.get(node, "/v1/ledger/tail").orElseThrow().getJsonArray("records");
    return newest.stream()
        .map(JsonObject.class::cast)
        .filter(record -> record.getString("hash").equals(hash))
        .map(record -> record.getString("state"))
        .findFirst()
        .orElse("");
  }

  private JsonObject search(Node node, String query) throws Exception {
    return mesh.get(node, "/v1/ledger/search?" + query).orElseThrow();
  }

  private static JsonObject record(JsonObject page, int index) {
    return page.getJsonArray("records").getJsonObject(index);
  }

  private static void add(Set<String> seen, JsonObject page) {
    JsonArray records = page.getJsonArray("records");
    for (int i = 0; i < records.size(); i++) {
      assertTrue(seen.add(records.getJsonObject(i).getString("hash")), "a record came twice");
    }
  }

  /// Reads what is new since the cursor to its end.
  private String all(Set<String> seen, Node node, String since) throws Exception {
    String cursor = since;
    Optional<String> next;
    do {
      JsonObject page = search(node, "limit=3&since=" + cursor);
      add(seen, page);
      next = Optional.ofNullable(page.getString("next"));
      cursor = page.getString("since");
    } while (next.isPresent());
    return cursor;
  }

  private String digest(Node node, String until) throws Exception {
    return mesh.get(node, "/v1/ledger/digest?until=" + until)
        .map(view -> view.getString("digest"))
        .orElse("");
  }

  private static HttpResponse<Stream<String>> stream(
      HttpClient http, Node node, String filter, String after) throws Exception {
    return http.send(
        HttpRequest.newBuilder(
                URI.create("http://" + node.bound().api() + "/v1/ledger/tail?" + filter))
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", after)
            .build(),
        HttpResponse.BodyHandlers.ofLines());
  }

  private static boolean told(Iterator<String> lines, String hash) {
    while (lines.hasNext()) {
      if (lines.next().contains(hash)) {
        return true;
      }
    }
    return false;
  }

  private long head(Node node, String name) throws Exception {
    return mesh.get(node, "/v1/ledger/heads").orElseThrow().getJsonArray("heads").stream()
        .map(JsonObject.class::cast)
        .filter(head -> head.getString("name").equals(name))
        .mapToLong(head -> head.getLong("seq"))
        .max()
        .orElseThrow();
  }
}

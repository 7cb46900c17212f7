package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.api.LedgerQuery.Order;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Searches, digests, and what is kept.
class LedgerReadsTest {
  private static final TestNode NODE = new TestNode();

  @BeforeAll
  static void start() {
    NODE.start(ApiConfig.at("127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    NODE.stop();
  }

  @Test
  void theNewestComeFirstUnlessSaidOtherwise() {
    JsonObject page = NODE.get("/v1/ledger/search?limit=3").json();

    assertEquals(3, page.getJsonArray("records").size());
    assertTrue(at(page, 0).compareTo(at(page, 2)) >= 0);
    assertEquals("eu-1", page.getString("asSeenBy"));
    assertTrue(page.containsKey("next"));
    assertTrue(page.containsKey("since"));
    JsonObject oldest = NODE.get("/v1/ledger/search?limit=3&order=oldest").json();
    assertTrue(at(oldest, 2).compareTo(at(page, 2)) < 0);
  }

  @Test
  void pagesHaveNeitherGapNorRepetitionAndTheLastOneSaysWhatIsNewAfterIt() {
    Set<String> seen = new HashSet<>();
    String next = "";
    String since = "";
    do {
      JsonObject page = NODE.get("/v1/ledger/search?order=oldest&limit=100" + next).json();
      page.getJsonArray("records").forEach(one -> assertTrue(seen.add(hash(one))));
      next = page.containsKey("next") ? "&cursor=" + page.getString("next") : "";
      since = page.getString("since");
    } while (!next.isEmpty());
    assertEquals(NODE.get("/v1/ledger").json().getInteger("records"), seen.size());

    assertEquals(0, records(NODE.get("/v1/ledger/search?since=" + since).json()).size());
    NODE.clockMillis.addAndGet(2_000);
    JsonArray fresh = records(NODE.get("/v1/ledger/search?since=" + since).json());
    assertEquals(3, fresh.size());
    fresh.forEach(one -> assertFalse(seen.contains(hash(one))));
  }

  @Test
  void filtersReachTheMesh() {
    NODE.get(
        "/v1/ledger/search?author=eu-1&type=heal,service&type=performance"
            + "&subject=orders%2Feu-1&since=10m&until=2027-01-01T00:00:00%2B01:00&limit=7");

    Instant now = Instant.ofEpochMilli(NODE.clockMillis.get());
    assertEquals(
        new LedgerQuery(
            Optional.of("eu-1"),
            List.of("heal", "service", "performance"),
            Optional.of("orders/eu-1"),
            Optional.of(now.minus(Duration.ofMinutes(10))),
            Optional.of(Instant.parse("2026-12-31T23:00:00Z")),
            Optional.empty(),
            Order.NEWEST,
            7),
        NODE.mesh.ledger.asked.getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search?limit=0",
        "search?limit=1001",
        "search?order=up",
        "search?since=yesterday",
        "search?until=c.o5",
        "search?type=",
        "search?type=Heal",
        "search?author=",
        "search?cursor=garbage",
        "search?order=newest&cursor=c.o5",
        "search?order=newest&since=c.o5",
        "search?since=c.o5&cursor=c.o5",
        "digest?step=10ms",
        "digest?step=2d",
        "digest?since=soon",
        "tail?since=c.o5",
        "tail?limit=501&type=heal",
      })
  void whatIsOutOfFormIsRefused(String path) {
    TestNode.Reply reply = NODE.get("/v1/ledger/" + path);

    assertEquals(400, reply.status(), reply.body());
    assertEquals("invalid-parameter", reply.json().getString("code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"search?authr=x", "digest?type=heal", "?limit=3", "tail?cursor=c.o1"})
  void whatWouldBeIgnoredIsRefused(String path) {
    TestNode.Reply reply = NODE.get("/v1/ledger" + (path.startsWith("?") ? "" : "/") + path);

    assertEquals(400, reply.status(), reply.body());
    assertEquals("unknown-parameter", reply.json().getString("code"));
  }

  @Test
  void aRefusalOfTheMeshIsPassedOn() {
    TestNode.Reply reply = NODE.get("/v1/ledger/digest?author=nobody");

    assertEquals(404, reply.status());
    assertEquals("unknown-feed", reply.json().getString("code"));
  }

  @Test
  void aRecordShowsItsPlaceOnTheLadder() {
    JsonObject record =
        records(NODE.get("/v1/ledger/search?order=oldest&limit=1").json()).getJsonObject(0);

    assertEquals("replicated(3)", record.getString("state"));
    assertEquals(
        new JsonObject().put("level", "replicated").put("replicas", 3).put("witnesses", 0),
        record.getJsonObject("ladder"));
  }

  @Test
  void digestAndSummaryHaveTheirShape() {
    JsonObject digest = NODE.get("/v1/ledger/digest?since=1h&step=10m").json();
    for (String member :
        List.of("headsRoot", "since", "until", "records", "digest", "feeds", "buckets")) {
      assertTrue(digest.containsKey(member), member);
    }
    JsonObject summary = NODE.get("/v1/ledger").json();
    for (String member :
        List.of("records", "bytes", "feeds", "oldest", "withheld", "types", "retention")) {
      assertTrue(summary.containsKey(member), member);
    }
  }

  @Test
  void aTailWithFiltersIsASearch() {
    JsonArray heals = records(NODE.get("/v1/ledger/tail?type=heal&limit=2").json());

    assertEquals(2, heals.size());
    assertEquals("heal", heals.getJsonObject(0).getString("type"));
  }

  @Test
  void anUnchangedPageIsNotSentAgain() {
    String tag = NODE.get("/v1/ledger/search?limit=5").header("ETag");

    assertEquals(
        304, NODE.send("GET", "/v1/ledger/search?limit=5", "", "If-None-Match", tag).status());
  }

  private static JsonArray records(JsonObject page) {
    return page.getJsonArray("records");
  }

  private static String at(JsonObject page, int index) {
    return records(page).getJsonObject(index).getString("at");
  }

  private static String hash(Object record) {
    return ((JsonObject) record).getString("hash");
  }
}

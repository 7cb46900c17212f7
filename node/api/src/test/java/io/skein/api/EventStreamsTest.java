package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamsTest {
  private final TestNode node = new TestNode();

  @BeforeEach
  void start() {
    node.start(
        new ApiConfig(
            "127.0.0.1",
            0,
            List.of(),
            "dashboard",
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            2));
  }

  @AfterEach
  void stop() {
    node.stop();
  }

  @Test
  void aStreamBeginsWithASnapshotOfEachTopic() throws IOException {
    try (EventSource stream = open("?topics=node,members,ledger,traffic")) {
      assertEquals("eu-1", stream.next("node").getString("name"));
      assertEquals(3, stream.next("members").getJsonArray("members").size());
      assertEquals(180, points(stream.next("traffic")));
      JsonObject ledger = stream.next("ledger");
      assertEquals(60, ledger.getJsonArray("records").size());
      assertEquals(3, ledger.getJsonArray("heads").size());
      assertFalse(ledger.containsKey("delta"));
    }
  }

  @Test
  void withoutTopicsAStreamTellsThemAll() throws IOException {
    try (EventSource stream = open("")) {
      for (Topic topic : Topic.values()) {
        assertEquals("eu-1", stream.next(topic.text()).getString("asSeenBy"));
      }
    }
  }

  @Test
  void changesFollowAsDeltas() throws IOException {
    try (EventSource stream = open("?topics=traffic,ledger,node")) {
      stream.next("node");
      stream.next("traffic");
      String known = newest(stream.next("ledger"));

      node.clockMillis.addAndGet(2_000);

      JsonObject traffic = stream.next("traffic");
      while (traffic.getLong("fromSecond") != node.clockMillis.get() / 1_000 - 3) {
        traffic = stream.next("traffic");
      }
      assertTrue(traffic.getBoolean("delta"));
      assertEquals(4, points(traffic));
      JsonObject ledger = stream.next("ledger");
      while (newest(ledger).equals(known)) {
        ledger = stream.next("ledger");
      }
      assertTrue(ledger.getBoolean("delta"));
      assertTrue(ledger.getJsonArray("records").size() < 60);
    }
  }

  @Test
  void aSilentStreamIsKeptOpenByComments() throws IOException {
    try (EventSource stream = open("?topics=shadows")) {
      stream.next("shadows");
      String line = stream.line();
      while (!line.startsWith(": ")) {
        line = stream.line();
      }
      assertEquals(": still here", line);
    }
  }

  @Test
  void aReturningReaderGetsASnapshot() throws IOException {
    try (EventSource stream = open("?topics=ledger", "Last-Event-ID: 99999")) {
      assertEquals(60, stream.next("ledger").getJsonArray("records").size());
    }
  }

  @Test
  void moreStreamsThanAllowedAreRefusedUntilOneCloses() throws IOException {
    try (EventSource first = open("?topics=node");
        EventSource second = open("?topics=node")) {
      first.next("node");
      second.next("node");
      TestNode.Reply refused = node.get("/v1/events?topics=node");
      assertEquals(503, refused.status());
      assertEquals("too-many-streams", refused.json().getString("code"));
      assertEquals("5", refused.header("Retry-After"));
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    boolean taken = false;
    while (!taken && System.nanoTime() < deadline) {
      try (EventSource third = open("?topics=node")) {
        taken = third.status() == 200;
      }
    }
    assertTrue(taken);
  }

  @Test
  void aReaderThatDoesNotKeepUpIsCaughtUpWithASnapshot() throws IOException {
    try (EventSource slow = open("?topics=ledger,traffic,members")) {
      slow.next("ledger");
      // Each look has a hundred new records: far more than sockets and queue hold.
      try (EventSource other = open("?topics=traffic")) {
        for (int i = 0; i < 36; i++) {
          node.clockMillis.addAndGet(200_000);
          while (last(other.next("traffic")) < node.clockMillis.get() / 1_000) {}
        }
      }
      JsonObject told = slow.next("traffic");
      while (told.containsKey("delta")) {
        told = slow.next("traffic");
      }
      while (last(told) < node.clockMillis.get() / 1_000) {
        told = slow.next("traffic");
      }
    }
  }

  private static long last(JsonObject traffic) {
    return traffic.getLong("fromSecond") + points(traffic) - 1;
  }

  private static int points(JsonObject traffic) {
    return traffic.getJsonObject("total").getJsonArray("requests").size();
  }

  private static String newest(JsonObject ledger) {
    return ledger.getJsonArray("records").getJsonObject(0).getString("hash");
  }

  private EventSource open(String query, String... headers) throws IOException {
    return new EventSource(node.port, "/v1/events" + query, headers);
  }
}

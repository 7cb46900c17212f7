package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.api.EventSource.Event;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Streams of new records, and how readers go on.
class LedgerTailsTest {
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
  void aStreamBeginsNowAndTellsWhatIsNew() throws IOException {
    try (EventSource stream = open("")) {
      Event start = stream.next();
      assertEquals("start", start.name());
      assertEquals(start.id(), start.data().getString("since"));

      node.clockMillis.addAndGet(2_000);

      Event fresh = stream.next();
      assertEquals("records", fresh.name());
      assertEquals(3, fresh.data().getJsonArray("records").size());
      assertEquals("eu-1", fresh.data().getString("asSeenBy"));
    }
  }

  @Test
  void aReaderThatReturnsMissesNothing() throws IOException {
    String last;
    try (EventSource stream = open("")) {
      last = stream.next().id();
    }
    node.clockMillis.addAndGet(200_000);
    Set<String> seen = new HashSet<>();
    try (EventSource stream = open("", "Last-Event-ID: " + last)) {
      assertEquals("start", stream.next().name());
      while (seen.size() < 300) {
        for (Object record : stream.next().data().getJsonArray("records")) {
          assertTrue(seen.add(((JsonObject) record).getString("hash")));
        }
      }
    }
    assertEquals(300, seen.size());
  }

  @Test
  void aStreamMayBeginInThePast() throws IOException {
    try (EventSource stream = open("?since=20s&type=performance&author=us-1")) {
      assertEquals("", stream.next().id());
      JsonObject data = stream.next().data();
      assertEquals(11, data.getJsonArray("records").size());
    }
  }

  @Test
  void whoIsFarBehindIsToldOfTheGapAndGoesOnWithWhatIsNew() throws IOException {
    try (EventSource stream = open("?since=c.o0")) {
      node.clockMillis.addAndGet(1_000);
      assertEquals("start", stream.next().name());
      assertEquals(100, stream.next().data().getJsonArray("records").size());
    }
    node.clockMillis.addAndGet(8_000_000);
    try (EventSource stream = open("?since=c.o0")) {
      assertEquals("start", stream.next().name());
      Event first = stream.next();
      Event gap = stream.next();
      assertEquals("gap", gap.name());
      assertEquals(first.id(), gap.data().getString("since"));
      assertEquals(gap.id(), gap.data().getString("until"));
      assertTrue(gap.data().getLong("remaining") > LedgerTails.MOST_BEHIND);

      node.clockMillis.addAndGet(2_000);

      assertEquals(3, stream.next().data().getJsonArray("records").size());
    }
  }

  @Test
  void aSilentStreamIsKeptOpenByComments() throws IOException {
    try (EventSource stream = open("?type=snapshot")) {
      stream.next();
      String line = stream.line();
      while (!line.startsWith(": ")) {
        line = stream.line();
      }
      assertEquals(": still here", line);
    }
  }

  @Test
  void whatCannotBeStreamedIsRefusedBeforeItBegins() throws IOException {
    for (String query : List.of("?limit=3", "?since=c.n5", "?type=&x=1", "?until=never")) {
      try (EventSource stream = open(query)) {
        assertEquals(400, stream.status(), query);
      }
    }
    // A refused stream takes no place.
    try (EventSource one = open("");
        EventSource two = open("");
        EventSource three = open("")) {
      assertEquals(List.of(200, 200, 503), List.of(one.status(), two.status(), three.status()));
    }
  }

  @Test
  void aBusyLedgerIsAskedAgain() throws IOException {
    try (EventSource stream = open("")) {
      stream.next();
      node.mesh.ledger.refusal =
          Optional.of(new LedgerAnswer.Refused<>(503, "unavailable", "later"));
      int asked = node.mesh.ledger.asked.size();
      node.clockMillis.addAndGet(2_000);
      while (node.mesh.ledger.asked.size() < asked + 3) {
        Thread.onSpinWait();
      }
      node.mesh.ledger.refusal = Optional.empty();

      assertEquals(3, stream.next().data().getJsonArray("records").size());
    }
  }

  @Test
  void theLedgerIsReadNoFasterThanItsReaderTakesIt() throws IOException {
    node.clockMillis.addAndGet(5_000_000);
    Set<String> seen = new HashSet<>();
    try (EventSource slow = open("?since=c.o0")) {
      assertEquals("start", slow.next().name());
      while (seen.size() < 8_000) {
        Event event = slow.next();
        for (Object record : event.data().getJsonArray("records")) {
          assertTrue(seen.add(((JsonObject) record).getString("hash")));
        }
        // Sockets and queue hold half a megabyte, which is less than twenty pages.
        int ahead = node.mesh.ledger.asked.size() - seen.size() / LedgerTails.EVENT_RECORDS;
        assertTrue(ahead < 20, "pages ahead of the reader: " + ahead);
      }
    }
  }

  private EventSource open(String query, String... headers) throws IOException {
    return new EventSource(node.port, "/v1/ledger/tail" + query, headers);
  }
}

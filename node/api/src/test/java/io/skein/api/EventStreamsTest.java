package io.skein.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
    try (Stream stream = open("?topics=node,members,ledger,traffic")) {
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
    try (Stream stream = open("")) {
      for (Topic topic : Topic.values()) {
        assertEquals("eu-1", stream.next(topic.text()).getString("asSeenBy"));
      }
    }
  }

  @Test
  void changesFollowAsDeltas() throws IOException {
    try (Stream stream = open("?topics=traffic,ledger,node")) {
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
    try (Stream stream = open("?topics=shadows")) {
      stream.next("shadows");
      String line = stream.reader.readLine();
      while (!line.startsWith(": ")) {
        line = stream.reader.readLine();
      }
      assertEquals(": still here", line);
    }
  }

  @Test
  void aReturningReaderGetsASnapshot() throws IOException {
    try (Stream stream = open("?topics=ledger", "Last-Event-ID: 99999")) {
      assertEquals(60, stream.next("ledger").getJsonArray("records").size());
    }
  }

  @Test
  void moreStreamsThanAllowedAreRefusedUntilOneCloses() throws IOException {
    try (Stream first = open("?topics=node");
        Stream second = open("?topics=node")) {
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
      try (Stream third = open("?topics=node")) {
        taken = third.status == 200;
      }
    }
    assertTrue(taken);
  }

  @Test
  void aReaderThatDoesNotKeepUpIsCaughtUpWithASnapshot() throws IOException {
    try (Stream slow = open("?topics=ledger,traffic,members")) {
      slow.next("ledger");
      // Each look has a hundred new records: far more than sockets and queue hold.
      try (Stream other = open("?topics=traffic")) {
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

  private Stream open(String query, String... headers) throws IOException {
    return new Stream(node.port, query, headers);
  }

  private static final class Stream implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;
    private final int status;

    Stream(int port, String query, String... headers) throws IOException {
      socket = new Socket();
      socket.setReceiveBufferSize(32 * 1024);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(30_000);
      StringBuilder request = new StringBuilder("GET /v1/events" + query + " HTTP/1.1\r\n");
      request.append("Host: 127.0.0.1\r\n");
      for (String header : headers) {
        request.append(header).append("\r\n");
      }
      request.append("\r\n");
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      status = Integer.parseInt(reader.readLine().split(" ")[1]);
    }

    /// Data of the next event of this kind.
    JsonObject next(String event) throws IOException {
      String line = reader.readLine();
      while (line != null) {
        if (line.equals("event: " + event)) {
          return new JsonObject(reader.readLine().substring("data: ".length()));
        }
        line = reader.readLine();
      }
      throw new IOException("the stream ended");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

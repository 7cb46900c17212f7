package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.metrics.RelayMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.vertx.core.Future;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class WebSocketIT {
  private static final String ASK =
      "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String GOING_AWAY = "880203e9";

  /// The answer to a request (RFC 6455 §4.2.2).
  static String accept(String head) {
    try {
      String key = new Client.Answer(0, head, "").field("sec-websocket-key");
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + Base64.getEncoder().encodeToString(digest)
          + "\r\n\r\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// An endpoint that sends every frame back, a close frame as well, and then ends.
  static Endpoint echo() throws IOException {
    return new Endpoint((head, c) -> {
      c.send(accept(head));
      DataInputStream in = new DataInputStream(c.in());
      for (int opcode = 0; opcode != 8; ) {
        int first = in.readUnsignedByte();
        opcode = first & 0xf;
        int length = in.readUnsignedByte() & 0x7f;
        boolean extended = length == 126;
        length = extended ? in.readUnsignedShort() : length;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
          throw new EOFException();
        }
        for (int i = 0; i < length; i++) {
          payload[i] ^= mask[i % 4];
        }
        c.out().write(first);
        if (extended) {
          c.out().write(new byte[] {126, (byte) (length >> 8), (byte) length});
        } else {
          c.out().write(length);
        }
        c.out().write(payload);
        c.out().flush();
      }
      c.socket().shutdownOutput();
    });
  }

  /// Collects what a client hears.
  static final class Heard implements java.net.http.WebSocket.Listener {
    final StringBuilder text = new StringBuilder();
    final CompletableFuture<String> message = new CompletableFuture<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public CompletionStage<?> onText(
        java.net.http.WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        message.complete(text.toString());
      }
      return java.net.http.WebSocket.Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onClose(java.net.http.WebSocket socket, int status, String reason) {
      closed.complete(status);
      return java.net.http.WebSocket.Listener.super.onClose(socket, status, reason);
    }

    @Override
    public void onError(java.net.http.WebSocket socket, Throwable error) {
      message.completeExceptionally(error);
      closed.completeExceptionally(error);
    }
  }

  /// A client that ends at once: an orderly close waits for the WebSockets that a failed test has
  /// left open, and hides what failed.
  record Hasty(HttpClient client) implements AutoCloseable {
    Hasty() {
      this(HttpClient.newHttpClient());
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  static java.net.http.WebSocket open(Hasty http, int port, Heard heard) throws Exception {
    return http.client()
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), heard)
        .get(20, TimeUnit.SECONDS);
  }

  private static RelayMetrics counters(Rig rig) {
    return rig.proxy.metrics().relay("shop", RelayMetrics.Kind.WEBSOCKET);
  }

  private static String hex(Client client, int count) throws IOException {
    return HexFormat.of().formatHex(client.in.readNBytes(count));
  }

  @Test
  void passesAConversationAndItsCloseBothWays() throws Exception {
    String large = "x".repeat(50_000);
    try (Endpoint echo = echo();
        Rig rig = Rig.before(echo);
        Hasty http = new Hasty()) {
      Heard heard = new Heard();
      java.net.http.WebSocket socket = open(http, rig.port, heard);
      // The client may have its answer before the WebSocket counts instead of the request.
      Rig.until("it is in flight", () -> rig.candidates.getFirst().load().inFlight() == 1);
      socket.sendText(large, true).get(20, TimeUnit.SECONDS);
      assertEquals(large, heard.message.get(20, TimeUnit.SECONDS));
      socket.sendClose(1000, "").get(20, TimeUnit.SECONDS);
      assertEquals(1000, heard.closed.get(20, TimeUnit.SECONDS));
      Rig.until("it is over", () -> counters(rig).open() == 0);
      assertEquals(1, counters(rig).count(Reason.OK));
      assertTrue(counters(rig).sentBytes() > 50_000);
      assertEquals(1, rig.proxy.metrics().service("shop").requests(1, Reason.OK));
      assertEquals(new Rig.Outcome("e0", "e0", OutcomeKind.OK, 101), rig.outcomes.getFirst());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      assertEquals(0, rig.proxy.metrics().openUpstreamConnections());
      Rig.until("the client is gone", () -> rig.proxy.metrics().openConnections() == 0);
    }
  }

  @Test
  void passesOnWhatComesRightBehindTheAnswer() throws Exception {
    try (Endpoint early =
            new Endpoint((head, c) -> {
              c.send(accept(head) + "\u0081\u0002hi");
              c.in().read();
              c.reset();
            });
        Rig rig = Rig.before(early);
        Client client = rig.client()) {
      Client.Answer answer = client.send(ASK).answer(true);
      assertEquals(101, answer.status());
      assertEquals("websocket", answer.field("upgrade"));
      assertEquals("Upgrade", answer.field("connection"));
      assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer.field("sec-websocket-accept"));
      assertEquals("81026869", hex(client, 4));
      Client.Answer seen = new Client.Answer(0, early.heads.getFirst(), "");
      assertEquals("Upgrade", seen.field("connection"));
      assertEquals("websocket", seen.field("upgrade"));
      assertEquals("13", seen.field("sec-websocket-version"));
      client.send("x");
      assertThrows(SocketException.class, () -> client.in.read());
      Rig.until("counted", () -> counters(rig).count(Reason.UPSTREAM_RESET) == 1);
    }
  }

  @Test
  void passesOnARefusalAsAnyAnswerAndKeepsTheConnection() throws Exception {
    try (Endpoint no = Endpoint.named("not here");
        Rig rig = Rig.before(no);
        Client client = rig.client()) {
      assertEquals("not here", client.send(ASK).answer().body());
      assertEquals("not here", client.get("/").body());
      assertEquals(1, rig.proxy.metrics().upstreamConnections());
    }
  }

  @Test
  void letsNoEndpointSwitchWithoutBeingAsked() throws Exception {
    try (Endpoint pushy = new Endpoint((head, c) -> c.send(accept(head)));
        Rig rig = Rig.before(pushy);
        Client client = rig.client()) {
      client.get("/").assertProblem(502, "upstream_malformed");
    }
  }

  @Test
  void refusesOtherUpgradesAndRequestsWithABody() throws Exception {
    try (Endpoint echo = echo();
        Rig rig = Rig.before(echo)) {
      for (String ask :
          new String[] {
            ASK.replace("WebSocket\r", "TLS/1.0\r"),
            ASK.replace("Upgrade: WebSocket", "Upgrade: websocket, foo/2"),
            ASK.replace("Sec-WebSocket-Version: 13", "Content-Length: 1") + "x",
            ASK.replace("GET ", "POST ")
          }) {
        try (Client client = rig.client()) {
          client.send(ask).answer().assertProblem(501, "upgrade_unsupported");
        }
      }
      assertEquals(0, echo.heads.size());
    }
  }

  @Test
  void closesOnAClientThatSpeaksBeforeTheAnswer() throws Exception {
    CountDownLatch ahead = new CountDownLatch(1);
    try (Endpoint slow =
            new Endpoint((head, c) -> {
              try {
                ahead.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              c.send(accept(head));
              c.in().read();
            });
        Rig rig = Rig.before(slow);
        Client client = rig.client()) {
      client.send(ASK + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.until("the request arrived", () -> slow.heads.size() == 1);
      ahead.countDown();
      assertThrows(IOException.class, client::answer);
      assertEquals(1, slow.heads.size());
    }
  }

  @Test
  void tellsClientsThatItGoesAwayAndEndpointsHearItFromThem() throws Exception {
    try (Endpoint echo = echo();
        Rig rig = Rig.before(echo);
        Hasty http = new Hasty()) {
      Heard heard = new Heard();
      open(http, rig.port, heard);
      Future<Void> drained = rig.proxy.drain(Duration.ofSeconds(20));
      assertEquals(1001, heard.closed.get(20, TimeUnit.SECONDS));
      Rig.await(drained);
      assertEquals(1, counters(rig).count(Reason.OK));
    }
  }

  @Test
  void goesAwayOnlyBetweenFrames() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    try (Endpoint halting =
            new Endpoint((head, c) -> {
              // 300 bytes announced, 2 sent.
              c.send(accept(head) + "\u0082\u007e\u0001\u002cab");
              try {
                draining.await(20, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              c.send("c".repeat(298) + "\u0081\u0002no");
              c.in().readAllBytes();
            });
        Rig rig = Rig.before(halting);
        Client client = rig.client()) {
      assertEquals(101, client.send(ASK).answer(true).status());
      assertEquals("827e012c6162", hex(client, 6));
      Future<Void> drained = rig.proxy.drain(Duration.ofSeconds(20));
      Rig.until("nobody listens", () -> !reachable(rig));
      draining.countDown();
      assertEquals("63".repeat(298), hex(client, 298));
      assertEquals(GOING_AWAY, hex(client, 4));
      client.socket.shutdownOutput();
      assertEquals(-1, client.in.read());
      Rig.await(drained);
    }
  }

  private static boolean reachable(Rig rig) {
    try (Client _ = rig.client()) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

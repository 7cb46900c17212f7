package io.skein.chaos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.skein.chaos.history.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpTest {
  private static final int PATIENCE_MILLIS = 15_000;

  /// Asks a server that takes one request and says `raw`, then closes unless told to hold.
  private static Http.Outcome asked(String raw, boolean hold, int timeoutMillis)
      throws IOException, InterruptedException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread serving =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = server.accept()) {
                  StringBuilder head = new StringBuilder();
                  while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) socket.getInputStream().read());
                  }
                  socket.getOutputStream().write(raw.getBytes(StandardCharsets.UTF_8));
                  if (hold) {
                    socket.getInputStream().read();
                  }
                } catch (IOException _) {
                  // The client left.
                }
              });
      Http.Outcome outcome =
          Http.get(new HostPort("127.0.0.1", server.getLocalPort()), "/", timeoutMillis);
      serving.join();
      return outcome;
    }
  }

  @Test
  void readsAnAnswerOfStatedLength() throws Exception {
    Http.Outcome outcome =
        asked(
            "HTTP/1.1 202 ok\r\nContent-Length: 7\r\n\r\n{\"a\":1}ignored", false, PATIENCE_MILLIS);

    assertEquals(
        new Http.Answer(202, "HTTP/1.1 202 ok\r\nContent-Length: 7\r\n", "{\"a\":1}"), outcome);
    assertEquals(1, outcome.json().whole("a").orElseThrow());
  }

  @Test
  void readsAnAnswerInChunks() throws Exception {
    String head = "HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n";
    assertEquals(
        new Http.Answer(200, head, "hello world"),
        asked(head + "\r\n5\r\nhello\r\n6;x\r\n world\r\n0\r\n\r\n", false, PATIENCE_MILLIS));
  }

  @Test
  void readsWhatACookieIsSetTo() throws Exception {
    Http.Outcome outcome =
        asked(
            "HTTP/1.1 204 ok\r\nSet-Cookie: x=1\r\nset-cookie: stay=ab12; Path=/; HttpOnly\r\n\r\n",
            false,
            PATIENCE_MILLIS);

    Http.Answer answer = assertInstanceOf(Http.Answer.class, outcome);
    assertEquals(Optional.of("stay=ab12"), answer.cookie("stay"));
    assertEquals(Optional.of("x=1"), answer.cookie("x"));
    assertEquals(Optional.empty(), answer.cookie("sta"));
  }

  @Test
  void whatBreaksOffMayHaveBeenDone() throws Exception {
    for (String part :
        new String[] {
          "",
          "HTTP/1.1 200 o",
          "HTTP/1.1 200 ok\r\nContent-Length: 7\r\n\r\n{\"a\"",
          "SSH-2.0-x\r\n\r\n",
          "HTTP/1.1 200 ok\r\nContent-Length: many\r\n\r\n",
          "HTTP/1.1 200 ok\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        }) {
      Http.Outcome outcome = asked(part, false, PATIENCE_MILLIS);

      assertInstanceOf(Http.Unknown.class, outcome, part);
      assertEquals(0, outcome.status());
      assertEquals(Json.NOTHING, outcome.json());
    }
  }

  @Test
  void anAnswerThatDripsIsGivenUpInTime() throws Exception {
    assertInstanceOf(
        Http.Unknown.class,
        asked("HTTP/1.1 200 ok\r\nContent-Length: 70\r\n\r\nand then", true, 300));
  }

  @Test
  void whereNobodyListensNothingWasSent() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }

    assertInstanceOf(
        Http.NotSent.class, Http.get(new HostPort("127.0.0.1", port), "/", PATIENCE_MILLIS));
  }
}

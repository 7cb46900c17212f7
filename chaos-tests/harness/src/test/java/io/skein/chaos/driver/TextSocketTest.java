package io.skein.chaos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TextSocketTest {
  private static final int PATIENCE_MILLIS = 60_000;

  private static HostPort echo() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    InetSocketAddress at = LineEcho.serve("e1", any, new AtomicLong(6));
    return new HostPort("127.0.0.1", at.getPort());
  }

  private static TextSocket dial(HostPort to) throws IOException {
    return TextSocket.dial(to, "lines", "/", PATIENCE_MILLIS, new SplittableRandom(3));
  }

  @Test
  void linesOfAnyLengthComeBackWithTheNameOfTheirConnection() throws IOException {
    HostPort echo = echo();
    try (TextSocket one = dial(echo);
        TextSocket other = dial(echo)) {
      List<String> lines =
          List.of("", "a", "é".repeat(62), "x".repeat(125), "y".repeat(126), "z".repeat(65_000));
      for (String line : lines) {
        one.send(line);
      }
      String from = "";
      for (String line : lines) {
        String answer = one.receive();
        from = answer.substring(0, "e1/7 ".length());
        assertEquals(from + line, answer);
      }
      other.send("a");
      String answer = other.receive();
      assertTrue(answer.startsWith("e1/") && !answer.startsWith(from), answer);
    }
  }

  @Test
  void whoWantsNoConnectionIsAnswered() throws IOException {
    assertEquals(200, Http.get(echo(), "/health", PATIENCE_MILLIS).status());
  }

  @Test
  void aLineOfMoreThanAFrameHoldsIsRefused() throws IOException {
    try (TextSocket socket = dial(echo())) {
      String line = "x".repeat(TextSocket.MOST_BYTES + 1);
      assertThrows(IllegalArgumentException.class, () -> socket.send(line));
    }
  }

  @Test
  void aRefusalSaysWhatTheAnswerWas() throws IOException {
    HostPort refusing = answering("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    IOException refused = assertThrows(IOException.class, () -> dial(refusing));
    assertEquals("refused: HTTP/1.1 503 Service Unavailable", refused.getMessage());
  }

  @Test
  void bytesThatAreNoFrameAreTakenForNoEnd() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocket listening = new ServerSocket()) {
      listening.bind(any);
      Thread.ofVirtual().start(() -> spoil(listening));
      try (TextSocket socket = dial(new HostPort("127.0.0.1", listening.getLocalPort()))) {
        assertEquals("e1/1 a", socket.receive());
        assertThrows(ProtocolException.class, socket::receive);
      }
    }
  }

  /// Sends one line and then what stands in the middle of another.
  private static void spoil(ServerSocket listening) {
    try (Socket socket = listening.accept()) {
      TextSocket.accept(socket).orElseThrow().send("e1/1 a");
      socket.getOutputStream().write("/1 b".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HostPort answering(String answer) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual()
        .start(() -> {
          try (listening;
              Socket socket = listening.accept()) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return new HostPort("127.0.0.1", listening.getLocalPort());
  }
}

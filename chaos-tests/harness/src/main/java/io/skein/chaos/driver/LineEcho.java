package io.skein.chaos.driver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Sends each line that comes on a connection back on it, after the endpoint's name and a number
/// that no other connection has: `n1/17 LINE`. Other requests are answered with 200.
final class LineEcho {
  private static final int BACKLOG = 256;

  private LineEcho() {}

  /// Listens, and serves until the process ends.
  ///
  /// @param serial gives each connection its number
  /// @return where it listens
  static InetSocketAddress serve(String name, InetSocketAddress at, AtomicLong serial)
      throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.bind(at, BACKLOG);
    Thread.ofPlatform().daemon().name("lines").start(() -> takeAll(listening, name, serial));
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  private static void takeAll(ServerSocket listening, String name, AtomicLong serial) {
    try (listening) {
      while (true) {
        Socket socket = listening.accept();
        String from = name + "/" + serial.incrementAndGet();
        Thread.ofVirtual().start(() -> echo(socket, from));
      }
    } catch (IOException e) {
      System.err.println("no more connections are taken: " + e.getMessage());
    }
  }

  private static void echo(Socket socket, String from) {
    try (socket) {
      Optional<TextSocket> lines = TextSocket.accept(socket);
      if (lines.isPresent()) {
        echo(lines.get(), from);
      }
    } catch (IOException _) {
      // The client is gone, or what was between.
    }
  }

  private static void echo(TextSocket lines, String from) throws IOException {
    try {
      while (true) {
        lines.send(from + " " + lines.receive());
      }
    } catch (ProtocolException e) {
      // Else the client would take what was lost on the way here for an end.
      lines.send(from + " " + e.getMessage());
    }
  }
}

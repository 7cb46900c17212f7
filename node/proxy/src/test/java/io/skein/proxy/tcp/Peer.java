package io.skein.proxy.tcp;

import io.skein.proxy.route.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// An endpoint of a test: one virtual thread a connection.
final class Peer implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;
  private final Set<Socket> open = Collections.synchronizedSet(new HashSet<>());

  /// What it does with a connection, which is closed afterwards.
  interface Life {
    void live(Socket socket) throws IOException;
  }

  Peer(Life life) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), life);
  }

  Peer(ServerSocket server, Life life) {
    this.server = server;
    Thread.ofVirtual().start(() -> accept(life));
  }

  /// Sends back what it gets, and ends when the client does.
  static Peer echo() throws IOException {
    return new Peer(socket -> {
      socket.getInputStream().transferTo(socket.getOutputStream());
      socket.shutdownOutput();
    });
  }

  int port() {
    return server.getLocalPort();
  }

  Target target() {
    return new Target.EndpointTarget("127.0.0.1", port());
  }

  private void accept(Life life) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual()
            .start(() -> {
              try (socket) {
                life.live(socket);
              } catch (IOException _) {
                // The test sees what came of it on its own side.
              }
            });
      } catch (IOException _) {
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open.toArray(new Socket[0])) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

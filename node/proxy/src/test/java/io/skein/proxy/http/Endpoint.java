package io.skein.proxy.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// An endpoint on raw sockets that does exactly what a test says, and remembers what it received.
final class Endpoint implements AutoCloseable {
  final List<String> heads = new CopyOnWriteArrayList<>();
  final List<Socket> sockets = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  private final ServerSocket server;
  private final Behaviour behaviour;

  /// Answers one request.
  interface Behaviour {
    void answer(String head, Conversation conversation) throws IOException;
  }

  /// One connection.
  record Conversation(Socket socket, InputStream in, OutputStream out) {
    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    String read(int count) throws IOException {
      return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    }

    String readUntil(String end) throws IOException {
      return Client.readUntil(in, end);
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  Endpoint(Behaviour behaviour) throws IOException {
    this(0, behaviour);
  }

  /// One on a port that another had before.
  Endpoint(int port, Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.server = new ServerSocket(port, 256, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// An endpoint that answers every request with its name.
  static Endpoint named(String name) throws IOException {
    return new Endpoint((_, c) -> c.send(ok(name)));
  }

  /// An endpoint that does so once `released` has come to nothing.
  static Endpoint held(String name, CountDownLatch released) throws IOException {
    return new Endpoint((_, c) -> {
      Rig.until("released", () -> released.getCount() == 0);
      c.send(ok(name));
    });
  }

  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      Conversation conversation =
          new Conversation(
              socket,
              new BufferedInputStream(socket.getInputStream(), 1 << 13),
              socket.getOutputStream());
      while (!socket.isClosed()) {
        String head = conversation.readUntil("\r\n\r\n");
        if (head.isEmpty()) {
          break;
        }
        heads.add(head);
        behaviour.answer(head, conversation);
      }
    } catch (IOException e) {
      // what tests provoke
    } finally {
      closed.incrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  static byte[] drain(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    in.transferTo(out);
    return out.toByteArray();
  }
}

package io.skein.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// An endpoint on plain sockets that keeps its connections, and can hold back what is asked for
/// `/held`.
final class PlainEndpoint implements AutoCloseable {
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger held = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  PlainEndpoint() throws IOException {
    server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("endpoint").start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  void hold() {
    held.set(0);
    gate = new CountDownLatch(1);
  }

  /// Requests that are held back.
  int held() {
    return held.get();
  }

  void letGo() {
    gate.countDown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      byte[] answer =
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
      StringBuilder head = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        head.append((char) c);
        if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
          if (head.indexOf("GET /held ") == 0) {
            held.incrementAndGet();
            gate.await();
          }
          socket.getOutputStream().write(answer);
          head.setLength(0);
        }
      }
    } catch (IOException | InterruptedException e) {
      // The proxy went, or the test ended.
    } finally {
      sockets.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    letGo();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}

package io.skein.chaos;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/// A client that knows all nodes and sends one request after the other on one connection. It goes
/// to another node when a node ends the connection with an answer or accepts none, and comes back
/// when that node says that it is ready. It repeats nothing: whatever goes wrong once a request was
/// begun is a failure.
final class SteadyClient implements Runnable {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 20_000;
  private static final int MAX_HEAD = 16 << 10;

  private final List<NodeProcess> nodes;
  private final AtomicLong answered;
  private final Queue<String> failures;
  private final boolean[] left;
  private volatile boolean running = true;
  private int at;

  SteadyClient(List<NodeProcess> nodes, int first, AtomicLong answered, Queue<String> failures) {
    this.nodes = nodes;
    this.at = first % nodes.size();
    this.answered = answered;
    this.failures = failures;
    this.left = new boolean[nodes.size()];
  }

  void stop() {
    running = false;
  }

  @Override
  public void run() {
    try {
      while (running) {
        if (left[at]) {
          left[at] = nodes.get(at).probe().status("/readyz") != 200;
        }
        if (!left[at]) {
          visit();
        }
        at = (at + 1) % nodes.size();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sends requests to one node until it wants no more.
  private void visit() throws InterruptedException {
    NodeProcess node = nodes.get(at);
    URI uri = URI.create(node.traffic());
    try (Socket socket = new Socket()) {
      try {
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_MILLIS);
      } catch (IOException e) {
        left[at] = true;
        return;
      }
      socket.setSoTimeout(READ_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (boolean open = true; open && running; ) {
        try {
          socket
              .getOutputStream()
              .write(
                  "POST / HTTP/1.1\r\nHost: hello\r\nContent-Length: 2\r\n\r\nhi"
                      .getBytes(StandardCharsets.US_ASCII));
          open = answer(in);
          answered.incrementAndGet();
        } catch (IOException e) {
          failures.add(uri + ": " + e);
          left[at] = true;
          return;
        }
        Thread.sleep(1);
      }
      left[at] = true;
    } catch (IOException e) {
      // Closing what is over.
    }
  }

  /// Whether the connection stays.
  private static boolean answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() > MAX_HEAD) {
        throw new IOException("the answer broke off after '" + head + "'");
      }
      head.append((char) next);
    }
    String text = head.toString().toLowerCase(Locale.ROOT);
    int length = text.indexOf("content-length: ");
    if (!text.startsWith("http/1.1 200 ") || length < 0) {
      throw new IOException("the answer was " + head);
    }
    int end = text.indexOf('\r', length);
    in.skipNBytes(Long.parseLong(text.substring(length + "content-length: ".length(), end)));
    return !text.contains("connection: close");
  }
}

package io.skein.benchmarks.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The clients of one contender: keep-alive GETs, each on a free connection or a new one, never
/// repeated. Latency counts from the time a request was due. An answer of 500 and above, none
/// within 10 s, and a connection that ends before the answer are failures. Confined to one thread.
final class Client {
  private static final int MOST_CONNECTIONS = 2048;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final ByteBuffer REQUEST =
      ByteBuffer.wrap(
          "GET /1k HTTP/1.1\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

  private final int port;
  private final Selector selector;
  private final ArrayDeque<Connection> free = new ArrayDeque<>();
  private final Set<Connection> busy = new HashSet<>();
  private List<Sample> samples = new ArrayList<>();

  /// One request.
  ///
  /// @param dueNanos when it was due
  /// @param latencyNanos until its last byte, or until it failed
  record Sample(long dueNanos, long latencyNanos, boolean failed) {}

  /// A connection with at most one request on its way.
  final class Connection {
    private final SocketChannel channel;
    private final StringBuilder head = new StringBuilder();
    private long dueNanos;
    private boolean works;
    private boolean bad;
    private long left = -1;
    private boolean closes;

    Connection() throws IOException {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      boolean connected = channel.connect(new InetSocketAddress("127.0.0.1", port));
      channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    /// It is connected, or never will be.
    void connected() {
      try {
        channel.finishConnect();
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
        if (works) {
          write();
        }
      } catch (IOException e) {
        end(this, true);
      }
    }

    void begin(long due) throws IOException {
      dueNanos = due;
      works = true;
      if (channel.isConnected()) {
        write();
      }
    }

    private void write() throws IOException {
      ByteBuffer bytes = REQUEST.duplicate();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    void read(ByteBuffer buffer) {
      try {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
          end(this, true);
          return;
        }
        buffer.flip();
        while (left < 0 && buffer.hasRemaining()) {
          head.append((char) (buffer.get() & 0xff));
          if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
            headRead();
          }
        }
        if (left >= 0) {
          left -= buffer.remaining();
          if (left <= 0 && works) {
            left = -1;
            end(this, bad);
          }
        }
      } catch (IOException e) {
        end(this, true);
      }
    }

    private void headRead() {
      String text = head.toString().toLowerCase(Locale.ROOT);
      head.setLength(0);
      bad = text.charAt(9) != '2';
      closes = text.contains("\r\nconnection: close");
      int at = text.indexOf("\r\ncontent-length:");
      left =
          at < 0
              ? 0
              : Long.parseLong(text.substring(at + 17, text.indexOf("\r\n", at + 17)).strip());
    }
  }

  Client(int port, Selector selector) {
    this.port = port;
    this.selector = selector;
  }

  int port() {
    return port;
  }

  /// Opens connections before they are needed.
  void open(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      free.add(new Connection());
    }
  }

  void send(long dueNanos) {
    Connection connection = free.pollLast();
    try {
      if (connection == null) {
        if (busy.size() >= MOST_CONNECTIONS) {
          throw new IOException("too many connections");
        }
        connection = new Connection();
      }
      busy.add(connection);
      connection.begin(dueNanos);
    } catch (IOException e) {
      if (connection == null) {
        samples.add(new Sample(dueNanos, System.nanoTime() - dueNanos, true));
      } else {
        end(connection, true);
      }
    }
  }

  private void end(Connection connection, boolean failed) {
    if (connection.works) {
      connection.works = false;
      busy.remove(connection);
      samples.add(new Sample(connection.dueNanos, System.nanoTime() - connection.dueNanos, failed));
    }
    if (failed || connection.closes) {
      free.remove(connection);
      try {
        connection.channel.close();
      } catch (IOException e) {
        // It is gone in any case.
      }
    } else {
      free.addLast(connection);
    }
  }

  /// How many requests are on their way.
  int underWay(long now) {
    for (Connection connection : List.copyOf(busy)) {
      if (now - connection.dueNanos > PATIENCE_NANOS) {
        end(connection, true);
      }
    }
    return busy.size();
  }

  /// What ended since the last call.
  List<Sample> take() {
    List<Sample> taken = samples;
    samples = new ArrayList<>();
    return taken;
  }
}

package io.skein.benchmarks.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/// An HTTP endpoint on a port of loopback whose capacity is real: as many slots as it has workers,
/// a queue in front of them, exponentially distributed service times. It answers 1 KiB; `/health`
/// needs no slot. It can be told to be slow, to fail, to stand still and to be gone.
///
/// Standing still is what a stopped process does: the kernel goes on accepting connections and
/// bytes, nothing is read, and what was due meanwhile is answered at its end. Gone is what a killed
/// process does: the port refuses, connections are closed, requests in work are lost.
///
/// Confined to the thread of its [Endpoints].
final class Endpoint {
  private static final byte[] ANSWER = answer("200 OK", "x".repeat(1024));
  private static final byte[] FAILURE = answer("500 Internal Server Error", "failing on purpose\n");
  private static final byte[] HEALTHY = answer("200 OK", "ok\n");
  private static final long FAILS_AFTER_NANOS = 1_000_000;
  private static final int BACKLOG = 1024;

  private final int port;
  private final Selector selector;
  private final SplittableRandom random;
  private final Set<Connection> connections = new HashSet<>();
  private final ArrayDeque<Connection> queue = new ArrayDeque<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final List<Long> arrivals = new ArrayList<>();
  private ServerSocketChannel server;
  private int slots = 1;
  private int busy;
  private double meanNanos = 1_000_000;
  private double failing;
  private boolean still;
  private boolean gone;

  /// An answer and its time.
  private record Due(long nanos, Connection to, byte[] bytes, boolean slot)
      implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(nanos, other.nanos);
    }
  }

  /// A connection with one request at a time on it.
  final class Connection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final byte[] head = new byte[8 << 10];
    private int length;

    Connection(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    Endpoint endpoint() {
      return Endpoint.this;
    }

    void read(ByteBuffer buffer, long now) {
      try {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
          close(this);
          return;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
          byte next = buffer.get();
          if (length == head.length) {
            close(this);
            return;
          }
          head[length++] = next;
          if (next == '\n' && length >= 4 && head[length - 3] == '\n') {
            String line = new String(head, 0, 12, StandardCharsets.ISO_8859_1);
            length = 0;
            requested(this, line.contains(" /health"), now);
          }
        }
      } catch (IOException e) {
        close(this);
      }
    }
  }

  Endpoint(int port, Selector selector, long seed) throws IOException {
    this.port = port;
    this.selector = selector;
    this.random = new SplittableRandom(seed);
    this.server = listen();
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel opened = ServerSocketChannel.open();
    opened.bind(new InetSocketAddress("127.0.0.1", port), BACKLOG);
    opened.configureBlocking(false);
    opened.register(selector, SelectionKey.OP_ACCEPT, this);
    return opened;
  }

  private static byte[] answer(String status, String body) {
    return ("HTTP/1.1 "
            + status
            + "\r\nContent-Type: text/plain\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  // ---- what it is told

  /// @param workers slots, at least 1
  void serve(int workers, double meanMillis) {
    slots = workers;
    meanNanos = meanMillis * 1e6;
  }

  /// @param share of requests that get 500 after 1 ms
  void fail(double share) {
    failing = share;
  }

  void standStill(boolean stands) {
    still = stands;
    int interest = stands ? 0 : SelectionKey.OP_READ;
    connections.forEach(connection -> connection.key.interestOps(interest));
    SelectionKey key = server.keyFor(selector);
    if (key != null && key.isValid()) {
      key.interestOps(stands ? 0 : SelectionKey.OP_ACCEPT);
    }
  }

  void kill() throws IOException {
    gone = true;
    server.close();
    List.copyOf(connections).forEach(this::close);
    queue.clear();
    due.clear();
    busy = 0;
    // A port is free when its keys are.
    selector.selectNow();
  }

  void comeBack() throws IOException {
    if (gone) {
      gone = false;
      server = listen();
    }
  }

  /// When requests came since the last call, health checks left out.
  List<Long> takeArrivals() {
    List<Long> taken = List.copyOf(arrivals);
    arrivals.clear();
    return taken;
  }

  // ---- what it does

  void accept() throws IOException {
    SocketChannel channel = server.accept();
    while (channel != null) {
      connections.add(new Connection(channel));
      channel = server.accept();
    }
  }

  private void requested(Connection from, boolean health, long now) {
    if (health) {
      send(from, HEALTHY);
      return;
    }
    arrivals.add(now);
    if (failing > 0 && random.nextDouble() < failing) {
      due.add(new Due(now + FAILS_AFTER_NANOS, from, FAILURE, false));
    } else if (busy < slots) {
      work(from, now);
    } else {
      queue.add(from);
    }
  }

  private void work(Connection from, long now) {
    busy++;
    long takes = (long) (-Math.log(1 - random.nextDouble()) * meanNanos);
    due.add(new Due(now + takes, from, ANSWER, true));
  }

  /// Answers what is due.
  ///
  /// @return when the next is, `Long.MAX_VALUE` if none
  long answer(long now) {
    while (!still) {
      Due next = due.peek();
      if (next == null || next.nanos() > now) {
        return next == null ? Long.MAX_VALUE : next.nanos();
      }
      due.remove();
      if (next.slot()) {
        busy--;
      }
      send(next.to(), next.bytes());
      while (busy < slots && !queue.isEmpty()) {
        Connection waiting = queue.remove();
        // Who gave up costs nothing: the client's end of the connection is closed.
        if (waiting.channel.isOpen()) {
          work(waiting, now);
        }
      }
    }
    return Long.MAX_VALUE;
  }

  private void send(Connection to, byte[] bytes) {
    if (!to.channel.isOpen()) {
      return;
    }
    try {
      ByteBuffer out = ByteBuffer.wrap(bytes);
      while (out.hasRemaining()) {
        if (to.channel.write(out) == 0) {
          close(to);
          return;
        }
      }
    } catch (IOException e) {
      close(to);
    }
  }

  private void close(Connection connection) {
    connections.remove(connection);
    try {
      connection.channel.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }
}

package io.skein.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Latency of keep-alive GETs at a constant rate, to several targets in interleaved rounds:
/// `OpenLoop PATH RATE SECONDS ROUNDS CONNECTIONS PORT…`, all on 127.0.0.1. The first round warms
/// up and is not counted.
///
/// An open loop: requests are due at fixed times whatever the answers do. A request for which no
/// connection is free waits, and its latency counts from the time it was due, so that a pause of
/// the target is felt by everything that was due meanwhile (no coordinated omission).
///
/// `OpenLoop idle COUNT PORT` opens that many connections, has one GET answered on each, says so
/// and holds them until its input ends.
public final class OpenLoop {
  private static final long NOT_ANSWERED_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int IDLE_OPENING = 256;

  private final Selector selector;
  private final int port;
  private final ByteBuffer request;
  private final ArrayDeque<Connection> free = new ArrayDeque<>();
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private int answered;

  /// One connection with at most one request on its way.
  private final class Connection {
    final SocketChannel channel;
    final AnswerReader answer = new AnswerReader();
    long dueNanos;

    Connection() throws IOException {
      channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(long due) throws IOException {
      dueNanos = due;
      ByteBuffer bytes = request.duplicate();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private OpenLoop(int port, String path) throws IOException {
    this.selector = Selector.open();
    this.port = port;
    this.request =
        ByteBuffer.wrap(
            ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  /// See above.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 3 && arguments[0].equals("idle")) {
      OpenLoop loop = new OpenLoop(Integer.parseInt(arguments[2]), "/1k");
      loop.hold(Integer.parseInt(arguments[1]));
      return;
    }
    if (arguments.length < 6) {
      System.err.println("usage: OpenLoop PATH RATE SECONDS ROUNDS CONNECTIONS PORT…");
      System.err.println("       OpenLoop idle COUNT PORT");
      System.exit(2);
    }
    int rate = Integer.parseInt(arguments[1]);
    int seconds = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    List<OpenLoop> targets = new ArrayList<>();
    for (int i = 5; i < arguments.length; i++) {
      OpenLoop target = new OpenLoop(Integer.parseInt(arguments[i]), arguments[0]);
      for (int c = Integer.parseInt(arguments[4]); c > 0; c--) {
        target.free.add(target.new Connection());
      }
      targets.add(target);
    }
    long[][] all = new long[targets.size()][];
    Arrays.fill(all, new long[0]);
    for (int round = 0; round <= rounds; round++) {
      for (int t = 0; t < all.length; t++) {
        long[] latencies = targets.get(t).round(rate, seconds);
        if (round > 0) {
          int before = all[t].length;
          all[t] = Arrays.copyOf(all[t], before + latencies.length);
          System.arraycopy(latencies, 0, all[t], before, latencies.length);
        }
      }
    }
    System.out.println("  PORT  REQUESTS  P50 MS  P90 MS  P99 MS  P99.9 MS  WORST MS");
    for (int t = 0; t < all.length; t++) {
      Arrays.sort(all[t]);
      System.out.println(
          String.format(
              Locale.ROOT,
              "%6d  %8d  %6.3f  %6.3f  %6.3f  %8.3f  %8.3f",
              targets.get(t).port,
              all[t].length,
              quantile(all[t], 0.5),
              quantile(all[t], 0.9),
              quantile(all[t], 0.99),
              quantile(all[t], 0.999),
              quantile(all[t], 1)));
    }
  }

  private static double quantile(long[] sorted, double q) {
    return sorted[(int) Math.min(sorted.length - 1L, (long) (q * sorted.length))] / 1e6;
  }

  private long[] round(int rate, int seconds) throws IOException {
    int requests = rate * seconds;
    long[] latencies = new long[requests];
    answered = 0;
    long start = System.nanoTime();
    int next = 0;
    while (answered < requests) {
      long now = System.nanoTime();
      while (next < requests && due(start, next, rate) <= now) {
        begin(due(start, next++, rate));
      }
      if (now - due(start, requests, rate) > NOT_ANSWERED_NANOS) {
        throw new IOException(requests - answered + " requests to port " + port + " got no answer");
      }
      long left = next < requests ? due(start, next, rate) - now : 1_000_000;
      if (left >= 1_000_000) {
        selector.select(TimeUnit.NANOSECONDS.toMillis(left));
      } else {
        selector.selectNow();
      }
      take(latencies);
    }
    return latencies;
  }

  private static long due(long start, int number, int rate) {
    return start + number * 1_000_000_000L / rate;
  }

  private void begin(long due) throws IOException {
    Connection connection = free.poll();
    if (connection == null) {
      waiting.add(due);
    } else {
      connection.send(due);
    }
  }

  private void take(long[] latencies) throws IOException {
    for (SelectionKey key : selector.selectedKeys()) {
      Connection connection = (Connection) key.attachment();
      if (connection.answer.complete(connection.channel)) {
        latencies[answered++] = System.nanoTime() - connection.dueNanos;
        Long due = waiting.poll();
        if (due == null) {
          free.add(connection);
        } else {
          connection.send(due);
        }
      }
    }
    selector.selectedKeys().clear();
  }

  private void hold(int count) throws IOException {
    int opened = 0;
    long[] latencies = new long[count];
    while (answered < count) {
      while (opened < count && opened - answered < IDLE_OPENING) {
        new Connection().send(System.nanoTime());
        opened++;
      }
      selector.select(1_000);
      take(latencies);
    }
    System.out.println(count + " connections are open and idle");
    while (System.in.read() >= 0) {
      // until the end of input
    }
  }
}

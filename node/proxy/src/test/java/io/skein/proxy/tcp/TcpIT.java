package io.skein.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.Target;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("net")
class TcpIT {
  private static final int MANY_BYTES = 64 << 20;

  private static Target closed() throws IOException {
    return DeadEnd.lasting().target();
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Test
  void carriesManyBytesBothWaysUnchanged() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket = TcpRig.dial(rig.listen("db"))) {
      MessageDigest sent = MessageDigest.getInstance("SHA-256");
      MessageDigest back = MessageDigest.getInstance("SHA-256");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                byte[] block = new byte[61_001];
                Random random = new Random(7);
                try {
                  OutputStream out = socket.getOutputStream();
                  for (int left = MANY_BYTES; left > 0; ) {
                    random.nextBytes(block);
                    int count = Math.min(left, block.length);
                    sent.update(block, 0, count);
                    out.write(block, 0, count);
                    left -= count;
                  }
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      byte[] block = new byte[64 << 10];
      InputStream in = socket.getInputStream();
      long total = 0;
      for (int count; (count = in.read(block)) >= 0; total += count) {
        back.update(block, 0, count);
      }
      sender.join();
      assertEquals(MANY_BYTES, total);
      assertArrayEquals(sent.digest(), back.digest());
      TcpRig.until("it is over", () -> rig.counters("db").open() == 0);
      assertEquals(MANY_BYTES, rig.counters("db").receivedBytes());
      assertEquals(MANY_BYTES, rig.counters("db").sentBytes());
      assertEquals(1, rig.counters("db").count(Reason.OK));
      assertEquals(new TcpRig.Outcome("db0", OutcomeKind.OK), rig.outcomes.getFirst());
      assertEquals(1, rig.outcomes.size());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      assertEquals(1, rig.candidates.getFirst().load().samples());
      TcpRig.until("the line is written", () -> rig.log.written() == 1);
      assertTrue(rig.lines.toString().contains("\"skein.endpoint\":\"db0\""), rig.lines::toString);
      assertEquals(0, rig.metrics.openUpstreamConnections());
    }
  }

  @Test
  void passesOnTheClientsEndAndThenTheAnswer() throws Exception {
    try (Peer counter =
            new Peer(socket -> {
              long count = socket.getInputStream().readAllBytes().length;
              socket
                  .getOutputStream()
                  .write(Long.toString(count).getBytes(StandardCharsets.US_ASCII));
            });
        TcpRig rig = new TcpRig().serve("db", counter.target());
        Socket socket = TcpRig.dial(rig.listen("db"))) {
      socket.getOutputStream().write(new byte[1_000_000]);
      socket.shutdownOutput();
      assertEquals(
          "1000000", new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void losesNothingBehindAnEndHoweverOftenASlowClientStopsReading() throws Exception {
    int bytes = 24 << 20;
    try (Peer large =
            new Peer(socket -> {
              socket.getInputStream().readAllBytes();
              byte[] block = new byte[1 << 20];
              for (int i = 0; i < bytes / block.length; i++) {
                socket.getOutputStream().write(block);
              }
            });
        TcpRig rig = new TcpRig().serve("db", large.target());
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(32 << 10);
      socket.connect(
          new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), rig.listen("db")));
      socket.shutdownOutput();
      byte[] taken = new byte[2 << 20];
      int total = 0;
      // Between two reads every buffer on the way fills up, so that writes have to wait.
      for (int count; (count = socket.getInputStream().readNBytes(taken, 0, taken.length)) > 0; ) {
        total += count;
        long before;
        do {
          before = rig.counters("db").sentBytes();
          LockSupport.parkNanos(5_000_000);
        } while (rig.counters("db").sentBytes() != before);
      }
      assertEquals(bytes, total);
      TcpRig.until("it is over", () -> rig.counters("db").count(Reason.OK) == 1);
    }
  }

  @Test
  void passesOnTheEndpointsEndWhileTheClientGoesOn() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    AtomicLong got = new AtomicLong();
    try (Peer first =
            new Peer(socket -> {
              socket.getOutputStream().write('h');
              socket.shutdownOutput();
              got.set(socket.getInputStream().readAllBytes().length);
              ended.countDown();
            });
        TcpRig rig = new TcpRig().serve("db", first.target());
        Socket socket = TcpRig.dial(rig.listen("db"))) {
      assertEquals("h", new String(socket.getInputStream().readAllBytes(), "US-ASCII"));
      socket.getOutputStream().write(new byte[300_000]);
      socket.shutdownOutput();
      assertTrue(ended.await(20, TimeUnit.SECONDS));
      assertEquals(300_000, got.get());
    }
  }

  @Test
  void passesOnTheClientsReset() throws Exception {
    CountDownLatch reset = new CountDownLatch(1);
    try (Peer endpoint =
            new Peer(socket -> {
              socket.getOutputStream().write('h');
              try {
                socket.getInputStream().readAllBytes();
              } catch (SocketException e) {
                reset.countDown();
              }
            });
        TcpRig rig = new TcpRig().serve("db", endpoint.target())) {
      Socket socket = TcpRig.dial(rig.listen("db"));
      assertEquals('h', socket.getInputStream().read());
      reset(socket);
      assertTrue(reset.await(20, TimeUnit.SECONDS));
      TcpRig.until("counted", () -> rig.counters("db").count(Reason.CLIENT_GONE) == 1);
      assertEquals(new TcpRig.Outcome("db0", OutcomeKind.OK), rig.outcomes.getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void passesOnTheEndpointsResetAndBlamesItOnlyIfItSaidNothing(boolean saysSomething)
      throws Exception {
    try (Peer endpoint =
            new Peer(socket -> {
              socket.getInputStream().read();
              if (saysSomething) {
                socket.getOutputStream().write('h');
                socket.getInputStream().read();
              }
              reset(socket);
            });
        TcpRig rig = new TcpRig().serve("db", endpoint.target());
        Socket socket = TcpRig.dial(rig.listen("db"))) {
      socket.getOutputStream().write('a');
      if (saysSomething) {
        assertEquals('h', socket.getInputStream().read());
        socket.getOutputStream().write('b');
      }
      assertThrows(SocketException.class, () -> socket.getInputStream().read());
      TcpRig.until("counted", () -> rig.counters("db").count(Reason.UPSTREAM_RESET) == 1);
      assertEquals(
          saysSomething ? OutcomeKind.OK : OutcomeKind.RESET, rig.outcomes.getFirst().kind());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
    }
  }

  @Test
  void readsNoMoreThanASlowClientTakes() throws Exception {
    AtomicLong written = new AtomicLong();
    try (Peer flood =
            new Peer(socket -> {
              byte[] block = new byte[64 << 10];
              while (true) {
                socket.getOutputStream().write(block);
                written.addAndGet(block.length);
              }
            });
        TcpRig rig = new TcpRig().serve("db", flood.target());
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(64 << 10);
      socket.connect(
          new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), rig.listen("db")));
      long before;
      do {
        before = written.get();
        LockSupport.parkNanos(300_000_000);
      } while (written.get() != before || before == 0);
      // What the kernel keeps in four socket buffers, and at most two water marks of ours.
      assertTrue(rig.counters("db").sentBytes() < 16 << 20, () -> "" + rig.counters("db"));
      assertTrue(before < 24 << 20, () -> "" + written.get());
      byte[] taken = new byte[1 << 20];
      for (int i = 0; i < 40; i++) {
        socket.getInputStream().readNBytes(taken, 0, taken.length);
      }
      assertTrue(written.get() > before);
    }
  }

  @Test
  void connectsElsewhereWhenRefused() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", closed(), echo.target());
        Socket socket = TcpRig.dial(rig.listen("db"))) {
      socket.getOutputStream().write('a');
      assertEquals('a', socket.getInputStream().read());
      socket.shutdownOutput();
      assertEquals(-1, socket.getInputStream().read());
      TcpRig.until("counted", () -> rig.counters("db").count(Reason.RETRY_OK) == 1);
      assertEquals(1, rig.counters("db").retries());
      assertEquals(new TcpRig.Outcome("db0", OutcomeKind.CONNECT_FAILED), rig.outcomes.getFirst());
      assertEquals(new TcpRig.Outcome("db1", OutcomeKind.OK), rig.outcomes.get(1));
      rig.candidates.forEach(each -> assertEquals(0, each.load().inFlight()));
    }
  }

  /// Sends until nothing takes any more, but at most `most`.
  ///
  /// @return how much that was
  private static long fill(SocketChannel channel, long most) throws IOException {
    channel.configureBlocking(false);
    return fill(channel, most, 500_000_000);
  }

  /// Sends as much, however long it takes.
  private static void sendAll(SocketChannel channel, long bytes) throws IOException {
    channel.configureBlocking(false);
    assertEquals(bytes, fill(channel, bytes, 30_000_000_000L));
  }

  private static long fill(SocketChannel channel, long most, long stuckNanos) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(16 << 10);
    long sent = 0;
    for (long tookNanos = System.nanoTime();
        sent < most && System.nanoTime() - tookNanos < stuckNanos; ) {
      int took = channel.write(block.clear().limit((int) Math.min(block.capacity(), most - sent)));
      if (took == 0) {
        LockSupport.parkNanos(5_000_000);
      } else {
        tookNanos = System.nanoTime();
        sent += took;
      }
    }
    return sent;
  }

  @Test
  void whatAClientSentBeforeItsEndWaitsForAnEndpointThatDoesNotRead() throws Exception {
    // Kernels learn how much to hold, each connection for itself: where all of it found room behind
    // the proxy, nothing is to be seen.
    boolean held = false;
    for (int attempt = 0; attempt < 10 && !held; attempt++) {
      held = holdsBackAtTheEnd();
    }
    assertTrue(held, "all was read at the end, ten times");
  }

  private static boolean holdsBackAtTheEnd() throws Exception {
    int before = 48 << 20;
    CountDownLatch read = new CountDownLatch(1);
    AtomicLong got = new AtomicLong();
    try (Peer echo = Peer.echo();
        Peer lazy =
            new Peer(socket -> {
              // While it reads, the kernel learns to hold much for the proxy, and little for this.
              socket.setReceiveBufferSize(64 << 10);
              socket.getInputStream().skipNBytes(before);
              try {
                read.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              got.set(socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
            });
        TcpRig rig = new TcpRig().serve("db", lazy.target())) {
      InetSocketAddress to =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.listen("db"));
      long most;
      try (SocketChannel measure = SocketChannel.open()) {
        measure.setOption(StandardSocketOptions.SO_SNDBUF, 64 << 10);
        measure.connect(to);
        sendAll(measure, before);
        most = fill(measure, 100 << 20);
        measure.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      TcpRig.until("it is over", () -> rig.counters("db").open() == 0);
      long passed = rig.counters("db").receivedBytes();
      int echoing = rig.serve("echo", echo.target()).listen("echo");
      try (SocketChannel client = SocketChannel.open()) {
        client.setOption(StandardSocketOptions.SO_SNDBUF, 64 << 10);
        client.connect(to);
        sendAll(client, before);
        long sent = fill(client, most * 9 / 10);
        client.shutdownOutput();
        // The end is at the proxy before this is, whose only event loop answers it.
        try (Socket other = TcpRig.dial(echoing)) {
          other.getOutputStream().write(7);
          assertEquals(7, other.getInputStream().read());
        }
        long taken = rig.counters("db").receivedBytes() - passed - before;
        read.countDown();
        TcpRig.until("all of it came", () -> got.get() == sent);
        return taken < sent;
      }
    }
  }

  @Test
  void withoutAFileForASocketTriesElsewhereAndThenResetsTheClient() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target(), echo.target())) {
      int port = rig.listen("db");
      rig.noFiles.set(1);
      try (Socket socket = TcpRig.dial(port)) {
        socket.getOutputStream().write(7);
        assertEquals(7, socket.getInputStream().read());
      }
      TcpRig.until("it is over", () -> rig.counters("db").open() == 0);
      assertEquals(1, rig.counters("db").count(Reason.RETRY_OK));
      rig.noFiles.set(3);
      try (Socket socket = TcpRig.dial(port)) {
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      TcpRig.until("it is over", () -> rig.counters("db").count(Reason.CONNECT_FAILED) == 1);
      assertEquals(0, rig.counters("db").open());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      assertEquals(0, rig.candidates.getLast().load().inFlight());
    }
  }

  @Test
  void resetsTheClientWhenNobodyCanBeReached() throws Exception {
    try (TcpRig rig = new TcpRig().serve("db", closed(), closed(), closed()).serve("none")) {
      try (Socket socket = TcpRig.dial(rig.listen("db"))) {
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      try (Socket socket = TcpRig.dial(rig.listen("none"))) {
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      try (Socket socket = TcpRig.dial(rig.listen("nowhere"))) {
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      TcpRig.until("counted", () -> rig.counters("db").count(Reason.CONNECT_FAILED) == 1);
      TcpRig.until("counted", () -> rig.counters("none").count(Reason.NO_ENDPOINT) == 1);
      TcpRig.until("counted", () -> rig.counters("").count(Reason.NO_SERVICE) == 1);
      assertEquals(
          Set.of("db0", "db1", "db2"),
          rig.outcomes.stream().map(TcpRig.Outcome::candidate).collect(Collectors.toSet()));
      assertEquals(3, rig.outcomes.size());
    }
  }

  @Test
  void resetsWhatIsSilentForTooLong() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket socket =
            TcpRig.dial(
                rig.listen(
                    new TcpListener(
                        "test",
                        "127.0.0.1",
                        0,
                        new TcpListener.Plain("db"),
                        Optional.empty(),
                        Duration.ofMillis(300))))) {
      TcpRig.assertResetAfter(socket, 'a');
      TcpRig.until("counted", () -> rig.counters("db").count(Reason.IDLE) == 1);
    }
  }

  @Test
  void letsConnectionsEndWhileDraining() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target())) {
      int port = rig.listen("db");
      try (Socket ends = TcpRig.dial(port)) {
        ends.getOutputStream().write('a');
        assertEquals('a', ends.getInputStream().read());
        Future<Void> drained = rig.server.drain(Duration.ofSeconds(60));
        TcpRig.until("nobody listens", () -> refused(port));
        ends.getOutputStream().write('b');
        assertEquals('b', ends.getInputStream().read());
        assertFalse(drained.isComplete());
        ends.shutdownOutput();
        assertEquals(-1, ends.getInputStream().read());
        TcpRig.await(drained);
        assertEquals(1, rig.counters("db").count(Reason.OK));
      }
    }
  }

  @Test
  void cutsConnectionsAfterTheLimitOfADrain() throws Exception {
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig().serve("db", echo.target());
        Socket stays = TcpRig.dial(rig.listen("db"))) {
      stays.getOutputStream().write('a');
      assertEquals('a', stays.getInputStream().read());
      TcpRig.await(rig.server.drain(Duration.ofMillis(200)));
      assertThrows(SocketException.class, () -> stays.getInputStream().read());
      assertEquals(1, rig.counters("db").count(Reason.CUT));
    }
  }

  private static boolean refused(int port) {
    try (Socket _ = TcpRig.dial(port)) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void resetsConnectionsBeyondTheLimit() throws Exception {
    TcpConfig one = new TcpConfig(1, 0, 16 << 10, Duration.ofSeconds(10));
    try (Peer echo = Peer.echo();
        TcpRig rig = new TcpRig(one).serve("db", echo.target())) {
      int port = rig.listen("db");
      try (Socket first = TcpRig.dial(port)) {
        first.getOutputStream().write('a');
        assertEquals('a', first.getInputStream().read());
        try (Socket second = TcpRig.dial(port)) {
          assertThrows(SocketException.class, () -> second.getInputStream().read());
        }
      }
      TcpRig.until("counted", () -> rig.metrics.refusedConnections() == 1);
    }
  }
}

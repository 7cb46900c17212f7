package io.skein.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// However two sides part, nothing of their relay stays.
@Tag("net")
class RelayEndsIT {
  private static final int LIVES = 150;

  private static void untilOver(TcpRig rig) {
    TcpRig.until("the relay is over", () -> rig.counters("db").open() == 0);
    TcpRig.until("nothing is open", () -> rig.server.open() == 0);
    assertEquals(0, rig.metrics.openUpstreamConnections());
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("never");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The endpoint ends and is gone; what the client sends then finds nobody; then the client ends.
  @Test
  void whenAnEndpointEndsAndIsGoneWhileTheClientStillSends() throws Exception {
    try (Peer endpoint = new Peer(socket -> socket.getInputStream().read());
        TcpRig rig = new TcpRig().serve("db", endpoint.target());
        Socket client = TcpRig.dial(rig.listen("db"))) {
      client.getOutputStream().write(1);
      assertEquals(-1, client.getInputStream().read());
      // The first of them makes the endpoint's system answer with a reset, a later one hits it.
      try {
        for (int i = 0; i < 20; i++) {
          client.getOutputStream().write(2);
          LockSupport.parkNanos(2_000_000);
        }
      } catch (IOException _) {
        // The relay is over already, and says so.
      }
      client.close();
      untilOver(rig);
    }
  }

  /// The client ends and is gone; what the endpoint sends then finds nobody; then it ends.
  @Test
  void whenAClientEndsAndIsGoneBeforeItHeardAll() throws Exception {
    try (Peer endpoint =
            new Peer(socket -> {
              InputStream in = socket.getInputStream();
              while (in.read() >= 0) {
                // To the end.
              }
              OutputStream out = socket.getOutputStream();
              for (int i = 0; i < 20; i++) {
                out.write(2);
                LockSupport.parkNanos(2_000_000);
              }
            });
        TcpRig rig = new TcpRig().serve("db", endpoint.target());
        Socket client = TcpRig.dial(rig.listen("db"))) {
      client.getOutputStream().write(1);
      client.close();
      untilOver(rig);
    }
  }

  /// A client that has ended and then resets, while the endpoint has nothing to say: no write finds
  /// out.
  @Test
  void whenAClientThatEndedResetsWhileTheEndpointIsSilent() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (Peer endpoint =
            new Peer(socket -> {
              while (socket.getInputStream().read() >= 0) {
                // To the end.
              }
              heard.countDown();
              await(over);
            });
        TcpRig rig = new TcpRig().serve("db", endpoint.target());
        Socket client = TcpRig.dial(rig.listen("db"))) {
      client.getOutputStream().write(1);
      client.shutdownOutput();
      await(heard);
      reset(client);
      untilOver(rig);
    } finally {
      over.countDown();
    }
  }

  @Test
  void whenAnEndpointThatEndedResetsWhileTheClientIsSilent() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    try (Peer endpoint =
            new Peer(socket -> {
              socket.getInputStream().read();
              socket.shutdownOutput();
              await(heard);
              reset(socket);
            });
        TcpRig rig = new TcpRig().serve("db", endpoint.target());
        Socket client = TcpRig.dial(rig.listen("db"))) {
      client.getOutputStream().write(1);
      assertEquals(-1, client.getInputStream().read());
      heard.countDown();
      untilOver(rig);
    }
  }

  /// Two sides that do whatever comes to their minds, and close in the end.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void howeverTheyPart(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    List<Thread> clients = new ArrayList<>();
    try (Peer endpoint =
            new Peer(socket -> {
              int itsSeed = socket.getInputStream().read();
              live(socket, new SplittableRandom(seed * 1_000 + itsSeed));
            });
        TcpRig rig = new TcpRig().serve("db", endpoint.target())) {
      int port = rig.listen("db");
      for (int i = 0; i < LIVES; i++) {
        SplittableRandom random = seeds.split();
        clients.add(
            Thread.ofVirtual()
                .start(() -> {
                  try (Socket client = TcpRig.dial(port)) {
                    client.getOutputStream().write(random.nextInt(256));
                    live(client, random);
                  } catch (IOException _) {
                    // Whoever is reset has parted too.
                  }
                }));
      }
      for (Thread client : clients) {
        client.join();
      }
      untilOver(rig);
    }
  }

  private static void live(Socket socket, SplittableRandom random) throws IOException {
    byte[] bytes = new byte[1 + random.nextInt(200_000)];
    for (int step = random.nextInt(8); step > 0; step--) {
      switch (random.nextInt(5)) {
        case 0 -> socket.getOutputStream().write(bytes, 0, 1 + random.nextInt(bytes.length));
        case 1 -> {
          if (!socket.isOutputShutdown()) {
            socket.getOutputStream().write(bytes, 0, 1);
          }
        }
        case 2 -> {
          socket.setSoTimeout(1 + random.nextInt(10));
          try {
            socket.getInputStream().read(bytes);
          } catch (java.net.SocketTimeoutException _) {
            // Goes on.
          }
        }
        case 3 -> LockSupport.parkNanos(random.nextLong(3_000_000));
        default -> {
          if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
          }
        }
      }
    }
    if (random.nextInt(3) == 0) {
      reset(socket);
    } else {
      socket.close();
    }
  }
}

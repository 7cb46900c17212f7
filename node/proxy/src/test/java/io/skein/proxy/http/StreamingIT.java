package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class StreamingIT {
  private static final long DOWN = 1L << 30;
  private static final long UP = 1L << 28;
  private static final byte[] BLOCK = new byte[256 << 10];

  /// What kernel buffers on four sockets, water marks and one read may hold.
  private static final long MOST_UNDERWAY = 64L << 20;

  @Test
  void passesAGibibyteWithFlatMemoryAndWaitsForASlowClient() throws Exception {
    AtomicLong sent = new AtomicLong();
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: " + DOWN + "\r\n\r\n");
              while (sent.get() < DOWN) {
                c.out().write(BLOCK);
                sent.addAndGet(BLOCK.length);
              }
            });
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head();
      awaitStanding(sent);
      assertTrue(sent.get() < MOST_UNDERWAY, "nobody reads, yet taken: " + sent);
      assertEquals(DOWN, drain(client.in, DOWN));
      assertEquals("shop", rig.proxy.metrics().service("shop").service());
      Rig.until("counted", () -> rig.proxy.metrics().service("shop").responseBytes() == DOWN);
    }
  }

  @Test
  void passesUploadsWithFlatMemoryAndWaitsForASlowEndpoint() throws Exception {
    AtomicLong sent = new AtomicLong();
    AtomicLong gate = new AtomicLong();
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              Rig.until("the gate opens", () -> gate.get() == 1);
              c.send(Endpoint.ok(Long.toString(drain(c.in(), UP))));
            });
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  OutputStream out = client.socket.getOutputStream();
                  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + UP + "\r\n\r\n");
                  while (sent.get() < UP) {
                    out.write(BLOCK);
                    sent.addAndGet(BLOCK.length);
                  }
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      awaitStanding(sent);
      assertTrue(sent.get() < MOST_UNDERWAY, "nobody reads, yet taken: " + sent);
      gate.set(1);
      assertEquals(Long.toString(UP), client.answer().body());
      sender.join();
    }
  }

  /// Reads to the end, watching the memory that the proxy shares with this test.
  private static long drain(InputStream in, long bytes) throws java.io.IOException {
    byte[] buffer = new byte[256 << 10];
    long total = 0;
    long mostDirect = 0;
    for (int n; total < bytes && (n = in.read(buffer)) > 0; ) {
      total += n;
      mostDirect = Math.max(mostDirect, PooledByteBufAllocator.DEFAULT.pinnedDirectMemory());
    }
    assertTrue(mostDirect < 64 << 20, "direct memory: " + mostDirect);
    Runtime runtime = Runtime.getRuntime();
    System.gc(); // Garbage of other tests is nobody's growth.
    assertTrue(runtime.totalMemory() - runtime.freeMemory() < 512L << 20, "heap");
    return total;
  }

  private static void awaitStanding(AtomicLong count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    long seen = -1;
    int same = 0;
    while (same < 40) {
      assertTrue(System.nanoTime() < end, "never stops: " + count);
      long now = count.get();
      same = now == seen && now > 0 ? same + 1 : 0;
      seen = now;
      LockSupport.parkNanos(5_000_000);
    }
  }
}

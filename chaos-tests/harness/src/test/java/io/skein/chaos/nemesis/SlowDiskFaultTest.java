package io.skein.chaos.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.skein.chaos.driver.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowDiskFaultTest {
  private static final long SEED = 3;

  private HttpServer api;
  private Slow node;
  private SlowDiskFault fault;

  /// A node that acknowledges a change after one sync, if it heeds the delay.
  private static final class Slow extends BareNode {
    volatile int millis;
    volatile boolean heeds = true;
    final AtomicLong delayed = new AtomicLong();

    Slow(HostPort at) {
      super("n1", at);
    }

    @Override
    public void delaySyncs(int delayMillis) {
      millis = delayMillis;
    }

    @Override
    public long delayedSyncs() {
      return delayed.get();
    }

    void sync() throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(heeds ? millis : 0);
      delayed.addAndGet(millis > 0 ? 1 : 0);
    }
  }

  @BeforeEach
  void begin() throws Exception {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    node = new Slow(new HostPort("127.0.0.1", api.getAddress().getPort()));
    api.createContext(
        "/",
        exchange -> {
          try (exchange) {
            node.sync();
            exchange.sendResponseHeaders(202, -1);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    api.start();
    fault = new SlowDiskFault(new Step(1, 0, 1, Kind.SLOW_DISK, List.of("n1")), node, SEED);
  }

  @AfterEach
  void end() {
    api.stop(0);
  }

  @Test
  void changesThatWaitForASlowSyncAreTheProofAndTheEndTakesItBack() throws Exception {
    fault.begin();
    int delay = node.millis;
    fault.last(1);
    Fault.Proof proof = fault.proof();
    fault.end();

    assertTrue(delay >= 50 && delay <= 500, () -> delay + " ms");
    assertTrue(proof.held(), proof::text);
    assertEquals(0, node.millis);
  }

  @Test
  void aDelayThatNoChangeWaitsForDidNotTakeHold() throws Exception {
    fault.begin();
    node.heeds = false;
    node.millis = 0;
    fault.last(1);

    assertFalse(fault.proof().held());
  }
}

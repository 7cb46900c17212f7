package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.proxy.Rules;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.AdaptiveLimitConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Requests that wait on the node for a place in flight; there is one.
@Tag("net")
class WaitingLineIT {
  private static final long MILLI = 1_000_000;
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  /// A proxy whose one place is taken by the first client, until the endpoint answers.
  private static final class Full implements AutoCloseable {
    final CountDownLatch released = new CountDownLatch(1);
    final AdaptiveLimit limit;
    final Endpoint endpoint = Endpoint.held("slow", released);
    final Rig rig;
    final Client first;

    Full(int waiting, Duration patience) throws IOException {
      limit =
          new AdaptiveLimit(
              new AdaptiveLimitConfig(
                  1, 1, 1, 1.5, 1, 1, 100 * MILLI, 30_000 * MILLI, waiting, patience.toNanos()),
              System.nanoTime());
      rig = Rig.before(endpoint).with(new Rules().concurrency(limit).made());
      first = rig.client();
      first.send(GET);
      Rig.until("the first is there", () -> endpoint.heads.size() == 1);
    }

    void untilWaiting(int clients) {
      Rig.until(clients + " wait", () -> limit.line().waiting() == clients);
    }

    @Override
    public void close() throws IOException {
      released.countDown();
      try (endpoint;
          rig;
          first) {
        Rig.until("the place is free", () -> limit.inFlight() == 0);
      }
    }
  }

  @Test
  void whoWaitsIsServedInTurn() throws Exception {
    try (Full full = new Full(10, Duration.ofMinutes(1));
        Client second = full.rig.client();
        Client third = full.rig.client()) {
      second.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
      full.untilWaiting(1);
      second.send("def");
      third.send(GET);
      full.untilWaiting(2);
      assertEquals(1, full.endpoint.heads.size());
      full.released.countDown();
      assertEquals("slow", full.first.answer().body());
      assertEquals("slow", second.answer().body());
      assertEquals("slow", third.answer().body());
      Rig.until("their places are free", () -> full.limit.inFlight() == 0);
      assertEquals(0, full.limit.line().waiting());
      assertEquals(3, full.endpoint.heads.size());
      assertEquals("slow", third.get("/").body());
    }
  }

  @Test
  void whosePatienceEndsIsRefused() throws Exception {
    try (Full full = new Full(10, Duration.ofMillis(200));
        Client second = full.rig.client()) {
      Client.Answer late = second.get("/");
      late.assertProblem(503, "shed");
      assertEquals("1", late.field("retry-after"));
      assertEquals(0, full.limit.line().waiting());
      full.released.countDown();
      assertEquals("slow", full.first.answer().body());
      assertEquals("slow", second.get("/").body());
    }
  }

  @Test
  void whoFindsTheLineFullIsRefusedAtOnce() throws Exception {
    try (Full full = new Full(1, Duration.ofMinutes(1));
        Client second = full.rig.client();
        Client third = full.rig.client()) {
      second.send(GET);
      full.untilWaiting(1);
      third.get("/").assertProblem(503, "shed");
      full.released.countDown();
      assertEquals("slow", second.answer().body());
    }
  }

  @Test
  void aClientThatGoesLeavesTheLine() throws Exception {
    try (Full full = new Full(10, Duration.ofMinutes(1));
        Client third = full.rig.client()) {
      try (Client second = full.rig.client()) {
        second.send(GET);
        full.untilWaiting(1);
      }
      full.untilWaiting(0);
      third.send(GET);
      full.untilWaiting(1);
      full.released.countDown();
      assertEquals("slow", full.first.answer().body());
      assertEquals("slow", third.answer().body());
      Rig.until("their places are free", () -> full.limit.inFlight() == 0);
      assertEquals(2, full.endpoint.heads.size());
    }
  }
}

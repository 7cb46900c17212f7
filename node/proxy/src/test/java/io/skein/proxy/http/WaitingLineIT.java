package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.proxy.resilience.Relays;
import io.skein.proxy.resilience.Resilience;
import io.skein.proxy.resilience.RetryRules;
import io.skein.routing.concurrency.AdaptiveLimit;
import io.skein.routing.concurrency.AdaptiveLimitConfig;
import io.skein.routing.concurrency.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Requests that wait on the node for a place in flight; there is one.
@Tag("net")
class WaitingLineIT {
  private static final long MILLI = 1_000_000;
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final CountDownLatch released = new CountDownLatch(1);
  private final Endpoint.Behaviour slow =
      (_, c) -> {
        Rig.until("released", () -> released.getCount() == 0);
        c.send(Endpoint.ok("slow"));
      };

  private static AdaptiveLimit limit(int waiting, Duration patience) {
    return new AdaptiveLimit(
        new AdaptiveLimitConfig(
            1, 1, 1, 1.5, 1, 1, 100 * MILLI, 30_000 * MILLI, waiting, patience.toNanos()),
        System.nanoTime());
  }

  private static Resilience with(AdaptiveLimit limit) {
    return new Resilience(
        0,
        RetryRules.DEFAULT,
        Optional.empty(),
        Map.of(),
        Integer.MAX_VALUE,
        List.of(),
        Optional.of(limit),
        Priority.DEFAULT,
        "",
        Relays.FREE);
  }

  @Test
  void whoWaitsIsServedInTurn() throws Exception {
    AdaptiveLimit limit = limit(10, Duration.ofMinutes(1));
    try (Endpoint endpoint = new Endpoint(slow);
        Rig rig = Rig.before(endpoint).with(with(limit));
        Client first = rig.client();
        Client second = rig.client();
        Client third = rig.client()) {
      first.send(GET);
      Rig.until("the first is there", () -> endpoint.heads.size() == 1);
      second.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
      Rig.until("the second waits", () -> limit.line().waiting() == 1);
      second.send("def");
      third.send(GET);
      Rig.until("the third waits", () -> limit.line().waiting() == 2);
      assertEquals(1, endpoint.heads.size());
      released.countDown();
      assertEquals("slow", first.answer().body());
      assertEquals("slow", second.answer().body());
      assertEquals("slow", third.answer().body());
      Rig.until("their places are free", () -> limit.inFlight() == 0);
      assertEquals(0, limit.line().waiting());
      assertEquals(3, endpoint.heads.size());
      assertEquals("slow", third.get("/").body());
    }
  }

  @Test
  void whosePatienceEndsIsRefused() throws Exception {
    AdaptiveLimit limit = limit(10, Duration.ofMillis(200));
    try (Endpoint endpoint = new Endpoint(slow);
        Rig rig = Rig.before(endpoint).with(with(limit));
        Client first = rig.client();
        Client second = rig.client()) {
      first.send(GET);
      Rig.until("the first is there", () -> endpoint.heads.size() == 1);
      Client.Answer late = second.get("/");
      late.assertProblem(503, "shed");
      assertEquals("1", late.field("retry-after"));
      assertEquals(0, limit.line().waiting());
      released.countDown();
      assertEquals("slow", first.answer().body());
      assertEquals("slow", second.get("/").body());
    }
  }

  @Test
  void whoFindsTheLineFullIsRefusedAtOnce() throws Exception {
    AdaptiveLimit limit = limit(1, Duration.ofMinutes(1));
    try (Endpoint endpoint = new Endpoint(slow);
        Rig rig = Rig.before(endpoint).with(with(limit));
        Client first = rig.client();
        Client second = rig.client();
        Client third = rig.client()) {
      first.send(GET);
      Rig.until("the first is there", () -> endpoint.heads.size() == 1);
      second.send(GET);
      Rig.until("the second waits", () -> limit.line().waiting() == 1);
      third.get("/").assertProblem(503, "shed");
      released.countDown();
      assertEquals("slow", second.answer().body());
    }
  }

  @Test
  void aClientThatGoesLeavesTheLine() throws Exception {
    AdaptiveLimit limit = limit(10, Duration.ofMinutes(1));
    try (Endpoint endpoint = new Endpoint(slow);
        Rig rig = Rig.before(endpoint).with(with(limit));
        Client first = rig.client();
        Client third = rig.client()) {
      first.send(GET);
      Rig.until("the first is there", () -> endpoint.heads.size() == 1);
      try (Client second = rig.client()) {
        second.send(GET);
        Rig.until("the second waits", () -> limit.line().waiting() == 1);
      }
      Rig.until("it is gone", () -> limit.line().waiting() == 0);
      third.send(GET);
      Rig.until("the third waits", () -> limit.line().waiting() == 1);
      released.countDown();
      assertEquals("slow", first.answer().body());
      assertEquals("slow", third.answer().body());
      Rig.until("their places are free", () -> limit.inFlight() == 0);
      assertEquals(2, endpoint.heads.size());
    }
  }
}

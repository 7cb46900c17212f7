package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skein.proxy.Rules;
import io.skein.proxy.metrics.ProxyMetrics;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Requests that come while the event loop stands still, and in which order it turns to them.
@Tag("net")
class ArrearsIT {
  private static final int RST_CANCEL = 8;

  /// Well beyond what is late, with the kernel's clock in steps of up to 10 ms.
  private static final Duration LATE = Duration.ofMillis(150);

  private static final Duration STEP = Duration.ofMillis(40);

  /// A rig's event loop stands still until this is closed.
  private static final class Standstill implements AutoCloseable {
    private final CountDownLatch over = new CountDownLatch(1);

    Standstill(Rig rig) throws InterruptedException {
      assumeTrue(rig.vertx.isNativeTransportEnabled(), "only Linux tells how long bytes waited");
      CountDownLatch begun = new CountDownLatch(1);
      ((VertxInternal) rig.vertx)
          .nettyEventLoopGroup()
          .next()
          .execute(() -> {
            begun.countDown();
            Rig.until("it is over", () -> over.getCount() == 0);
          });
      begun.await();
    }

    void lasts(Duration time) {
      long end = System.nanoTime() + time.toNanos();
      Rig.until("time has passed", () -> System.nanoTime() - end >= 0);
    }

    @Override
    public void close() {
      over.countDown();
    }
  }

  private static String request(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  /// Clients whose connections have had their first answer.
  private static List<Client> clients(Rig rig, int many) throws IOException {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      Client client = rig.client();
      assertEquals(200, client.get("/").status());
      clients.add(client);
    }
    return clients;
  }

  private static void assertNothingForwardedInVain(Rig rig, Endpoint endpoint) {
    assertTrue(endpoint.heads.stream().noneMatch(head -> head.contains("/gone")));
    assertTrue(rig.outcomes.stream().noneMatch(each -> each.kind() == OutcomeKind.CLIENT_GONE));
  }

  @Test
  void whoLeftMeanwhileCostsTheEndpointNothing() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint)) {
      ProxyMetrics metrics = rig.proxy.metrics();
      List<Client> stay = clients(rig, 3);
      List<Client> leave = clients(rig, 5);
      long lateBefore = metrics.lateRequests();
      try (Standstill still = new Standstill(rig)) {
        for (Client each : leave) {
          each.send(request("/gone")).close();
        }
        for (int i = 0; i < 7; i++) {
          rig.client().send(request("/gone")).close();
        }
        for (Client each : stay) {
          each.send(request("/here"));
        }
        still.lasts(LATE);
      }
      for (Client each : stay) {
        assertEquals("fine", each.answer().body());
      }
      Rig.until("the others are closed", () -> metrics.openConnections() == 3);
      assertNothingForwardedInVain(rig, endpoint);
      assertEquals(7, metrics.leftConnections());
      assertEquals(8, metrics.lateRequests() - lateBefore);
      assertEquals(5, metrics.lateRequestsLeft());
      assertEquals(5, metrics.service("shop").requests(0, Reason.CLIENT_GONE));
      for (Client each : stay) {
        assertEquals("fine", each.get("/again").body());
        each.close();
      }
    }
  }

  @Test
  void theNewestIsBegunFirst() throws Exception {
    try (Endpoint first = Endpoint.named("first");
        Endpoint second = Endpoint.named("second");
        Endpoint third = Endpoint.named("third");
        Rig rig = Rig.before(first, second, third)) {
      // The policy takes them in turn: who is asked says which request was begun as which.
      List<Client> clients = clients(rig, 3);
      try (Standstill still = new Standstill(rig)) {
        for (Client each : clients) {
          each.send(request("/"));
          still.lasts(STEP);
        }
        still.lasts(LATE);
      }
      assertEquals("third", clients.get(0).answer().body());
      assertEquals("second", clients.get(1).answer().body());
      assertEquals("first", clients.get(2).answer().body());
      for (Client each : clients) {
        each.close();
      }
    }
  }

  @Test
  void aRequestsTimeBeginsWhenItComes() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint).with(new Rules().total(LATE).made());
        Client client = rig.client()) {
      try (Standstill still = new Standstill(rig)) {
        client.send(request("/"));
        still.lasts(LATE.plus(STEP));
      }
      client.answer().assertProblem(504, "total_timeout");
      assertTrue(endpoint.heads.isEmpty());
      assertEquals(1, rig.proxy.metrics().lateRequestsLeft());
    }
  }

  @Test
  void whoStaysIsServedHoweverManyWait() throws Exception {
    int many = 200;
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint)) {
      List<Client> clients = clients(rig, many);
      try (Standstill still = new Standstill(rig)) {
        for (Client each : clients) {
          each.send(request("/"));
        }
        still.lasts(LATE);
      }
      for (Client each : clients) {
        assertEquals("fine", each.answer().body());
        each.close();
      }
      assertTrue(rig.proxy.metrics().lateRequests() > many / 2);
      assertEquals(0, rig.proxy.metrics().lateRequestsLeft());
    }
  }

  @Test
  void bodiesAndRequestsSentAheadWaitAsTheyAre() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              String lower = head.toLowerCase(Locale.ROOT);
              if (lower.contains("expect: 100-continue")) {
                c.send("HTTP/1.1 100 Continue\r\n\r\n");
              }
              c.send(Endpoint.ok(lower.contains("content-length: 6") ? c.read(6) : "none"));
            });
        Rig rig = Rig.before(endpoint);
        Client body = rig.client();
        Client ahead = rig.client();
        Client asks = rig.client()) {
      String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n";
      try (Standstill still = new Standstill(rig)) {
        body.send(post + "\r\nabc");
        ahead.send(request("/") + post + "\r\nfghijk" + request("/"));
        asks.send(post + "Expect: 100-continue\r\n\r\n");
        still.lasts(LATE);
      }
      body.send("def");
      assertEquals("abcdef", body.answer().body());
      assertEquals("none", body.get("/").body());
      assertEquals("none", ahead.answer().body());
      assertEquals("fghijk", ahead.answer().body());
      assertEquals("none", ahead.answer().body());
      assertEquals(100, asks.answer(true).status());
      asks.send("lmnopq");
      assertEquals("lmnopq", asks.answer().body());
      assertEquals("none", asks.get("/").body());
    }
  }

  @Test
  void inHttp2TooNothingIsForwardedForWhoLeft() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        RawHttp2 stays = new RawHttp2(rig.port);
        RawHttp2 leaves = new RawHttp2(rig.port)) {
      assertEquals("fine", stays.get("/").body());
      assertEquals("fine", leaves.get("/").body());
      int here;
      try (Standstill still = new Standstill(rig)) {
        leaves.open(true, RawHttp2.request("GET", "/gone"));
        leaves.close();
        int taken = stays.open(true, RawHttp2.request("GET", "/gone"));
        stays.frame(RawHttp2.RST_STREAM, 0, taken, new byte[] {0, 0, 0, RST_CANCEL});
        here = stays.open(true, RawHttp2.request("GET", "/here"));
        still.lasts(LATE);
      }
      assertEquals("fine", stays.answer(here).body());
      Rig.until("they have left", () -> rig.proxy.metrics().lateRequestsLeft() == 2);
      assertNothingForwardedInVain(rig, endpoint);
      assertEquals("fine", stays.get("/again").body());
    }
  }
}

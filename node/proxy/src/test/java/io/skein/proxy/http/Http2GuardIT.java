package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import io.skein.routing.overload.Step;
import io.skein.routing.pace.Pace;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What one client in HTTP/2 may hold, and how long it is kept.
@Tag("net")
class Http2GuardIT {
  private static final long MILLI = 1_000_000;
  private static final Pace FAST = new Pace(1_000_000, 300 * MILLI);

  private static Rig rig(ClientGuards guards) {
    return new Rig(ProxyConfig.DEFAULT.withClients(1_000, guards), AccessLog.off());
  }

  private static Rig paced(Pace body, Pace answer) {
    return rig(new ClientGuards(body, answer, 0, 0, 0));
  }

  private static Rig kept(int requests, long ageNanos) {
    return rig(new ClientGuards(Pace.ANY, Pace.ANY, 0, requests, ageNanos));
  }

  private static Rig before(Rig rig, Endpoint... endpoints) {
    return rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoints));
  }

  private static Endpoint echo(int bytes) throws Exception {
    return new Endpoint((head, c) -> {
      int count = head.startsWith("POST") ? bytes : 0;
      c.send(Endpoint.ok(Integer.toString(c.read(count).length())));
    });
  }

  private static void until(String what, java.util.function.BooleanSupplier holds) {
    Rig.until(what, holds);
  }

  // ---- windows

  @Test
  void streamsThatAreStuckHoldUpNoOther() throws Exception {
    int window = 60 << 10;
    byte[] frame = new byte[15 << 10];
    // Never shakes hands, so that bodies wait here.
    try (Endpoint dead = new Endpoint((_, c) -> c.read(1 << 20));
        Endpoint endpoint = echo(window);
        Rig rig = Rig.before(endpoint)) {
      ServiceRoute shop = rig.table.service("shop").orElseThrow();
      ServiceRoute stuck =
          new ServiceRoute(
              "stuck",
              (_, _, _, _, _) -> rig.candidates.getFirst().chosen(),
              Map.of("e0", new Target.EndpointTarget("127.0.0.1", dead.port(), Scheme.HTTPS)),
              Rig.PATIENT);
      rig.table =
          new RouteTable(
              List.of(
                  new RouteTable.Entry(shop, List.of("*"), List.of("/")),
                  new RouteTable.Entry(stuck, List.of("*"), List.of("/stuck"))));
      try (RawHttp2 client = new RawHttp2(rig.port)) {
        // Many connections' windows, and less than half of what may be held: from there on windows
        // shrink, which this client does not heed.
        for (int i = 0; i < 30; i++) {
          int id =
              client.open(
                  false,
                  RawHttp2.request(
                      "POST", "/stuck", "content-length", Integer.toString(2 * window)));
          for (int sent = 0; sent < window; sent += frame.length) {
            client.frame(RawHttp2.DATA, 0, id, frame);
          }
        }
        for (int round = 0; round < 40; round++) {
          int id =
              client.open(
                  false, RawHttp2.request("POST", "/", "content-length", Integer.toString(window)));
          for (int sent = 0; sent < window; sent += frame.length) {
            client.frame(
                RawHttp2.DATA, sent + frame.length == window ? RawHttp2.END_STREAM : 0, id, frame);
          }
          RawHttp2.Answer answer = client.answer(id);
          assertEquals(Integer.toString(window), answer.body(), () -> id + ": " + answer);
        }
      }
    }
  }

  @Test
  void aStreamThatMovesIsLentMore() throws Exception {
    int half = 32 << 10;
    try (Endpoint endpoint = echo(2 * half);
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int id =
          client.open(
              false, RawHttp2.request("POST", "/", "content-length", Integer.toString(2 * half)));
      client.frame(RawHttp2.DATA, 0, id, new byte[half / 2]);
      client.frame(RawHttp2.DATA, 0, id, new byte[half / 2]);
      RawHttp2.Frame update = client.next(RawHttp2.WINDOW_UPDATE);
      while (update.stream() != id) {
        update = client.next(RawHttp2.WINDOW_UPDATE);
      }
      assertTrue(ByteBuffer.wrap(update.payload()).getInt() >= 3 * (64 << 10));
      client.frame(RawHttp2.DATA, 0, id, new byte[half / 2]);
      client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, id, new byte[half / 2]);
      assertEquals(Integer.toString(2 * half), client.answer(id).body());
    }
  }

  // ---- heads

  @Test
  void fieldsThatAreTooLargeGetAnAnswerAndTheConnectionStays() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      for (int kib : new int[] {40, 140}) {
        byte[] block =
            RawHttp2.block(RawHttp2.request("GET", "/", "x-much", "m".repeat(kib << 10)));
        int id = client.open(true, RawHttp2.request("GET", "/")) + 2;
        assertEquals("fine", client.answer(id - 2).body());
        client.skip();
        int most = 16 << 10;
        for (int from = 0; from < block.length; from += most) {
          int to = Math.min(block.length, from + most);
          client.frame(
              from == 0 ? RawHttp2.HEADERS : RawHttp2.CONTINUATION,
              (from == 0 ? RawHttp2.END_STREAM : 0)
                  | (to == block.length ? RawHttp2.END_HEADERS : 0),
              id,
              java.util.Arrays.copyOfRange(block, from, to));
        }
        RawHttp2.Answer answer = client.answer(id);
        assertEquals(431, answer.status());
        assertEquals("application/problem+json", answer.fields().get("content-type"));
        assertTrue(answer.body().contains("SK3008"), answer.body());
      }
      assertEquals("fine", client.get("/").body());
      assertEquals(2, rig.proxy.metrics().service("").requests(4, Reason.HEADERS_TOO_LARGE));
    }
  }

  // ---- pace

  @Test
  void aBodyThatTricklesIsRefusedUnlessItIsACalls() throws Exception {
    try (Endpoint endpoint = new Endpoint((_, c) -> c.send(Endpoint.ok(c.read(1_000))));
        Rig rig = before(paced(FAST, Pace.ANY), endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int call =
          client.open(false, RawHttp2.request("POST", "/", "content-type", "application/grpc"));
      client.data(call, "abc", false);
      int slow = client.open(false, RawHttp2.request("POST", "/"));
      client.data(slow, "abc", false);
      RawHttp2.Answer answer = client.answer(slow);
      assertEquals(408, answer.status());
      assertTrue(answer.body().contains("SK3013"), answer.body());
      assertEquals(1, rig.proxy.metrics().service("shop").requests(4, Reason.CLIENT_SLOW));
      assertEquals(1, rig.proxy.metrics().service("shop").inFlight());
    }
  }

  @Test
  void whoTakesNothingOfAnAnswerLosesItsStream() throws Exception {
    String much = "x".repeat(4 << 20);
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              try {
                c.send(Endpoint.ok(head.startsWith("GET /much") ? much : "little"));
              } catch (java.io.IOException e) {
                // Cut off, as it should be.
              }
            });
        Rig rig = before(paced(Pace.ANY, FAST), endpoint);
        RawHttp2 client = new RawHttp2(rig.port).greedy()) {
      int id = client.open(true, RawHttp2.request("GET", "/much"));
      RawHttp2.Frame reset = client.next(RawHttp2.RST_STREAM);
      assertEquals(id, reset.stream());
      assertEquals(1, rig.proxy.metrics().service("shop").requests(2, Reason.CLIENT_SLOW));
    }
  }

  @Test
  void whatWasUnderWayWhenAStreamWasAnsweredEarlyCostsTheClientNothing() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      rig.table = RouteTable.EMPTY;
      for (int i = 0; i < 100; i++) {
        int id = client.open(false, RawHttp2.request("POST", "/"));
        for (int j = 0; j < 4; j++) {
          client.frame(RawHttp2.DATA, j == 3 ? RawHttp2.END_STREAM : 0, id, new byte[1_000]);
        }
        assertEquals(404, client.answer(id).status());
      }
    }
  }

  // ---- how long a connection is kept

  @Test
  void aConnectionEndsAfterItsRequests() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = before(kept(2, 0), endpoint)) {
      try (Client client = rig.client()) {
        assertEquals("", client.get("/").field("connection"));
        assertEquals("close", client.get("/").field("connection"));
        assertTrue(client.atEnd());
      }
      try (RawHttp2 client = new RawHttp2(rig.port)) {
        assertEquals("fine", client.get("/").body());
        int second = client.open(true, RawHttp2.request("GET", "/"));
        assertEquals(0, client.goAway());
        assertEquals("fine", client.answer(second).body());
      }
    }
  }

  @Test
  void aConnectionEndsWhenItIsOld() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = before(kept(0, TimeUnit.MILLISECONDS.toNanos(400)), endpoint)) {
      try (RawHttp2 idle = new RawHttp2(rig.port)) {
        assertEquals(0, idle.goAway());
      }
      try (Client old = rig.client()) {
        Client.Answer answer = old.get("/");
        while (answer.field("connection").isEmpty()) {
          answer = old.get("/");
        }
        assertEquals("fine", answer.body());
        assertEquals("close", answer.field("connection"));
        assertTrue(old.atEnd());
      }
    }
  }

  // ---- pressure

  @Test
  void underPressureIdleConnectionsEnd() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        Client http1 = rig.client();
        RawHttp2 http2 = new RawHttp2(rig.port)) {
      assertEquals("fine", http1.get("/").body());
      assertEquals("fine", http2.get("/").body());
      rig.proxy.overload(Step.NO_KEEP_ALIVE);
      assertTrue(http1.atEnd());
      assertEquals(0, http2.goAway());
    }
  }

  @Test
  void underMorePressureBusyOnesGoAndAreAnswered() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.held("late", gate);
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int id = client.open(true, RawHttp2.request("GET", "/"));
      until("it is under way", () -> endpoint.heads.size() == 1);
      rig.proxy.overload(Step.SHED_SHEDDABLE);
      assertEquals(0, client.goAway());
      gate.countDown();
      RawHttp2.Frame last = client.read();
      while (last.type() != RawHttp2.DATA) {
        last = client.read();
      }
      assertEquals(id, last.stream());
      assertEquals("late", new String(last.payload(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }
}

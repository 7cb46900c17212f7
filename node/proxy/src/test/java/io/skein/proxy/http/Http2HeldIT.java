package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Target;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the bodies on one connection in HTTP/2 make the proxy hold whose endpoint takes nothing.
@Tag("net")
class Http2HeldIT {
  private static final int SENT = 60 << 10;
  private static final int STREAMS = 120;

  /// What a read of the connection may bring before anybody looks, and what tests hold besides.
  private static final long SLACK = 2 << 20;

  /// A service `/stuck` whose endpoint never shakes hands, and one that answers.
  private static void serve(Rig rig, Endpoint dead) {
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
  }

  private static void fill(RawHttp2 client, int streams, byte[] frame) throws Exception {
    for (int i = 0; i < streams; i++) {
      int id =
          client.open(false, RawHttp2.request("POST", "/stuck", "content-length", "" + 2 * SENT));
      for (int sent = 0; sent < SENT; sent += frame.length) {
        client.frame(RawHttp2.DATA, 0, id, frame);
      }
    }
  }

  private static long held() {
    return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  }

  @Test
  void aConnectionMakesUsHoldNoMoreThanItsBound() throws Exception {
    try (Endpoint dead = new Endpoint((_, c) -> c.read(1 << 20));
        Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint)) {
      serve(rig, dead);
      long before = held();
      try (RawHttp2 client = new RawHttp2(rig.port)) {
        fill(client, STREAMS, new byte[15 << 10]);
        // An answer behind all of it: everything was read.
        assertEquals("fine", client.get("/").body());
        long now = held() - before;
        assertTrue(now <= (4 << 20) + SLACK, "holds " + now);
        assertTrue(now >= 1 << 20, "is held at all: " + now);
      }
      assertTrue(rig.proxy.metrics().service("stuck").requests(5, Reason.OVERLOADED) > 0);
      Rig.until("all is given back", () -> held() - before < 1 << 20);
    }
  }

  @Test
  void windowsShrinkWhileAConnectionIsCrowdedAndGrowAgain() throws Exception {
    try (Endpoint dead = new Endpoint((_, c) -> c.read(1 << 20));
        Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint)) {
      serve(rig, dead);
      try (RawHttp2 client = new RawHttp2(rig.port)) {
        fill(client, 45, new byte[15 << 10]);
        assertEquals(16 << 10, initialWindow(client));
        for (int i = 0; i < 45; i++) {
          client.frame(RawHttp2.RST_STREAM, 0, 1 + 2 * i, new byte[] {0, 0, 0, 8});
        }
        assertEquals(64 << 10, initialWindow(client));
        assertEquals("fine", client.get("/").body());
      }
    }
  }

  /// What the next settings that name it say of a stream's window.
  private static int initialWindow(RawHttp2 client) throws Exception {
    while (true) {
      RawHttp2.Frame settings = client.next(RawHttp2.SETTINGS);
      ByteBuffer each = ByteBuffer.wrap(settings.payload());
      boolean first = settings.payload().length > 6;
      while (each.remaining() >= 6) {
        int name = each.getShort();
        int value = each.getInt();
        if (name == 4 && !first) {
          return value;
        }
      }
    }
  }
}

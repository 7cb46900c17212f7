package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.Reason;
import io.skein.routing.pace.Pace;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class ClientGuardsIT {
  private static final long MILLI = 1_000_000;

  private static Rig rig(Pace body, Pace answer, int connectionsPerAddress) {
    return new Rig(
        ProxyConfig.DEFAULT.withClients(
            1_000, new ClientGuards(body, answer, connectionsPerAddress, 0, 0)),
        AccessLog.off());
  }

  @Test
  void aBodyThatTricklesIsRefused() throws Exception {
    try (Endpoint endpoint = new Endpoint((_, c) -> c.send(Endpoint.ok(c.read(1_000))));
        Rig rig = rig(new Pace(1_000_000, 300 * MILLI), Pace.ANY, 0)) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      try (Client client = rig.client()) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
        client.answer().assertProblem(408, "client_slow");
        assertTrue(client.atEnd());
      }
      assertEquals(1, rig.proxy.metrics().service("shop").requests(4, Reason.CLIENT_SLOW));
    }
  }

  @Test
  void whoWaitsForTheEndpointIsNotSlow() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              Rig.until("released", () -> released.getCount() == 0);
              c.send(Endpoint.ok(c.read(3)));
            });
        Rig rig = rig(new Pace(1_000_000, 50 * MILLI), new Pace(1_000_000, 50 * MILLI), 0)) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      try (Client client = rig.client()) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        Rig.until("it is there", () -> endpoint.heads.size() == 1);
        // Far more than a stretch, in ticks of 50 ms.
        long ticks = System.nanoTime() + 400 * MILLI;
        Rig.until("time has passed", () -> System.nanoTime() > ticks);
        released.countDown();
        assertEquals("abc", client.answer().body());
      }
    }
  }

  @Test
  void whoTakesNothingOfTheAnswerIsCutOff() throws Exception {
    String much = "x".repeat(16 << 20);
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              try {
                c.send(Endpoint.ok(much));
              } catch (java.io.IOException e) {
                // Cut off, as it should be.
              }
            });
        Rig rig = rig(Pace.ANY, new Pace(1_000_000, 300 * MILLI), 0)) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      try (Client client = rig.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Rig.until(
            "it is cut off",
            () -> rig.proxy.metrics().service("shop").requests(2, Reason.CLIENT_SLOW) == 1);
        Rig.until("its connection is closed", () -> rig.proxy.metrics().openConnections() == 0);
      }
    }
  }

  @Test
  void anAddressHasOnlySoManyConnections() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = rig(Pace.ANY, Pace.ANY, 2)) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      try (Client first = rig.client();
          Client second = rig.client()) {
        assertEquals("fine", first.get("/").body());
        assertEquals("fine", second.get("/").body());
        try (Client third = rig.client()) {
          assertTrue(third.atEnd());
        }
      }
      Rig.until("their places are free", () -> rig.proxy.metrics().openConnections() == 0);
      Rig.until(
          "another may come",
          () -> {
            try (Client again = rig.client()) {
              return again.get("/").body().equals("fine");
            } catch (java.io.IOException e) {
              return false;
            }
          });
    }
  }
}

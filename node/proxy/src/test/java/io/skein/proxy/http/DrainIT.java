package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class DrainIT {
  @Test
  void finishesWhatIsInFlightAndClosesTheRest() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.contains("/slow")) {
                awaitQuietly(go);
              }
              c.send(Endpoint.ok("done"));
            });
        Rig rig = Rig.before(endpoint);
        Client idle = rig.client();
        Client busy = rig.client()) {
      assertEquals("done", idle.get("/").body());
      busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.until("the request arrived", () -> endpoint.heads.size() == 2);
      Future<Void> drained = rig.proxy.drain(Duration.ofSeconds(20));
      assertTrue(idle.atEnd());
      assertThrows(IOException.class, rig::client);
      assertFalse(drained.isComplete());
      go.countDown();
      Client.Answer answer = busy.answer();
      assertEquals("done", answer.body());
      assertEquals("close", answer.field("connection"));
      assertTrue(busy.atEnd());
      Rig.await(drained);
      assertEquals(0, rig.proxy.metrics().openConnections());
      Rig.until("pools are closed", () -> rig.proxy.metrics().openUpstreamConnections() == 0);
    }
  }

  @Test
  void sendsEachClientAwayOnceAndKeepsWhoComesBack() throws Exception {
    try (Endpoint endpoint = new Endpoint((_, c) -> c.send(Endpoint.ok("done")));
        Rig rig = Rig.before(endpoint);
        Client before = rig.client()) {
      assertEquals("done", before.get("/").body());
      rig.proxy.sendAway();
      Client.Answer last = before.get("/");
      assertEquals("done", last.body());
      assertEquals("close", last.field("connection"));
      assertTrue(before.atEnd());
      try (Client back = rig.client()) {
        assertEquals("done", back.get("/").body());
        assertEquals("done", back.get("/").body(), "the connection is kept");
      }
    }
  }

  @Test
  void closesWhatIsNotFinishedInTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Endpoint endpoint = new Endpoint((_, _) -> awaitQuietly(never));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.until("the request arrived", () -> endpoint.heads.size() == 1);
      Rig.await(rig.proxy.drain(Duration.ofMillis(100)));
      assertTrue(client.atEnd());
      never.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.Target;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class RetryIT {
  private static final Endpoint.Behaviour RESETS = (_, c) -> c.reset();
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  private static final String PUT = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";

  @Test
  void triesAnotherEndpointForAnyMethodIfNoConnectionStood() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                (head, c) -> c.send(Endpoint.ok(head.startsWith("POST") ? c.read(3) : "")));
        DeadEnd dead = new DeadEnd();
        Rig rig = new Rig()) {
      rig.serve(
          Rig.PATIENT,
          Rig.FREE,
          dead.target(),
          new Target.EndpointTarget("127.0.0.1", endpoint.port()));
      try (Client client = rig.client()) {
        assertEquals("abc", client.send(POST).answer().body());
        assertEquals(new Rig.Outcome("e0", "", OutcomeKind.CONNECT_FAILED, 0), rig.outcomes.get(0));
        assertEquals(new Rig.Outcome("e1", "e1", OutcomeKind.OK, 200), rig.outcomes.get(1));
        assertEquals(1, rig.proxy.metrics().service("shop").retries());
        assertEquals(1, rig.proxy.metrics().service("shop").requests(2, Reason.RETRY_OK));
        assertEquals(0, rig.candidates.get(0).load().inFlight());
        assertEquals(1, rig.candidates.get(0).load().failuresInRow());
      }
    }
  }

  @Test
  void repeatsIdempotentRequestsOnlyOnceTheEndpointSawThem() throws Exception {
    try (Endpoint broken = new Endpoint(RESETS);
        Endpoint sound = new Endpoint((head, c) -> c.send(Endpoint.ok(c.read(3))));
        Rig rig = Rig.before(broken, sound);
        Client client = rig.client()) {
      assertEquals("abc", client.send(PUT).answer().body());
      client.send(POST).answer().assertProblem(502, "upstream_reset");
      assertEquals(2, broken.heads.size());
      assertEquals(1, sound.heads.size());
    }
  }

  @Test
  void repeatsAtMostTwice() throws Exception {
    try (Endpoint a = new Endpoint(RESETS);
        Endpoint b = new Endpoint(RESETS);
        Endpoint c = new Endpoint(RESETS);
        Endpoint sound = Endpoint.named("fine");
        Rig rig = Rig.before(a, b, c, sound);
        Client client = rig.client()) {
      client.get("/").assertProblem(502, "upstream_reset");
      assertEquals(
          List.of(1, 1, 1, 0), Stream.of(a, b, c, sound).map(each -> each.heads.size()).toList());
    }
  }

  @Test
  void keepsToTheRetryBudget() throws Exception {
    AtomicInteger left = new AtomicInteger(1);
    AtomicInteger requests = new AtomicInteger();
    RetryBudget budget =
        new RetryBudget() {
          @Override
          public void request(long nowNanos) {
            requests.incrementAndGet();
          }

          @Override
          public boolean tryRetry(long nowNanos) {
            return left.getAndDecrement() > 0;
          }
        };
    try (Endpoint broken = new Endpoint(RESETS);
        Endpoint sound = Endpoint.named("fine");
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, budget, Rig.targets(broken, sound));
      try (Client client = rig.client()) {
        assertEquals("fine", client.get("/").body());
        client.get("/").assertProblem(502, "upstream_reset");
        assertEquals(2, requests.get());
      }
    }
  }

  @Test
  void repeatsServerErrorsOnceAndPassesTheSecondOn() throws Exception {
    Endpoint.Behaviour fails =
        (_, c) -> c.send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    try (Endpoint a = new Endpoint(fails);
        Endpoint b = new Endpoint(fails);
        Endpoint sound = Endpoint.named("fine");
        Rig rig = Rig.before(a, sound)) {
      try (Client client = rig.client()) {
        assertEquals("fine", client.get("/").body());
        assertEquals(OutcomeKind.SERVER_ERROR, rig.outcomes.getFirst().kind());
        assertEquals("fine", client.get("/").body());
        Client.Answer post = client.send(POST).answer();
        assertEquals("busy", post.body());
        rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(a, b));
        assertEquals("busy", client.get("/").body());
        rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(a));
        assertEquals("busy", client.get("/").body());
      }
      // The discarded answer did not cost its connection.
      assertEquals(1, a.connections.get());
    }
  }

  @Test
  void doesNotRepeatABodyTooLongToKeep() throws Exception {
    try (Endpoint broken =
            new Endpoint((_, c) -> {
              c.read(30_000);
              c.reset();
            });
        Endpoint sound = Endpoint.named("fine");
        Rig rig = Rig.before(broken, sound);
        Client client = rig.client()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n");
      client.send("x".repeat(30_000));
      client.answer().assertProblem(502, "upstream_reset");
      assertEquals(0, sound.heads.size());
    }
  }

  @Test
  void renewsAPooledConnectionThatTheEndpointClosed() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              // Closed only when the next request arrives: the race every pool has.
              if (requests.incrementAndGet() == 2) {
                c.reset();
              } else {
                c.send(Endpoint.ok("fine"));
              }
            });
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, RetryBudget.NONE, Rig.targets(endpoint));
      try (Client client = rig.client()) {
        assertEquals("fine", client.get("/").body());
        assertEquals("fine", client.get("/").body());
        assertEquals(2, endpoint.connections.get());
        assertEquals(2, rig.outcomes.size());
      }
    }
  }
}

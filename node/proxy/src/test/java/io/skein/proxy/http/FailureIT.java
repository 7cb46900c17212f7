package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.DeadEnd;
import io.skein.proxy.entrance.BindFailed;
import io.skein.proxy.log.AccessFormat;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.RouteTable;
import io.skein.proxy.route.ServiceRoute;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.candidate.Decision;
import io.skein.routing.candidate.EndpointLoad;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class FailureIT {
  private static final Timeouts HASTY =
      Timeouts.of(Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofMillis(300));

  /// Patient until the first byte, so that a busy machine does not answer for the endpoint.
  private static final Timeouts STALLING =
      Timeouts.of(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMillis(300));

  private static final Endpoint.Behaviour RESETS = (_, c) -> c.reset();
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";

  @Test
  void saysWhyNobodyCouldAnswer() throws Exception {
    try (DeadEnd dead = new DeadEnd();
        Rig rig = new Rig();
        Client client = rig.client()) {
      client.get("/").assertProblem(404, "no_service");
      rig.serve(HASTY, Rig.FREE);
      client.get("/").assertProblem(503, "no_endpoint");
      rig.serve(HASTY, Rig.FREE, dead.target());
      client.get("/").assertProblem(502, "connect_failed");
      ServiceRoute aside =
          new ServiceRoute(
              "shop", (_, _, _, _, _) -> Decision.NoneAvailable.ALL_SET_ASIDE, Map.of(), HASTY);
      rig.table = new RouteTable(List.of(new RouteTable.Entry(aside, List.of(), List.of())));
      Client.Answer answer = client.get("/");
      answer.assertProblem(503, "all_set_aside");
      assertEquals("1", answer.field("retry-after"));
      assertEquals(1, rig.proxy.metrics().service("").requests(4, Reason.NO_SERVICE));
      assertEquals(1, rig.proxy.metrics().service("shop").requests(5, Reason.ALL_SET_ASIDE));
    }
  }

  @Test
  void saysThatAnAnswerWasMalformed() throws Exception {
    for (String answer :
        new String[] {
          "GARBAGE\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
          "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000) + "\r\n\r\n",
          "HTTP/9.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        }) {
      try (Endpoint endpoint = new Endpoint((_, c) -> c.send(answer));
          Rig rig = Rig.before(endpoint);
          Client client = rig.client()) {
        client.get("/").assertProblem(502, "upstream_malformed");
        assertEquals(
            List.of(new Rig.Outcome("e0", "", OutcomeKind.RESET, 0)), rig.outcomes, answer);
      }
    }
  }

  @Test
  void givesUpOnASilentEndpoint() throws Exception {
    try (Endpoint silent = new Endpoint((_, c) -> c.read(1));
        Rig rig = new Rig()) {
      rig.serve(HASTY, RetryBudget.NONE, Rig.targets(silent));
      try (Client client = rig.client()) {
        client.get("/").assertProblem(504, "upstream_timeout");
      }
      assertEquals(OutcomeKind.TIMEOUT, rig.outcomes.getFirst().kind());
      Rig.until("its connection is closed", () -> silent.closed.get() == 1);
    }
  }

  @Test
  void cutsShortAnAnswerThatStalls() throws Exception {
    try (Endpoint stalls =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
              c.read(1);
            });
        Rig rig = new Rig()) {
      rig.serve(STALLING, Rig.FREE, Rig.targets(stalls));
      try (Client client = rig.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head();
        assertEquals("abc", client.rest());
      }
      assertEquals(OutcomeKind.TIMEOUT, rig.outcomes.getFirst().kind());
    }
  }

  @Test
  void closesConnectionsWithoutARequest() throws Exception {
    ProxyConfig config =
        ProxyConfig.DEFAULT.withClientTimeouts(
            Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(20));
    try (Rig rig = new Rig(config, AccessLog.off());
        Client idle = rig.client()) {
      assertTrue(idle.atEnd());
    }
  }

  @Test
  void givesUpOnSilentClients() throws Exception {
    ProxyConfig config =
        ProxyConfig.DEFAULT.withClientTimeouts(
            Duration.ofMillis(200), Duration.ofSeconds(60), Duration.ofMillis(200));
    try (Endpoint endpoint = new Endpoint((head, c) -> c.send(Endpoint.ok(c.read(9))));
        Rig rig = new Rig(config, AccessLog.off())) {
      try (Client afterHead = rig.client()) {
        assertEquals(
            404, afterHead.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").answer(true).status());
        afterHead.send("GET / HTT").answer().assertProblem(408, "client_timeout");
      }
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      try (Client slowHead = rig.client()) {
        slowHead.send("GET / HTT").answer().assertProblem(408, "client_timeout");
        assertTrue(slowHead.atEnd());
      }
      try (Client slowBody = rig.client()) {
        slowBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
        slowBody.answer().assertProblem(408, "client_timeout");
        assertTrue(slowBody.atEnd());
      }
      assertEquals(OutcomeKind.CLIENT_GONE, rig.outcomes.getFirst().kind());
      EndpointLoad load = rig.candidates.getFirst().load();
      assertEquals(0, load.inFlight());
      assertEquals(0, load.latencyNanos(System.nanoTime()), "no silence of the endpoint's");
    }
  }

  @Test
  void remembersASilenceThatClientsDidNotWaitFor() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.startsWith("GET /quick")) {
                c.send(Endpoint.ok(""));
              } else {
                c.read(1);
              }
            });
        Rig rig = new Rig()) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      EndpointLoad load = rig.candidates.getFirst().load();
      try (Client client = rig.client()) {
        assertEquals(200, client.get("/quick").status());
      }
      // The client has its answer before the endpoint's load knows of it: known only after the
      // next request began, it would end that one's silence.
      Rig.until("its answer counts", () -> load.expectedNanos(System.nanoTime()) > 0);
      long left;
      try (Client client = rig.client()) {
        client.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
        Rig.until(
            "it waits for longer than an answer took",
            () -> load.lateNanos(System.nanoTime()) > 2_000_000_000L);
        left = System.nanoTime();
      }
      Rig.until(
          "it left its silence behind",
          () ->
              load.inFlight() == 0
                  && load.waitedNanos(left) == 0
                  && load.standstillNanos(left) > 2_000_000_000L);
    }
  }

  @Test
  void limitsRequestBodies() throws Exception {
    try (Endpoint endpoint = new Endpoint((head, c) -> c.send(Endpoint.ok(c.read(3))));
        Rig rig = new Rig(ProxyConfig.DEFAULT.withMaxBodyBytes(3), AccessLog.off())) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(endpoint));
      try (Client client = rig.client()) {
        assertEquals("abc", client.send(POST).answer().body());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd");
        client.answer().assertProblem(413, "body_too_large");
        assertTrue(client.atEnd());
      }
      try (Client client = rig.client()) {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
        client.answer().assertProblem(413, "body_too_large");
        assertTrue(client.atEnd());
      }
      assertEquals(1, endpoint.heads.size());
    }
  }

  @Test
  void keepsConnectionsWhoseAnswerCameBeforeTheEndOfTheBody() throws Exception {
    StringBuffer bodies = new StringBuffer();
    try (Endpoint early =
            new Endpoint((_, c) -> {
              c.send(Endpoint.ok("early"));
              bodies.append(c.read(6));
            });
        Rig rig = Rig.before(early);
        Client client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
        assertEquals("early", client.answer().body());
        client.send("def");
      }
      Rig.until("all is passed on", () -> bodies.toString().equals("abcdef".repeat(3)));
      assertEquals(1, early.connections.get());
      assertEquals(3, rig.proxy.metrics().service("shop").requests(2, Reason.OK));
    }
  }

  @Test
  void passesOnAnEarlyRefusalOfALongBody() throws Exception {
    try (Endpoint refuses =
            new Endpoint((_, c) -> {
              c.send(
                  "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n"
                      + "Connection: close\r\n\r\nbig");
              c.socket().shutdownOutput();
              Endpoint.drain(c.in());
            });
        Rig rig = Rig.before(refuses);
        Client client = rig.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
      client.send("x".repeat(100_000));
      Client.Answer answer = client.answer();
      assertEquals(413, answer.status());
      assertEquals("big", answer.body());
      assertTrue(client.atEnd());
    }
  }

  @Test
  void logsEachRequestWithItsReason() throws Exception {
    StringWriter lines = new StringWriter();
    try (AccessLog log = AccessLog.to(lines, AccessFormat.JSON, 16);
        Endpoint broken = new Endpoint(RESETS);
        Endpoint sound = Endpoint.named("fine");
        Rig rig = new Rig(ProxyConfig.DEFAULT, log)) {
      rig.serve(Rig.PATIENT, Rig.FREE, Rig.targets(broken, sound));
      try (Client client = rig.client()) {
        client.send("GET /a?b HTTP/1.1\r\nHost: h\r\nUser-Agent: t/1\r\n\r\n").answer();
      }
      try (Client client = rig.client()) {
        client.send("nonsense\r\n\r\n").answer();
      }
      Rig.until("both lines are written", () -> log.written() == 2);
    }
    String[] line = lines.toString().split("\n");
    assertTrue(line[0].contains("\"url.original\":\"/a?b\""), line[0]);
    assertTrue(line[0].contains("\"user_agent.original\":\"t/1\""), line[0]);
    assertTrue(line[0].contains("\"skein.endpoint\":\"e1\""), line[0]);
    assertTrue(line[0].contains("\"skein.tries\":2,\"event.reason\":\"retry_ok\""), line[0]);
    assertTrue(line[1].contains("\"event.reason\":\"bad_request\""), line[1]);
  }

  @Test
  void saysWhichAddressCannotBeBound() throws Exception {
    try (Rig rig = new Rig()) {
      ListenerConfig taken = new ListenerConfig("web", "127.0.0.1", rig.port);
      try {
        Rig.await(rig.proxy.listen(taken));
        assertFalse(true, "bound twice");
      } catch (BindFailed e) {
        assertTrue(e.toString().contains("web"));
        assertTrue(e.toString().contains("127.0.0.1:" + rig.port));
      }
    }
  }
}

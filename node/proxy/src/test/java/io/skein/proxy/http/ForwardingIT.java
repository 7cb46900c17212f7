package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class ForwardingIT {
  @Test
  void reusesOneUpstreamConnectionForManyRequestsAndClients() throws Exception {
    try (Endpoint endpoint = Endpoint.named("hello");
        Rig rig = Rig.before(endpoint)) {
      for (int c = 0; c < 3; c++) {
        try (Client client = rig.client()) {
          for (int i = 0; i < 50; i++) {
            Client.Answer answer = client.get("/x?i=" + i);
            assertEquals(200, answer.status());
            assertEquals("hello", answer.body());
          }
        }
      }
      assertEquals(150, endpoint.heads.size());
      assertEquals(1, endpoint.connections.get());
      assertEquals(1, rig.proxy.metrics().upstreamConnections());
      assertEquals(150, rig.proxy.metrics().service("shop").requests(2, Reason.OK));
      assertEquals(0, rig.proxy.metrics().service("shop").inFlight());
      assertEquals(150, rig.proxy.metrics().service("shop").latency().count());
      assertEquals(750, rig.proxy.metrics().service("shop").responseBytes());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      assertEquals(150, rig.outcomes.size());
      assertEquals(new Rig.Outcome("e0", "e0", OutcomeKind.OK, 200), rig.outcomes.getLast());
    }
  }

  @Test
  void removesWhatEndsAtThisHopAndAddsWhereTheRequestCameFrom() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: X-Hop, keep-alive\r\n"
                        + "X-Hop: 1\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\n"
                        + "Skein-Endpoint: liar\r\nX-Stays: yes\r\nSet-Cookie: a=1\r\n"
                        + "Set-Cookie: b=2\r\n\r\n"));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Client.Answer answer =
          client
              .send(
                  "GET / HTTP/1.1\r\nHost: Shop.Example:81\r\nConnection: X-Secret, Content-Length\r\n"
                      + "X-Secret: 1\r\nKeep-Alive: 3\r\nProxy-Connection: close\r\nTE: trailers\r\n"
                      + "Proxy-Authorization: Basic eA==\r\nskein-hops: 7\r\nSKEIN-Service: evil\r\n"
                      + "Skein-Anything: 1\r\nX-Forwarded-For: 9.9.9.9\r\nVia: 1.0 other\r\n"
                      + "Accept: a\r\naccept: b\r\n\r\n")
              .answer();
      String head = endpoint.heads.getFirst();
      Client.Answer seen = new Client.Answer(0, head, "");
      assertEquals("Shop.Example:81", seen.field("host"));
      assertEquals("TE", seen.field("connection"));
      assertEquals("trailers", seen.field("te"));
      assertEquals("9.9.9.9, 127.0.0.1", seen.field("x-forwarded-for"));
      assertEquals("http", seen.field("x-forwarded-proto"));
      assertEquals("Shop.Example:81", seen.field("x-forwarded-host"));
      assertEquals("1.0 other, 1.1 skein", seen.field("via"));
      assertEquals("for=127.0.0.1;host=\"Shop.Example:81\";proto=http", seen.field("forwarded"));
      assertEquals("a | b", seen.field("accept"));
      String lower = head.toLowerCase(Locale.ROOT);
      for (String gone :
          new String[] {
            "x-secret", "keep-alive", "proxy-connection", "proxy-authorization", "skein-"
          }) {
        assertFalse(lower.contains(gone), gone + " in " + head);
      }
      assertEquals("yes", answer.field("x-stays"));
      assertEquals("a=1 | b=2", answer.field("set-cookie"));
      for (String gone :
          new String[] {"x-hop", "keep-alive", "upgrade", "connection", "skein-endpoint"}) {
        assertEquals("", answer.field(gone), gone);
      }
    }
  }

  @Test
  void moreConnectionsThanMayKeepWhatARequestNeedsServeAsOneDoes() throws Exception {
    List<Client> clients = new ArrayList<>();
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint)) {
      for (int i = 0; i < 1_100; i++) {
        clients.add(rig.client());
      }
      String get = "GET /%s HTTP/1.1\r\nHost: test\r\n\r\n";
      for (int turn = 0; turn < 2; turn++) {
        for (Client client : clients) {
          client.send(get.formatted(turn));
        }
        for (Client client : clients) {
          assertEquals("x", client.answer().body());
        }
      }
      for (Client client : clients.subList(1_000, 1_100)) {
        client.send(get.formatted("first") + get.formatted("second"));
      }
      for (Client client : clients.subList(1_000, 1_100)) {
        assertEquals("x", client.answer().body());
        assertEquals("x", client.answer().body());
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aConnectionThatWasSilentForAWhileServesAsBefore() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      StringBuilder many = new StringBuilder("GET / HTTP/1.1\r\nHost: test\r\n");
      for (int i = 0; i < 20; i++) {
        many.append("X-Own-").append(i).append(": ").append(i).append("\r\n");
      }
      for (int turn = 0; turn < 2; turn++) {
        assertEquals("x", client.send(many + "\r\n").answer().body());
        Client.Answer seen = new Client.Answer(0, endpoint.heads.getLast(), "");
        assertEquals("19", seen.field("x-own-19"));
        assertEquals("for=127.0.0.1;host=\"test\";proto=http", seen.field("forwarded"));
        // Longer than the silence after which it gives back what only a request needs.
        client.socket.setSoTimeout(1_300);
        assertThrows(SocketTimeoutException.class, client.in::read);
        client.socket.setSoTimeout(20_000);
      }
      assertEquals("x", client.get("/").body());
      Client.Answer seen = new Client.Answer(0, endpoint.heads.getLast(), "");
      assertEquals("127.0.0.1", seen.field("x-forwarded-for"));
      assertEquals("", seen.field("x-own-19"));
    }
  }

  @Test
  void addsTheSameFieldsToARequestThatBringsNone() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.get("/");
      Client.Answer seen = new Client.Answer(0, endpoint.heads.getFirst(), "");
      assertEquals("127.0.0.1", seen.field("x-forwarded-for"));
      assertEquals("for=127.0.0.1;host=\"test\";proto=http", seen.field("forwarded"));
      assertEquals("1.1 skein", seen.field("via"));
      assertEquals("", seen.field("connection"));
    }
  }

  @Test
  void passesBodiesAndTrailersBothWays() throws Exception {
    StringBuilder got = new StringBuilder();
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              got.append(c.readUntil("\r\n\r\n"));
              c.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                      + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 7\r\nContent-Length: 3\r\n\r\n");
            });
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Client.Answer answer =
          client
              .send(
                  "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
                      + "3;ext=1\r\nabc\r\n0\r\nX-T: yes\r\nSkein-X: no\r\n\r\n")
              .answer();
      assertEquals("hello world\nX-Sum: 7", answer.body());
      assertEquals("X-Sum", answer.field("trailer"));
      assertEquals("3\r\nabc\r\n0\r\nX-T: yes\r\n\r\n", got.toString());
      assertTrue(endpoint.heads.getFirst().contains("\r\nTrailer: X-T\r\n"));
    }
  }

  @Test
  void passesExpectationsAndInformationalAnswersEndToEnd() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.startsWith("POST")) {
                assertTrue(head.contains("Expect: 100-continue"));
                c.send("HTTP/1.1 100 Continue\r\n\r\n");
                assertEquals("abc", c.read(3));
                c.send(Endpoint.ok("got it"));
              } else {
                c.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                c.send(Endpoint.ok("late"));
              }
            });
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.head());
      client.send("abc");
      assertEquals("got it", client.answer().body());
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Client.Answer early = client.answer();
      assertEquals(103, early.status());
      assertEquals("</a.css>", early.field("link"));
      assertEquals("late", client.answer().body());
      assertEquals(1, endpoint.connections.get());
    }
  }

  @Test
  void closesAfterARefusedExpectation() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                (_, c) -> c.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      Client.Answer answer = client.answer();
      assertEquals(417, answer.status());
      assertEquals("close", answer.field("connection"));
      assertTrue(client.atEnd());
    }
  }

  @Test
  void answersWithoutBodiesKeepTheConnection() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.startsWith("HEAD")) {
                c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              } else if (head.contains("/204")) {
                c.send("HTTP/1.1 204 No Content\r\n\r\n");
              } else if (head.contains("/304")) {
                c.send("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 9\r\n\r\n");
              } else {
                c.send(Endpoint.ok("body"));
              }
            });
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Client.Answer head = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").answer(true);
      assertEquals("1000", head.field("content-length"));
      assertEquals(204, client.get("/204").status());
      assertEquals("\"1\"", client.get("/304").field("etag"));
      assertEquals("body", client.get("/").body());
      assertEquals(1, endpoint.connections.get());
    }
  }

  @Test
  void understandsOldClientsAndEndlessAnswers() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.contains("/chunked")) {
                c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
              } else {
                c.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
                c.socket().close();
              }
            });
        Rig rig = Rig.before(endpoint)) {
      try (Client old = rig.client()) {
        Client.Answer answer = old.send("GET /chunked HTTP/1.0\r\n\r\n").answer();
        assertEquals("hi", answer.body());
        assertEquals("", answer.field("transfer-encoding"));
        assertTrue(endpoint.heads.getFirst().contains("Host: shop\r\n"));
      }
      try (Client client = rig.client()) {
        Client.Answer answer = client.get("/endless");
        assertEquals("chunked", answer.field("transfer-encoding"));
        assertEquals("until the end", answer.body());
        assertEquals("hi", client.get("/chunked").body());
      }
    }
  }

  @Test
  void acceptsEveryFormOfTarget() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send("GET http://other.example:81/p?q HTTP/1.1\r\nHost: test\r\n\r\n").answer();
      client.send("GET http://other.example?q HTTP/1.1\r\nHost: test\r\n\r\n").answer();
      client.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n").answer();
      client.send("OPTIONS http://other.example HTTP/1.1\r\nHost: test\r\n\r\n").answer();
      assertTrue(
          endpoint.heads.get(0).startsWith("GET /p?q HTTP/1.1\r\nHost: other.example:81\r\n"));
      assertTrue(endpoint.heads.get(1).startsWith("GET /?q HTTP/1.1\r\nHost: other.example\r\n"));
      assertTrue(endpoint.heads.get(2).startsWith("OPTIONS * HTTP/1.1\r\nHost: test\r\n"));
      assertTrue(endpoint.heads.get(3).startsWith("OPTIONS * HTTP/1.1\r\nHost: other.example\r\n"));
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                (head, c) -> c.send(Endpoint.ok(head.substring(4, head.indexOf(" HTTP")))));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      client.send(all.toString());
      for (int i = 0; i < 200; i++) {
        assertEquals("/" + i, client.answer().body());
      }
    }
  }

  @Test
  void plainAndOtherRequestsTakeTurnsOnOneConnection() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                (head, c) -> c.send(Endpoint.ok(head.substring(0, head.indexOf(" HTTP")))));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client();
        Client other = rig.client()) {
      String post = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
      // Its first letter is that of HTTP/2's preface; each piece is read by itself, as the other
      // client is answered by the same event loop meanwhile.
      for (String piece : new String[] {"P", "O", post.substring(2, 30), post.substring(30)}) {
        client.send(piece);
        assertEquals("GET /other", other.get("/other").body());
      }
      assertEquals("POST /b", client.answer().body());
      for (int i = 0; i < 3; i++) {
        assertEquals("GET /plain", client.get("/plain").body());
        assertEquals("POST /b", client.send(post).answer().body());
        client.send("GET /halves HT");
        assertEquals("GET /other", other.get("/other").body());
        assertEquals("GET /halves", client.send("TP/1.1\r\nHost: a\r\n\r\n").answer().body());
      }
    }
  }

  @Test
  void ignoresAnIncompleteOfferOfHttp2AndRefusesOtherUpgrades() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Client.Answer h2c =
          client
              .send(
                  "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                      + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAA\r\n\r\n")
              .answer();
      assertEquals(200, h2c.status());
      Client.Answer socket =
          client
              .send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")
              .answer();
      assertEquals(501, socket.status());
      assertEquals("upgrade_unsupported", socket.field("skein-reason"));
      assertEquals(200, client.get("/").status());
      assertEquals(2, endpoint.heads.size());
    }
  }

  @Test
  void neverTakesAnUnaskedAnswerForTheNextOne() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> c.send(Endpoint.ok("mine") + Endpoint.ok("smuggled")));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      for (int i = 0; i < 5; i++) {
        assertEquals("mine", client.get("/").body());
      }
      assertEquals(5, endpoint.connections.get());
    }
  }

  @Test
  void cutsTheAnswerShortWhenTheEndpointBreaksOff() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.contains("/length")) {
                c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
              } else if (head.contains("/chunked")) {
                c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n");
              } else {
                c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\nzz\r\n");
              }
              c.socket().shutdownOutput();
            });
        Rig rig = Rig.before(endpoint)) {
      for (String path : new String[] {"/length", "/chunked", "/bad-chunk"}) {
        try (Client client = rig.client()) {
          client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThrows(IOException.class, client::answer, path);
        }
        try (Client old = rig.client()) {
          old.send("GET " + path + " HTTP/1.0\r\nHost: a\r\n\r\n");
          assertThrows(IOException.class, old::answer, path);
        }
      }
      assertTrue(rig.outcomes.stream().allMatch(o -> o.kind() == OutcomeKind.RESET));
      assertEquals(6, rig.outcomes.size());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
    }
  }

  @Test
  void releasesTheEndpointWhenTheClientLeaves() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              while (true) {
                c.send("x".repeat(10_000));
              }
            });
        Rig rig = Rig.before(endpoint)) {
      try (Client client = rig.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head();
        client.in.readNBytes(100_000);
      }
      Rig.until("the endpoint's connection is closed", () -> endpoint.closed.get() == 1);
      Rig.until("the outcome is told", () -> rig.outcomes.size() == 1);
      assertEquals(OutcomeKind.CLIENT_GONE, rig.outcomes.getFirst().kind());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      assertEquals(0, rig.proxy.metrics().service("shop").inFlight());
    }
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients that speak HTTP/2, before endpoints that speak HTTP/1.1.
@Tag("net")
class Http2IT {
  @Test
  void servesPriorKnowledgeAndHttp1OnOneListener() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Mixed-Case: a\r\nConnection: X-Hop\r\n"
                        + "X-Hop: 1\r\nKeep-Alive: timeout=5\r\n\r\nhello"));
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port);
        Client old = rig.client()) {
      for (int i = 0; i < 50; i++) {
        RawHttp2.Answer answer = client.get("/x?i=" + i);
        assertEquals(200, answer.status());
        assertEquals("hello", answer.body());
        assertEquals("a", answer.fields().get("x-mixed-case"));
        assertEquals("5", answer.fields().get("content-length"));
        assertEquals(3, answer.fields().size() - (answer.fields().containsKey("date") ? 1 : 0));
      }
      assertEquals("hello", old.get("/").body());
      assertEquals(1, endpoint.connections.get());
      assertEquals(51, rig.proxy.metrics().service("shop").requests(2, Reason.OK));
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      Client.Answer seen = new Client.Answer(0, endpoint.heads.getFirst(), "");
      assertTrue(endpoint.heads.getFirst().startsWith("GET /x?i=0 HTTP/1.1\r\nHost: test\r\n"));
      assertEquals("2.0 skein", seen.field("via"));
      assertEquals("127.0.0.1", seen.field("x-forwarded-for"));
      assertEquals("", seen.field("connection"));
    }
  }

  @Test
  void passesBodiesAndTrailersBothWays() throws Exception {
    StringBuilder got = new StringBuilder();
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              got.append(head.contains("chunked") ? c.readUntil("\r\n\r\n") : c.read(3));
              c.send(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                      + "5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 7\r\nContent-Length: 3\r\n\r\n");
            });
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int id =
          client.open(false, RawHttp2.request("POST", "/p", "te", "trailers", "trailer", "x-t"));
      client.data(id, "abc", false);
      client.frame(
          RawHttp2.HEADERS,
          RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
          id,
          RawHttp2.block("x-t", "yes", "skein-x", "no"));
      RawHttp2.Answer answer = client.answer(id);
      assertEquals("hello world", answer.body());
      assertEquals(Map.of("x-sum", "7"), answer.trailers());
      assertEquals("3\r\nabc\r\n0\r\nx-t: yes\r\n\r\n", got.toString());
      assertTrue(endpoint.heads.getFirst().contains("TE: trailers\r\nConnection: TE\r\n"));
      int sized = client.open(false, RawHttp2.request("PUT", "/p", "content-length", "3"));
      client.data(sized, "def", true);
      assertEquals(200, client.answer(sized).status());
      assertTrue(endpoint.heads.getLast().contains("Content-Length: 3\r\n"));
      assertTrue(got.toString().endsWith("def"));
    }
  }

  @Test
  void answersManyStreamsAtOnce() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                (head, c) -> c.send(Endpoint.ok(head.substring(5, head.indexOf(" HTTP")))));
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        ids.add(client.open(true, RawHttp2.request("GET", "/" + i)));
      }
      int ended = 0;
      int bytes = 0;
      while (ended < 100) {
        RawHttp2.Frame frame = client.read();
        if (frame.type() == RawHttp2.HEADERS) {
          assertEquals("200", client.fields(frame).get(":status"));
        } else if (frame.type() == RawHttp2.DATA) {
          bytes += frame.payload().length;
        }
        ended += frame.ends() ? 1 : 0;
      }
      assertEquals(10 + 2 * 90, bytes);
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
    }
  }

  @Test
  void joinsCookiesAndSendsLengthOfNothing() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      client.answer(
          client.open(true, RawHttp2.request("POST", "/", "cookie", "a=1", "cookie", "b=2")));
      Client.Answer seen = new Client.Answer(0, endpoint.heads.getFirst(), "");
      assertEquals("a=1; b=2", seen.field("cookie"));
      assertEquals("0", seen.field("content-length"));
    }
  }

  @Test
  void answersHeadAndEmptyAnswersWithTheirHeadOnly() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) ->
                c.send(
                    head.startsWith("HEAD")
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                        : head.contains("/204")
                            ? "HTTP/1.1 204 No Content\r\n\r\n"
                            : "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      RawHttp2.Answer head = client.answer(client.open(true, RawHttp2.request("HEAD", "/")));
      assertEquals("9", head.fields().get("content-length"));
      assertEquals(204, client.get("/204").status());
      int early = client.open(true, RawHttp2.request("GET", "/"));
      assertEquals("103", client.fields(client.next(RawHttp2.HEADERS)).get(":status"));
      RawHttp2.Frame last = client.next(RawHttp2.HEADERS);
      assertEquals(early, last.stream());
      assertTrue(last.ends());
      assertEquals("200", client.fields(last).get(":status"));
      assertEquals(1, endpoint.connections.get());
    }
  }

  @Test
  void upgradesAnHttp1RequestThatOffersIt() throws Exception {
    try (Endpoint endpoint = Endpoint.named("up");
        Rig rig = Rig.before(endpoint);
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.port + "/u" + i))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        assertEquals("up", answer.body());
      }
      assertEquals(1, rig.proxy.metrics().acceptedConnections());
      for (String head : endpoint.heads) {
        assertTrue(!head.toLowerCase(java.util.Locale.ROOT).contains("http2-settings"), head);
      }
    }
  }

  @Test
  void resetsAnAnswerThatBreaksOff() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
              c.socket().shutdownOutput();
            });
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      RawHttp2.Answer answer = client.get("/");
      assertEquals(200, answer.status());
      assertEquals(2, answer.reset());
      assertEquals(OutcomeKind.RESET, rig.outcomes.getFirst().kind());
    }
  }

  @Test
  void stopsTheEndpointWhenTheStreamIsReset() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              while (true) {
                c.send("x".repeat(10_000));
              }
            });
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int id = client.open(true, RawHttp2.request("GET", "/"));
      client.next(RawHttp2.DATA);
      client.frame(RawHttp2.RST_STREAM, 0, id, new byte[] {0, 0, 0, 8});
      Rig.until("the endpoint's connection is closed", () -> endpoint.closed.get() == 1);
      Rig.until("the outcome is told", () -> rig.outcomes.size() == 1);
      assertEquals(OutcomeKind.CLIENT_GONE, rig.outcomes.getFirst().kind());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      assertEquals(0, rig.proxy.metrics().service("shop").inFlight());
    }
  }

  @Test
  void answersBeforeTheBodyEndsAndLetsTheRestGo() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
              c.read(1);
            });
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int id = client.open(false, RawHttp2.request("POST", "/"));
      RawHttp2.Answer answer = client.answer(id);
      assertEquals(413, answer.status());
      assertEquals("no", answer.body());
      RawHttp2.Frame reset = client.next(RawHttp2.RST_STREAM);
      assertEquals(0, reset.code());
      assertEquals(id, reset.stream());
    }
  }

  @Test
  void saysGoodbyeTwiceWhenItDrainsAndFinishesWhatIsUnderWay() throws Exception {
    java.util.concurrent.CountDownLatch gate = new java.util.concurrent.CountDownLatch(1);
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              try {
                gate.await();
              } catch (InterruptedException e) {
                throw new java.io.IOException(e);
              }
              c.send(Endpoint.ok("late"));
            });
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      int id = client.open(true, RawHttp2.request("GET", "/"));
      Rig.until("it is under way", () -> endpoint.heads.size() == 1);
      var drained = rig.proxy.drain(java.time.Duration.ofSeconds(20));
      RawHttp2.Frame first = null;
      while (first == null) {
        RawHttp2.Frame frame = client.read();
        first = frame.type() == RawHttp2.GOAWAY ? frame : null;
      }
      assertEquals(0x7fffffff, java.nio.ByteBuffer.wrap(first.payload()).getInt());
      RawHttp2.Frame ping = client.next(RawHttp2.PING);
      client.frame(RawHttp2.PING, RawHttp2.ACK, 0, ping.payload());
      RawHttp2.Frame second = client.read();
      assertEquals(RawHttp2.GOAWAY, second.type());
      assertEquals(id, java.nio.ByteBuffer.wrap(second.payload()).getInt());
      gate.countDown();
      assertEquals("late", client.answer(id).body());
      assertEquals(-1, client.socket.getInputStream().read());
      Rig.await(drained);
    }
  }
}

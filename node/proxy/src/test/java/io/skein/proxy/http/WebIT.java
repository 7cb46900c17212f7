package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.outcome.Reason;
import io.skein.proxy.web.Compression;
import io.skein.proxy.web.Cors;
import io.skein.proxy.web.Web;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is done for browsers, over real sockets: CORS and compression.
@Tag("net")
@Timeout(60)
class WebIT {
  private static final Cors SHOP =
      new Cors(
          List.of("https://shop.example", "https://*.shop.example"),
          List.of("PUT", "DELETE"),
          List.of("x-key"),
          List.of("X-Total"),
          true,
          600);
  private static final Web CORS = new Web(SHOP, Compression.OFF);
  private static final Web GZIP =
      new Web(Cors.OFF, new Compression(List.of("text/plain", "text/event-stream"), 100, 4));
  private static final String TEXT = "all work and no play ".repeat(5_000);

  // ---- CORS

  @Test
  void aPreflightIsAnsweredWithoutTheEndpoint() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint).with(CORS);
        Client client = rig.client()) {
      Client.Answer leave = client.send(preflight("https://a.shop.example")).answer();
      assertEquals(204, leave.status());
      assertEquals("https://a.shop.example", leave.field("access-control-allow-origin"));
      assertEquals("true", leave.field("access-control-allow-credentials"));
      assertEquals("PUT, DELETE", leave.field("access-control-allow-methods"));
      assertEquals("x-key", leave.field("access-control-allow-headers"));
      assertEquals("600", leave.field("access-control-max-age"));
      assertEquals("", leave.field("access-control-allow-private-network"));
      assertTrue(leave.field("vary").contains("Origin"), leave.head());

      Client.Answer none = client.send(preflight("https://evil.example")).answer();
      assertEquals(204, none.status());
      assertFalse(none.head().toLowerCase(java.util.Locale.ROOT).contains("access-control-allow"));
      assertTrue(none.field("vary").contains("Origin"), none.head());
      assertEquals(0, endpoint.heads.size());
      assertEquals(2, rig.proxy.metrics().service("shop").requests(2, Reason.PREFLIGHT));

      // OPTIONS that asks for nothing of the kind is the endpoint's affair.
      assertEquals(
          "x",
          client
              .send("OPTIONS / HTTP/1.1\r\nHost: t\r\nOrigin: https://shop.example\r\n\r\n")
              .answer()
              .body());
      assertEquals(1, endpoint.heads.size());
    }
  }

  private static String preflight(String origin) {
    return "OPTIONS /a HTTP/1.1\r\nHost: t\r\nOrigin: "
        + origin
        + "\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-key\r\n"
        + "Access-Control-Request-Private-Network: true\r\n\r\n";
  }

  @Test
  void whatTheEndpointSaysIsReplaced() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nAccess-Control-Allow-Origin: *\r\n"
                        + "ACCESS-CONTROL-ALLOW-CREDENTIALS: true\r\nX-Total: 7\r\n"
                        + "Access-Control-Expose-Headers: secret\r\nVary: Accept\r\n\r\nx"));
        Rig rig = Rig.before(endpoint).with(CORS);
        Client client = rig.client()) {
      Client.Answer leave = client.send(get("Origin: https://shop.example\r\n")).answer();
      assertEquals("https://shop.example", leave.field("access-control-allow-origin"));
      assertEquals("true", leave.field("access-control-allow-credentials"));
      assertEquals("X-Total", leave.field("access-control-expose-headers"));
      assertEquals("Accept | Origin", leave.field("vary"));

      for (String other : List.of("Origin: https://evil.example\r\n", "Origin: null\r\n", "")) {
        Client.Answer none = client.send(get(other)).answer();
        assertEquals(200, none.status());
        assertEquals("x", none.body());
        assertFalse(
            none.head().toLowerCase(java.util.Locale.ROOT).contains("access-control"), other);
        assertEquals("Accept | Origin", none.field("vary"));
      }
    }
  }

  @Test
  void everyOriginGetsTheSameAnswer() throws Exception {
    Cors open = new Cors(List.of("*"), List.of("PUT"), List.of("*"), List.of(), false, 5);
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint).with(new Web(open, Compression.OFF));
        Client client = rig.client()) {
      Client.Answer answer = client.send(get("Origin: null\r\n")).answer();
      assertEquals("*", answer.field("access-control-allow-origin"));
      assertEquals("", answer.field("vary"));
      assertEquals(
          "x-key",
          client
              .send(preflight("https://any.example"))
              .answer()
              .field("access-control-allow-headers"));
    }
  }

  @Test
  void aRefusalOfTheProxyCanBeReadByThePageToo() throws Exception {
    try (Rig rig = new Rig().serve(Rig.PATIENT, Rig.FREE).with(CORS);
        Client client = rig.client()) {
      Client.Answer answer = client.send(get("Origin: https://shop.example\r\n")).answer();
      answer.assertProblem(503, "no_endpoint");
      assertEquals("https://shop.example", answer.field("access-control-allow-origin"));
    }
  }

  private static String get(String fields) {
    return "GET / HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n";
  }

  // ---- compression

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http1.0", "--http2-prior-knowledge", "--http2"})
  void aRealClientReadsWhatItAskedFor(String version) throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nETag: \"v1\"\r\n"
                        + "Accept-Ranges: bytes\r\nContent-Length: "
                        + TEXT.length()
                        + "\r\n\r\n"
                        + TEXT));
        Rig rig = Rig.before(endpoint).with(GZIP)) {
      String url = "http://127.0.0.1:" + rig.port + "/";
      String got = curl("-s", "-i", version, "--compressed", url);
      // A 101 may come first.
      int split = got.indexOf("\r\n\r\n", Math.max(0, got.indexOf("HTTP/2 200")));
      String head = got.substring(0, split).toLowerCase(java.util.Locale.ROOT);
      assertEquals(TEXT, got.substring(split + 4));
      assertTrue(head.contains("content-encoding: gzip"), head);
      assertTrue(head.contains("vary: accept-encoding"), head);
      assertTrue(head.contains("etag: w/\"v1\""), head);
      assertFalse(head.contains("content-length"), head);
      assertFalse(head.contains("accept-ranges"), head);

      assertEquals(TEXT, curl("-s", version, url));
      assertEquals(1, rig.proxy.metrics().compressedAnswers());
      assertEquals(TEXT.length(), rig.proxy.metrics().compressedBytesIn());
      assertTrue(rig.proxy.metrics().compressedBytesOut() < TEXT.length() / 10);
    }
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("curl", "--max-time", "30"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue(), text);
      return text;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Content-Type: text/plain                                     | gzip       | true
          Content-Type: text/plain                                     | br         | false
          Content-Type: text/plain                                     | gzip;q=0   | false
          Content-Type: image/png                                      | gzip       | false
          X-None: 1                                                    | gzip       | false
          Content-Type: text/plain~Content-Encoding: br                | gzip       | false
          Content-Type: text/plain~Content-Encoding: identity          | gzip       | true
          Content-Type: text/plain~Cache-Control: a, No-Transform      | gzip       | false
          Content-Type: text/plain~Repr-Digest: sha-256=:eA==:         | gzip       | false
          """)
  void onlyWhatMayBeIsCompressed(String fields, String accepted, boolean compressed)
      throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\n"
                        + fields.strip().replace("~", "\r\n")
                        + "\r\nContent-Length: 1000\r\n\r\n"
                        + "x".repeat(1_000)));
        Rig rig = Rig.before(endpoint).with(GZIP);
        Client client = rig.client()) {
      Client.Answer answer = client.send(get("Accept-Encoding: " + accepted + "\r\n")).answer();
      assertEquals(compressed, answer.field("content-encoding").equals("gzip"), answer.head());
      assertEquals(
          "x".repeat(1_000),
          compressed
              ? new String(
                  GzipTest.unzip(answer.body().getBytes(StandardCharsets.ISO_8859_1)),
                  StandardCharsets.ISO_8859_1)
              : answer.body());
      assertEquals(compressed ? "" : "1000", answer.field("content-length"));
    }
  }

  @Test
  void shortPartialAndBodilessAnswersPassAsTheyAre() throws Exception {
    List<String> answers =
        List.of(
            "200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok",
            "206 Partial Content\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-199/900\r\n"
                + "Content-Length: 200\r\n\r\n"
                + "y".repeat(200),
            "304 Not Modified\r\nETag: \"v1\"\r\n\r\n",
            "204 No Content\r\nContent-Type: text/plain\r\n\r\n");
    for (String each : answers) {
      try (Endpoint endpoint = new Endpoint((_, c) -> c.send("HTTP/1.1 " + each));
          Rig rig = Rig.before(endpoint).with(GZIP);
          Client client = rig.client()) {
        for (int i = 0; i < 2; i++) {
          Client.Answer answer = client.send(get("Accept-Encoding: gzip\r\n")).answer();
          assertEquals("", answer.field("content-encoding"), answer.head());
          assertEquals(each.substring(each.indexOf("\r\n\r\n") + 4), answer.body());
        }
        assertEquals(0, rig.proxy.metrics().compressedAnswers());
      }
    }
  }

  @Test
  void headSaysWhatGetWould() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                c.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n"));
        Rig rig = Rig.before(endpoint).with(GZIP);
        Client client = rig.client()) {
      for (int i = 0; i < 2; i++) {
        Client.Answer answer =
            client.send("HEAD / HTTP/1.1\r\nHost: t\r\nAccept-Encoding: gzip\r\n\r\n").answer(true);
        assertEquals("gzip", answer.field("content-encoding"));
        assertEquals("", answer.field("content-length"));
      }
      assertEquals(0, rig.proxy.metrics().compressedAnswers());
    }
  }

  @Test
  void aStreamIsNotHeldBack() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send(
                  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                      + "Transfer-Encoding: chunked\r\n\r\nb\r\ndata: one\n\n\r\n");
              try {
                assertTrue(read.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              c.send("b\r\ndata: two\n\n\r\n0\r\n\r\n");
            });
        Rig rig = Rig.before(endpoint).with(GZIP);
        Client client = rig.client()) {
      client.send(get("Accept-Encoding: gzip\r\n"));
      assertTrue(client.head().contains("gzip"));
      GZIPInputStream events = new GZIPInputStream(new Unchunked(client.in));
      assertArrayEquals("data: one\n\n".getBytes(StandardCharsets.UTF_8), events.readNBytes(11));
      read.countDown();
      assertArrayEquals("data: two\n\n".getBytes(StandardCharsets.UTF_8), events.readAllBytes());
    }
  }

  @Test
  void anAnswerThatBreaksOffNeverLooksComplete() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send(
                  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 900\r\n\r\nhalf");
              c.socket().close();
            });
        Rig rig = Rig.before(endpoint).with(GZIP)) {
      for (int i = 0; i < 3; i++) {
        try (Client client = rig.client()) {
          client.send(get("Accept-Encoding: gzip\r\n"));
          String head = client.head();
          assertTrue(head.contains("gzip"), head);
          byte[] whole = client.in.readAllBytes();
          assertFalse(
              new String(whole, StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n"), "looks whole");
          assertThrows(
              EOFException.class,
              () ->
                  new GZIPInputStream(new Unchunked(new ByteArrayInputStream(whole)))
                      .readAllBytes());
        }
      }
      Rig.until("all are over", () -> rig.proxy.metrics().service("shop").inFlight() == 0);
    }
  }

  @Test
  void aSlowClientHoldsBackTheEndpoint() throws Exception {
    byte[] block = new byte[1 << 16];
    new java.util.Random(1).nextBytes(block);
    long size = 32L << 20;
    java.util.concurrent.atomic.AtomicLong sent = new java.util.concurrent.atomic.AtomicLong();
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send(
                  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                      + size
                      + "\r\n\r\n");
              for (long left = size; left > 0; left -= block.length) {
                c.out().write(block);
                sent.addAndGet(block.length);
              }
            });
        Rig rig = Rig.before(endpoint).with(GZIP);
        Client client = rig.client()) {
      client.send(get("Accept-Encoding: gzip\r\n"));
      assertTrue(client.head().contains("gzip"));
      // Nothing is read: what is taken from the endpoint comes to rest far from the end.
      long[] before = {-1, 0};
      Rig.until(
          "the endpoint is held back",
          () -> {
            before[1] = sent.get() == before[0] ? before[1] + 1 : 0;
            before[0] = sent.get();
            return before[1] > 200;
          });
      assertTrue(sent.get() < size / 2, "sent " + sent.get());
      long count = 0;
      try (GZIPInputStream in = new GZIPInputStream(new Unchunked(client.in))) {
        byte[] part = new byte[1 << 16];
        for (int n; (n = in.read(part)) > 0; ) {
          count += n;
        }
      }
      assertEquals(size, count);
    }
  }

  /// The bytes within chunks.
  private static final class Unchunked extends InputStream {
    private final InputStream in;
    private int left;
    private boolean begun;
    private boolean ended;

    Unchunked(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (!ended && left == 0) {
        if (begun) {
          String _ = Client.readUntil(in, "\r\n");
        }
        begun = true;
        String size = Client.readUntil(in, "\r\n").strip();
        left = size.isEmpty() ? 0 : Integer.parseInt(size, 16);
        ended = left == 0;
      }
      if (ended) {
        return -1;
      }
      int count = in.read(to, offset, Math.min(length, left));
      if (count < 0) {
        ended = true;
        return -1;
      }
      left -= count;
      return count;
    }
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever two parsers might understand differently is refused, the connection is closed, and the
/// endpoint receives nothing.
@Tag("net")
class SmugglingIT {
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  static Stream<Arguments> malformed() {
    String post = "POST / HTTP/1.1\r\nHost: a\r\n";
    String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    return Stream.of(
        row(
            "both lengths",
            400,
            post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        row(
            "both lengths, other order",
            400,
            post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        row("differing lengths", 400, post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"),
        row("differing lengths in one field", 400, post + "Content-Length: 4, 5\r\n\r\nabcd"),
        row("length with a sign", 400, post + "Content-Length: +4\r\n\r\nabcd"),
        row("negative length", 400, post + "Content-Length: -1\r\n\r\n"),
        row("hexadecimal length", 400, post + "Content-Length: 0x4\r\n\r\nabcd"),
        row("huge length", 400, post + "Content-Length: 99999999999999999999\r\n\r\n"),
        row("empty length", 400, post + "Content-Length: \r\n\r\n"),
        row(
            "coding before chunked",
            400,
            post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        row(
            "coding after chunked",
            400,
            post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        row(
            "chunked twice",
            400,
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        row("disguised coding", 400, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        row(
            "coding with vertical tab",
            400,
            post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        row(
            "coding in HTTP/1.0",
            400,
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        row("space before colon", 400, post + "Content-Length : 4\r\n\r\nabcd"),
        row("bad chunk size", 400, chunked + "zz\r\nabc\r\n0\r\n\r\n"),
        row("chunk size with prefix", 400, chunked + "0x3\r\nabc\r\n0\r\n\r\n"),
        row("negative chunk size", 400, chunked + "-1\r\nabc\r\n0\r\n\r\n"),
        row("overflowing chunk size", 400, chunked + "ffffffffffffffff1\r\nabc\r\n0\r\n\r\n"),
        row("chunk size ended by bare LF", 400, chunked + "3\nabc\r\n0\r\n\r\n"),
        row("LF inside a chunk extension", 400, chunked + "3;a\nb\r\nabc\r\n0\r\n\r\n"),
        row("lines ended by bare LF", 400, "GET / HTTP/1.1\nHost: a\n\n"),
        row("bare CR in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
        row("NUL in a value", 400, "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
        row("bad character in a name", 400, "GET / HTTP/1.1\r\nHost: a\r\nX(): a\r\n\r\n"),
        row("empty name", 400, "GET / HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n"),
        row("field without colon", 400, "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
        row("space before the first field", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        row(
            "draft-76 keys",
            400,
            "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n12345678"),
        row("no host", 400, "GET / HTTP/1.1\r\n\r\n"),
        row("two hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        row("empty host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        row("host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        row("host with user information", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        row("two hosts in one field", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        row("authority with user information", 400, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("other scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("relative target", 400, "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("asterisk without OPTIONS", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("fragment in target", 400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("control character in target", 400, "GET /a\u0001b HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("non-ASCII target", 400, "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("space in target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("bad method", 400, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("no version", 400, "GET /\r\n\r\n"),
        row("CONNECT", 405, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("TRACE", 405, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
        row("long request line", 414, "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
        row(
            "large field",
            431,
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"),
        row(
            "many fields",
            431,
            "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(9_000) + "\r\n"));
  }

  private static Arguments row(String what, int status, String request) {
    return Arguments.of(what, status, request);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesAndClosesAndForwardsNothing(String what, int status, String request)
      throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      Client.Answer answer = client.send(request + SMUGGLED).answer();
      assertEquals(status, answer.status(), answer.body());
      assertEquals("close", answer.field("connection"));
      assertEquals("application/problem+json", answer.field("content-type"));
      assertTrue(client.atEnd(), "still open");
      assertEquals(0, endpoint.heads.size(), () -> endpoint.heads.toString());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("late")
  void neverCompletesARequestWhoseBodyBreaksLater(String what, String request) throws Exception {
    StringBuilder received = new StringBuilder();
    try (Endpoint endpoint =
            new Endpoint((_, c) ->
                received.append(
                    new String(
                        Endpoint.drain(c.in()), java.nio.charset.StandardCharsets.US_ASCII)));
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      client.send(request.substring(0, request.indexOf("|")));
      Rig.until("the head is forwarded", () -> endpoint.heads.size() == 1);
      client.send(request.substring(request.indexOf("|") + 1) + SMUGGLED);
      assertEquals(400, client.answer().status());
      assertTrue(client.atEnd());
      Rig.until("the endpoint's connection is closed", () -> endpoint.closed.get() == 1);
      assertTrue(!received.toString().contains("0\r\n\r\n"), received.toString());
      assertTrue(!received.toString().contains("smuggled"), received.toString());
    }
  }

  static Stream<Arguments> late() {
    String chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n|";
    return Stream.of(
        Arguments.of("bad size", chunked + "xyz\r\n"),
        Arguments.of("chunk longer than said", chunked + "3\r\nabcdef\r\n0\r\n\r\n"),
        Arguments.of("bad trailer", chunked + "0\r\nX(: 1\r\n\r\n"));
  }
}

package io.skein.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainHeadTest {
  private static final String GET =
      "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nUser-Agent: x y\r\naccept:*/*\r\n\r\n";
  private static final String OK =
      "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 5\r\nDate: now \r\n\r\nhello";

  /// What mutations put in: all that has a meaning somewhere, and some that has none.
  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    ":",
    ",",
    "\0",
    "\u0001",
    "\u007f",
    "\u0080",
    "\u00ff",
    "HTTP/1.0",
    "HTTP/1.1",
    "HTTP/2.0",
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "content-length:6\r\n",
    "Content-Length: +5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    " folded\r\n",
    "Name : value\r\n",
    "Empty:\r\n",
    "Upgrade: websocket\r\n",
    "Expect: 100-continue\r\n",
    "Host: b\r\n",
    "POST",
    "HEAD",
    "get",
    "204",
    "304",
    "101",
    "100",
    "0",
    "9",
    "a",
    "Z",
    "(",
    "\"",
    "é",
    "\r\n\r\n",
  };

  private final PlainHead plain = new PlainHead();

  private @Nullable HttpRequest request(String text) {
    return plain.request(Unpooled.copiedBuffer(text, ISO_8859_1), 8192, 8192);
  }

  private @Nullable HttpResponse response(String text) {
    return plain.response(Unpooled.copiedBuffer(text, ISO_8859_1), 8192, 8192);
  }

  @Test
  void readsAPlainRequest() {
    HttpRequest request = request(GET);
    assertNotNull(request);
    assertEquals(
        List.of("GET", "/a?b=c", "HTTP/1.1", "Host=example.org", "User-Agent=x y", "accept=*/*"),
        told(request));
    assertNotNull(request("HEAD * HTTP/1.1\r\n\r\n"));
  }

  @Test
  void readsAPlainAnswerUpToItsBody() {
    ByteBuf in = Unpooled.copiedBuffer(OK, ISO_8859_1);
    HttpResponse response = plain.response(in, 8192, 8192);
    assertNotNull(response);
    assertEquals(
        List.of("200 OK", "HTTP/1.1", "Server=nginx", "Content-Length=5", "Date=now"),
        told(response));
    assertEquals("hello", in.toString(ISO_8859_1));
    assertNotNull(response("HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\tb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \u00e9\r\n\r\n",
        "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n",
      })
  void leavesOtherRequestsUntouched(String text) {
    ByteBuf in = Unpooled.copiedBuffer(text, ISO_8859_1);
    assertNull(plain.request(in, 8192, 8192));
    assertEquals(text, in.toString(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello!",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello",
      })
  void leavesOtherAnswersUntouched(String text) {
    ByteBuf in = Unpooled.copiedBuffer(text, ISO_8859_1);
    assertNull(plain.response(in, 8192, 8192));
    assertEquals(text, in.toString(ISO_8859_1));
  }

  @Test
  void leavesWhatIsTooLongToTheCodec() {
    assertNull(plain.request(Unpooled.copiedBuffer(GET, ISO_8859_1), GET.length() - 1, 8192));
    assertNull(plain.request(Unpooled.copiedBuffer(GET, ISO_8859_1), 8192, 20));
    assertNull(
        request("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(PlainHead.MOST_FIELDS + 1) + "\r\n"));
    assertNotNull(
        request("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(PlainHead.MOST_FIELDS) + "\r\n"));
    assertNull(request("GET /" + "a".repeat(PlainHead.MOST_BYTES) + " HTTP/1.1\r\n\r\n"));
    String filler = "a: " + "b".repeat(PlainHead.MOST_BYTES) + "\r\n";
    assertNull(response("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n" + filler + "\r\nx"));
  }

  @Test
  void namesThatShareASlotAreNotMixedUp() {
    for (int i = 0; i < 3; i++) {
      assertTrue(
          told(requireNonNull(request("GET / HTTP/1.1\r\nabcd: 1\r\n\r\n"))).contains("abcd=1"));
      assertTrue(
          told(requireNonNull(request("GET / HTTP/1.1\r\naxyd: 1\r\n\r\n"))).contains("axyd=1"));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatItTakesTheCodecReadsInTheSameWay(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int taken = 0;
    for (int i = 0; i < 4_000; i++) {
      boolean asks = random.nextBoolean();
      String text = asks ? GET : OK;
      for (int n = random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(4));
        String piece = PIECES[random.nextInt(PIECES.length)];
        text = text.substring(0, at) + (random.nextInt(4) > 0 ? piece : "") + text.substring(to);
      }
      ByteBuf in = Unpooled.copiedBuffer(text, ISO_8859_1);
      HttpMessage read = asks ? plain.request(in, 8192, 8192) : plain.response(in, 8192, 8192);
      if (read != null) {
        taken++;
        assertEquals(
            codec(asks ? new HttpRequestDecoder() : new HttpResponseDecoder(), text),
            told(read, in),
            () -> "seed " + seed);
      } else {
        assertEquals(text, in.toString(ISO_8859_1));
      }
    }
    assertTrue(taken > 100, "taken: " + taken);
  }

  /// A message, its body and its end as the codec reads them, and that nothing else came.
  private static List<String> codec(ChannelHandler decoder, String text) {
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    HttpMessage message = channel.readInbound();
    assertTrue(message.decoderResult().isSuccess(), text);
    StringBuilder body = new StringBuilder();
    boolean ended = false;
    for (Object part; (part = channel.readInbound()) != null; ) {
      assertTrue(!ended && part instanceof HttpContent, text);
      body.append(((HttpContent) part).content().toString(ISO_8859_1));
      ended = part instanceof LastHttpContent;
      ReferenceCountUtil.release(part);
    }
    assertTrue(ended, text);
    List<String> told = told(message);
    told.add(body.toString());
    return told;
  }

  private static List<String> told(HttpMessage message, ByteBuf body) {
    List<String> told = told(message);
    told.add(body.toString(ISO_8859_1));
    return told;
  }

  private static List<String> told(HttpMessage message) {
    List<String> told = new ArrayList<>();
    switch (message) {
      case HttpRequest request -> {
        told.add(request.method().name());
        told.add(request.uri());
      }
      case HttpResponse response -> told.add(response.status().toString());
      default -> throw new AssertionError(message);
    }
    told.add(message.protocolVersion().text());
    for (Map.Entry<String, String> field : message.headers()) {
      told.add(field.getKey() + "=" + field.getValue());
    }
    return told;
  }
}

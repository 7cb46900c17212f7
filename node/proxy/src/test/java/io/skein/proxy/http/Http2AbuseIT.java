package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Peers that cost more than they ask for are cut off, and what an HTTP/1.1 parser might read
/// differently is refused.
@Tag("net")
class Http2AbuseIT {
  private static final byte[] NOTHING = {};

  private static byte[] many(int count, java.util.function.IntFunction<byte[]> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(frames.apply(i));
    }
    return all.toByteArray();
  }

  private static byte[] head(int stream, int flags) {
    return RawHttp2.bytes(
        RawHttp2.HEADERS, flags, stream, RawHttp2.block(RawHttp2.request("GET", "/")));
  }

  static Stream<Arguments> floods() {
    int whole = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;
    return Stream.of(
        Arguments.of(
            "rapid reset",
            many(
                2_000,
                i -> {
                  ByteArrayOutputStream two = new ByteArrayOutputStream();
                  two.writeBytes(head(2 * i + 1, whole));
                  two.writeBytes(
                      RawHttp2.bytes(RawHttp2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
                  return two.toByteArray();
                })),
        Arguments.of("pings", many(5_000, _ -> RawHttp2.bytes(RawHttp2.PING, 0, 0, new byte[8]))),
        Arguments.of(
            "settings", many(5_000, _ -> RawHttp2.bytes(RawHttp2.SETTINGS, 0, 0, NOTHING))),
        Arguments.of(
            "priorities",
            many(5_000, _ -> RawHttp2.bytes(RawHttp2.PRIORITY, 0, 1, new byte[] {0, 0, 0, 0, 1}))),
        Arguments.of("unknown frames", many(5_000, _ -> RawHttp2.bytes(0x77, 0, 0, NOTHING))),
        Arguments.of(
            "small continuations",
            many(
                2_000,
                i ->
                    i == 0
                        ? head(1, RawHttp2.END_STREAM)
                        : RawHttp2.bytes(RawHttp2.CONTINUATION, 0, 1, RawHttp2.block("x", "y")))),
        Arguments.of(
            "empty data",
            many(
                2_000,
                i ->
                    i == 0
                        ? head(1, RawHttp2.END_HEADERS)
                        : RawHttp2.bytes(RawHttp2.DATA, 0, 1, NOTHING))),
        Arguments.of(
            "tiny windows",
            many(
                60_000,
                _ -> RawHttp2.bytes(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1}))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void cutsOffAFlood(String what, byte[] frames) throws Exception {
    try (Endpoint silent = new Endpoint((_, c) -> c.read(1));
        Rig rig = Rig.before(silent)) {
      try (RawHttp2 client = new RawHttp2(rig.port)) {
        try {
          client.raw(frames);
        } catch (IOException e) {
          // cut off while sending
        }
        int code = client.goAway();
        assertTrue(code == RawHttp2.ENHANCE_YOUR_CALM || code == -1, what + ": " + code);
      }
      Rig.until("it is closed", () -> rig.proxy.metrics().openConnections() == 0);
      Rig.until("nothing is under way", () -> rig.candidates.getFirst().load().inFlight() == 0);
    }
  }

  @Test
  void boundsHeadsThatGrowWhenDecoded() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      // One field of 3 KiB into the table, then a hundred references to it.
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      block.writeBytes(RawHttp2.block(RawHttp2.request("GET", "/")));
      byte[] literal = RawHttp2.block("x", "y".repeat(3_000));
      literal[0] = 0x40;
      block.writeBytes(literal);
      byte[] references = new byte[100];
      Arrays.fill(references, (byte) (0x80 | 62));
      block.writeBytes(references);
      client.frame(
          RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, block.toByteArray());
      assertEquals(431, client.answer(1).status());
      assertEquals(List.of(), endpoint.heads);
    }
  }

  @Test
  void keepsNoMoreThanItsWindowsForAClientThatTakesNothing() throws Exception {
    long many = 64L << 20;
    java.util.concurrent.atomic.AtomicLong sent = new java.util.concurrent.atomic.AtomicLong();
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: " + many + "\r\n\r\n");
              byte[] block = new byte[64 << 10];
              while (sent.get() < many) {
                c.out().write(block);
                sent.addAndGet(block.length);
              }
            });
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port).greedy()) {
      int id = client.open(true, RawHttp2.request("GET", "/"));
      int got = 0;
      while (got < 65_535) {
        RawHttp2.Frame frame = client.next(RawHttp2.DATA);
        got += frame.payload().length;
      }
      long seen = -1;
      while (seen != sent.get()) {
        seen = sent.get();
        java.util.concurrent.locks.LockSupport.parkNanos(300_000_000);
      }
      assertTrue(seen < 32L << 20, "nobody takes it, yet taken: " + seen);
      byte[] all = {0x7f, 0, 0, 0};
      client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, all);
      client.frame(RawHttp2.WINDOW_UPDATE, 0, id, all);
      long total = got;
      while (total < many) {
        total += client.next(RawHttp2.DATA).payload().length;
      }
      assertEquals(many, total);
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        row("line end in a value", -1, "x", "a\r\nSmuggled: b"),
        row("NUL in a value", -1, "x", "a\0b"),
        row("space before a value", -1, "x", " a"),
        row("space in a name", -1, "x y", "a"),
        row("colon in a name", -1, "x:y", "a"),
        row("another host", 400, "host", "other"),
        row("upper case", -1, "X-Upper", "a"),
        row("connection", -1, "connection", "close"),
        row("transfer-encoding", -1, "transfer-encoding", "chunked"),
        row("upgrade", -1, "upgrade", "h2c"),
        row("te", -1, "te", "gzip"),
        row("repeated path", -1, ":path", "/b"),
        row("unknown pseudo-field", -1, ":other", "b"),
        row("length without data", -1, "content-length", "7"));
  }

  private static Arguments row(String what, int status, String name, String value) {
    return Arguments.of(what, status, name, value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void refusesAndForwardsNothing(String what, int status, String name, String value)
      throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig rig = Rig.before(endpoint);
        RawHttp2 client = new RawHttp2(rig.port)) {
      RawHttp2.Answer answer =
          client.answer(client.open(true, RawHttp2.request("GET", "/a", name, value)));
      if (status > 0) {
        assertEquals(status, answer.status(), what);
        assertTrue(answer.fields().containsKey("skein-reason"));
      } else {
        assertEquals(1, answer.reset(), what);
      }
      assertEquals(List.of(), endpoint.heads);
      assertEquals(200, client.get("/").status());
    }
  }

  @Test
  void refusesGrpcInItsOwnForm() throws Exception {
    try (Endpoint silent = new Endpoint((_, c) -> c.read(1));
        Rig rig = Rig.before(silent);
        RawHttp2 client = new RawHttp2(rig.port)) {
      String[] call =
          RawHttp2.request(
              "POST",
              "/s/m",
              "content-type",
              "application/grpc",
              "te",
              "trailers",
              "grpc-timeout",
              "200m");
      RawHttp2.Answer late = client.answer(client.open(true, call));
      assertEquals(200, late.status());
      assertEquals("4", late.fields().get("grpc-status"));
      rig.serve(Rig.PATIENT, Rig.FREE);
      RawHttp2.Answer nobody = client.answer(client.open(true, call));
      assertEquals("14", nobody.fields().get("grpc-status"));
      assertEquals("no_endpoint", nobody.fields().get("skein-reason"));
    }
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.Scheme;
import io.skein.proxy.route.Target;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Endpoints that speak HTTP/2, before clients of both versions.
@Tag("net")
class Http2EndpointIT {
  /// An endpoint on raw frames.
  private static final class Frames implements AutoCloseable {
    final List<Map<String, String>> heads = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket server;
    private final int[] settings;

    interface Behaviour {
      /// A frame came; `fields` if it is a head.
      void take(int connection, RawHttp2 http2, RawHttp2.Frame frame, Map<String, String> fields)
          throws IOException;
    }

    Frames(Behaviour behaviour, int... settings) throws IOException {
      this.settings = settings;
      server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                Socket socket = server.accept();
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(number, socket, behaviour));
              }
            } catch (IOException e) {
              // closed
            }
          });
    }

    private void serve(int number, Socket socket, Behaviour behaviour) {
      try (RawHttp2 http2 = new RawHttp2(socket, true, settings)) {
        while (true) {
          RawHttp2.Frame frame = http2.read();
          Map<String, String> fields = Map.of();
          if (frame.type() == RawHttp2.HEADERS) {
            fields = http2.fields(frame);
            heads.add(fields);
          }
          behaviour.take(number, http2, frame, fields);
        }
      } catch (EOFException | SocketException e) {
        // closed
      } catch (IOException e) {
        // what tests provoke
      }
    }

    Target target() {
      return new Target.EndpointTarget("127.0.0.1", server.getLocalPort(), Scheme.H2C);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static void echoPath(
      int connection, RawHttp2 http2, RawHttp2.Frame frame, Map<String, String> fields)
      throws IOException {
    if (frame.type() == RawHttp2.HEADERS && frame.ends()) {
      http2.respond(frame.stream(), fields.getOrDefault(":path", "?"));
    }
  }

  @Test
  void servesClientsOfBothVersionsOverOneConnection() throws Exception {
    try (Frames endpoint = new Frames(Http2EndpointIT::echoPath);
        Rig rig = new Rig().serve(Rig.PATIENT, Rig.FREE, endpoint.target());
        Client old = rig.client();
        RawHttp2 client = new RawHttp2(rig.port)) {
      Client.Answer first = old.get("/a?b");
      assertEquals("/a?b", first.body());
      assertEquals("chunked", first.field("transfer-encoding"));
      assertEquals("/c", old.get("/c").body());
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        ids.add(client.open(true, RawHttp2.request("GET", "/" + i)));
      }
      int ended = 0;
      while (ended < ids.size()) {
        ended += client.read().ends() ? 1 : 0;
      }
      assertEquals(1, endpoint.connections.get());
      Map<String, String> head = endpoint.heads.getFirst();
      assertEquals("GET", head.get(":method"));
      assertEquals("http", head.get(":scheme"));
      assertEquals("test", head.get(":authority"));
      assertEquals("1.1 skein", head.get("via"));
      assertEquals("127.0.0.1", head.get("x-forwarded-for"));
      assertNull(head.get("host"));
      assertNull(head.get("connection"));
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
    }
  }

  @Test
  void passesBodiesAndTrailersFromHttp1ToHttp2AndBack() throws Exception {
    StringBuilder got = new StringBuilder();
    try (Frames endpoint =
            new Frames((_, http2, frame, fields) -> {
              if (frame.type() == RawHttp2.DATA) {
                got.append(new String(frame.payload(), java.nio.charset.StandardCharsets.US_ASCII));
              }
              if (frame.ends()) {
                got.append(fields.getOrDefault("x-t", ""));
                http2.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS,
                    frame.stream(),
                    RawHttp2.block(":status", "200", "trailer", "x-sum"));
                http2.data(frame.stream(), "hello", false);
                http2.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                    frame.stream(),
                    RawHttp2.block("x-sum", "7"));
              }
            });
        Rig rig = new Rig().serve(Rig.PATIENT, Rig.FREE, endpoint.target());
        Client client = rig.client()) {
      Client.Answer answer =
          client
              .send(
                  "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-Up: 1\r\n\r\n"
                      + "3\r\nabc\r\n0\r\nX-T: yes\r\n\r\n")
              .answer();
      assertEquals("hello\nx-sum: 7", answer.body());
      assertEquals("abcyes", got.toString());
      assertEquals("1", endpoint.heads.getFirst().get("x-up"));
    }
  }

  @Test
  void triesAgainWhatTheEndpointSaysItDidNotSee() throws Exception {
    try (Frames endpoint =
            new Frames((connection, http2, frame, fields) -> {
              if (frame.type() != RawHttp2.HEADERS) {
                return;
              }
              if (Objects.requireNonNull(fields.get(":path")).equals("/refused")
                  && connection == 1) {
                http2.frame(RawHttp2.RST_STREAM, 0, frame.stream(), new byte[] {0, 0, 0, 7});
                http2.frame(RawHttp2.GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 0});
              } else {
                http2.respond(frame.stream(), "from " + connection);
              }
            });
        Rig rig = new Rig().serve(Rig.PATIENT, RetryBudget.NONE, endpoint.target());
        Client client = rig.client()) {
      Client.Answer answer =
          client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").answer();
      assertEquals(200, answer.status());
      assertEquals("from 2", answer.body());
      assertEquals(1, rig.outcomes.size());
    }
  }

  @Test
  void opensAnotherConnectionBeyondTheEndpointsLimit() throws Exception {
    List<Runnable> held = new CopyOnWriteArrayList<>();
    try (Frames endpoint =
            new Frames(
                (connection, http2, frame, fields) -> {
                  if (frame.type() == RawHttp2.HEADERS) {
                    if (Objects.requireNonNull(fields.get(":path")).equals("/first")) {
                      http2.respond(frame.stream(), "x");
                    } else {
                      held.add(() -> {
                        try {
                          http2.respond(frame.stream(), "late");
                        } catch (IOException e) {
                          throw new java.io.UncheckedIOException(e);
                        }
                      });
                    }
                  }
                },
                3,
                2);
        Rig rig = new Rig().serve(Rig.PATIENT, Rig.FREE, endpoint.target());
        RawHttp2 client = new RawHttp2(rig.port)) {
      client.get("/first");
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int already = i;
        ids.add(client.open(true, RawHttp2.request("GET", "/" + i)));
        Rig.until("it arrives", () -> held.size() == already + 1);
      }
      assertEquals(2, endpoint.connections.get());
      held.forEach(Runnable::run);
      for (int ended = 0; ended < 4; ) {
        ended += client.read().ends() ? 1 : 0;
      }
    }
  }

  @Test
  void refusesWhatIsNoAnswer() throws Exception {
    for (String[] bad :
        new String[][] {
          {":status", "200", "x", "a\r\nSet-Cookie: b"},
          {":status", "20x"},
          {":status", "101"},
          {":status", "200", "bad name", "x"},
          {":status", "200", "connection", "close"},
        }) {
      try (Frames endpoint =
              new Frames((_, http2, frame, _) -> {
                if (frame.type() == RawHttp2.HEADERS) {
                  http2.frame(
                      RawHttp2.HEADERS,
                      RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                      frame.stream(),
                      RawHttp2.block(bad));
                }
              });
          Rig rig = new Rig().serve(Rig.PATIENT, RetryBudget.NONE, endpoint.target());
          Client client = rig.client()) {
        Client.Answer answer = client.get("/");
        assertEquals(502, answer.status(), String.join(" ", bad));
        assertEquals(OutcomeKind.RESET, rig.outcomes.getFirst().kind());
      }
    }
  }

  /// A server of gRPC breaks a call off whose deadline has passed. A client that is too busy to
  /// have noticed the same must not hear that the service is unavailable; of a call that breaks off
  /// before its deadline it must.
  @ParameterizedTest
  @CsvSource({"false, 100m, 4", "true, 100m, 4", "false, 1M, 14", "true, 1M, 14"})
  void saysThatADeadlinePassedWhereTheServerWasFirstToNotice(
      boolean answering, String timeout, String status) throws Exception {
    try (Frames endpoint =
            new Frames((_, http2, frame, _) -> {
              if (frame.ends()) {
                if (answering) {
                  http2.frame(
                      RawHttp2.HEADERS,
                      RawHttp2.END_HEADERS,
                      frame.stream(),
                      RawHttp2.block(":status", "200", "content-type", "application/grpc"));
                }
                LockSupport.parkNanos(120_000_000);
                http2.frame(RawHttp2.RST_STREAM, 0, frame.stream(), new byte[] {0, 0, 0, 8});
              }
            });
        Rig rig = new Rig().serve(Rig.PATIENT, Rig.FREE, endpoint.target());
        RawHttp2 client = new RawHttp2(rig.port)) {
      int stream =
          client.open(
              true,
              RawHttp2.request(
                  "POST", "/a.B/C", "content-type", "application/grpc", "grpc-timeout", timeout));
      RawHttp2.Answer answer = client.answer(stream);
      assertEquals(200, answer.status());
      Map<String, String> ending = answering ? answer.trailers() : answer.fields();
      assertEquals(status, ending.get("grpc-status"), answer::toString);
    }
  }

  @Test
  void resetsTheStreamOnceWhenTheClientLeaves() throws Exception {
    List<Integer> codes = new CopyOnWriteArrayList<>();
    try (Frames endpoint =
            new Frames((_, http2, frame, fields) -> {
              if (frame.type() == RawHttp2.RST_STREAM) {
                codes.add(frame.code());
                http2.data(frame.stream(), "sent before it heard", false);
              } else if ("/next".equals(fields.get(":path"))) {
                http2.respond(frame.stream(), "next");
              } else if (frame.type() == RawHttp2.HEADERS) {
                http2.frame(
                    RawHttp2.HEADERS,
                    RawHttp2.END_HEADERS,
                    frame.stream(),
                    RawHttp2.block(":status", "200"));
                http2.data(frame.stream(), "some", false);
              }
            });
        Rig rig = new Rig().serve(Rig.PATIENT, Rig.FREE, endpoint.target())) {
      try (Client client = rig.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").head();
      }
      Rig.until("the stream is reset", () -> !codes.isEmpty());
      try (Client client = rig.client()) {
        assertEquals("next", client.get("/next").body());
        assertEquals("next", client.get("/next").body());
      }
      assertEquals(List.of(8), codes);
      assertEquals(1, rig.proxy.metrics().openUpstreamConnections());
      assertEquals(OutcomeKind.CLIENT_GONE, rig.outcomes.getFirst().kind());
    }
  }
}

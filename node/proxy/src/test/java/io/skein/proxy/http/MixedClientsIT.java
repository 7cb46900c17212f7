package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients of every kind beside each other on one event loop, most of them for a single request:
/// each gets the answer to what it asked, and the endpoint hears of each who it is.
@Tag("net")
class MixedClientsIT {
  private static final int CLIENTS = 6;
  private static final int TURNS = 40;
  private static final Pattern TOKEN = Pattern.compile("t\\d+-\\d+");
  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  /// One client: it has an address and a host of its own, and every turn another token.
  private record Who(Rig rig, int number, int turn) {
    String address() {
      return LINUX ? "127.0.0." + (10 + number) : "127.0.0.1";
    }

    String host() {
      return "h" + number + ".test";
    }

    String token() {
      return "t" + number + "-" + turn;
    }

    Socket socket() throws IOException {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(address(), 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port));
      return socket;
    }

    Client client() throws IOException {
      return new Client(socket());
    }

    String head(String method, String path, String more) {
      return method
          + " /"
          + token()
          + path
          + " HTTP/1.1\r\nHost: "
          + host()
          + "\r\nX-Token: "
          + token()
          + "\r\n"
          + more
          + "\r\n";
    }

    /// Fails unless the answer tells of this client's request, and of nobody else's.
    void heard(Client.Answer answer, String path) {
      assertEquals(200, answer.status(), answer.head());
      String seen = answer.body().toLowerCase(Locale.ROOT);
      assertTrue(seen.contains(" /" + token() + path + " http/1.1\r\n"), seen);
      heard(seen);
    }

    private void heard(String seen) {
      assertTrue(seen.contains("\r\nx-token: " + token() + "\r\n"), seen);
      assertTrue(seen.contains("\r\nx-forwarded-for: " + address() + "\r\n"), seen);
      assertTrue(seen.contains("for=" + address() + ";host=\""), seen);
      TOKEN.matcher(seen).results().forEach(found -> assertEquals(token(), found.group()));
    }
  }

  private interface Kind {
    void act(Who who) throws IOException;
  }

  private static final List<Kind> KINDS =
      List.of(
          MixedClientsIT::closes,
          MixedClientsIT::closes,
          MixedClientsIT::stays,
          MixedClientsIT::posts,
          MixedClientsIT::sendsAhead,
          MixedClientsIT::drips,
          MixedClientsIT::leavesInTheHead,
          MixedClientsIT::leavesInTheBody,
          MixedClientsIT::leavesBeforeTheAnswer,
          MixedClientsIT::isRefused,
          MixedClientsIT::upgrades,
          MixedClientsIT::speaksHttp2);

  private static void closes(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(who.head("GET", "/once", "Connection: close\r\n"));
      who.heard(client.answer(), "/once");
      assertTrue(client.atEnd());
    }
  }

  private static void stays(Who who) throws IOException {
    try (Client client = who.client()) {
      for (int i = 0; i < 3; i++) {
        who.heard(client.send(who.head("GET", "/" + i, "")).answer(), "/" + i);
      }
    }
  }

  private static void posts(Who who) throws IOException {
    try (Client client = who.client()) {
      String body = "of " + who.token();
      String length = "Content-Length: " + body.length() + "\r\n";
      Client.Answer answer = client.send(who.head("POST", "/body", length) + body).answer();
      who.heard(answer, "/body");
      assertTrue(answer.body().endsWith(body), answer.body());
    }
  }

  private static void sendsAhead(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(
          who.head("GET", "/a", "")
              + who.head("GET", "/b", "")
              + who.head("GET", "/c", "Connection: close\r\n"));
      who.heard(client.answer(), "/a");
      who.heard(client.answer(), "/b");
      who.heard(client.answer(), "/c");
      assertTrue(client.atEnd());
    }
  }

  private static void drips(Who who) throws IOException {
    try (Client client = who.client()) {
      String head = who.head("GET", "/slow", "");
      for (int i = 0; i < head.length(); i += 9) {
        client.send(head.substring(i, Math.min(head.length(), i + 9)));
      }
      who.heard(client.answer(), "/slow");
    }
  }

  private static void leavesInTheHead(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(who.head("GET", "/never", "").substring(0, 30));
    }
  }

  private static void leavesInTheBody(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(who.head("POST", "/half", "Content-Length: 100\r\n") + who.token());
      client.socket.setSoLinger(true, 0);
    }
  }

  private static void leavesBeforeTheAnswer(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(who.head("GET", "/unread", ""));
      client.socket.setSoLinger(true, 0);
    }
  }

  private static void isRefused(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(who.head("GET", "/two", "Host: other\r\n"));
      client.answer().assertProblem(400, "bad_host");
      assertTrue(client.atEnd());
    }
  }

  private static void upgrades(Who who) throws IOException {
    try (Client client = who.client()) {
      client.send(
          who.head(
              "GET",
              "/chat",
              "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
      assertTrue(client.head().startsWith("HTTP/1.1 101 "));
      assertEquals(0x81, client.in.read());
      String said = new String(client.in.readNBytes(client.in.read()), StandardCharsets.US_ASCII);
      assertEquals(who.token(), said);
    }
  }

  private static void speaksHttp2(Who who) throws IOException {
    try (RawHttp2 client = new RawHttp2(who.socket())) {
      for (int i = 0; i < 2; i++) {
        RawHttp2.Answer answer =
            client.answer(
                client.open(
                    true, RawHttp2.request("GET", "/" + who.token(), "x-token", who.token())));
        assertEquals(200, answer.status());
        who.heard(answer.body().toLowerCase(Locale.ROOT));
      }
    }
  }

  /// Sends back what it received; on an upgrade the token, in a frame of a WebSocket.
  private static Endpoint mirror() throws IOException {
    return new Endpoint((head, c) -> {
      Client.Answer fields = new Client.Answer(0, head, "");
      if (!fields.field("upgrade").isEmpty()) {
        String token = fields.field("x-token");
        c.send(WebSocketIT.accept(head) + "\u0081" + (char) token.length() + token);
        c.in().transferTo(OutputStream.nullOutputStream());
        c.socket().close();
        return;
      }
      String length = fields.field("content-length");
      String body = length.isEmpty() ? "" : c.read(Integer.parseInt(length));
      c.send(Endpoint.ok(head + body));
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eachHearsItsOwn(long seed) throws Exception {
    try (Endpoint endpoint = mirror();
        Rig rig = Rig.before(endpoint);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      SplittableRandom seeds = new SplittableRandom(seed);
      List<Future<?>> all = new ArrayList<>();
      for (int number = 0; number < CLIENTS; number++) {
        int mine = number;
        SplittableRandom random = seeds.split();
        all.add(
            clients.submit(() -> {
              for (int turn = 0; turn < TURNS; turn++) {
                KINDS.get(random.nextInt(KINDS.size())).act(new Who(rig, mine, turn));
              }
              return Map.of();
            }));
      }
      for (Future<?> each : all) {
        Object _ = each.get(120, TimeUnit.SECONDS);
      }
      closes(new Who(rig, 0, TURNS));
      Rig.until("all are gone", () -> rig.proxy.metrics().openConnections() == 0);
      assertEquals(0, rig.proxy.metrics().service("shop").inFlight());
      assertEquals(0, rig.candidates.getFirst().load().inFlight());
      int spare = LentIT.spare(rig);
      assertTrue(spare > 0 && spare <= 3 * CLIENTS, "lent and given back: " + spare);
    }
  }
}

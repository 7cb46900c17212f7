package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.metrics.ServiceMetrics;
import io.skein.proxy.receipt.ReceiptRing;
import io.skein.proxy.web.Compression;
import io.skein.proxy.web.Cors;
import io.skein.proxy.web.Web;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an event loop lends to requests, and what they leave behind in it.
@Tag("net")
class LentIT {
  private static final String SECRET = "s3cret";

  // Chunks, so that trailers are possible; all of it says the secret.
  private static final String ANSWER =
      "HTTP/1.1 200 s3cret\r\nX-Said: s3cret\r\nSet-Cookie: s3cret=s3cret\r\n"
          + "Connection: X-s3cret\r\nX-s3cret: s3cret\r\nTrailer: X-Late\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n6\r\ns3cret\r\n0\r\nX-Late: s3cret\r\n\r\n";

  private static final Web CORS =
      new Web(
          new Cors(
              List.of("https://*.shop.example"), List.of("PUT"), List.of(), List.of(), true, 600),
          Compression.OFF);

  /// Numbers of the latest request, which the next one sets before they are read; and what kind of
  /// field stood in a place that is free.
  private static final Set<String> SET_ANEW =
      Set.of("bytesIn", "bytesOut", "idHigh", "idLow", "kinds");

  private static Worker worker(Rig rig) throws ReflectiveOperationException {
    Field workers = ProxyServer.class.getDeclaredField("workers");
    workers.setAccessible(true);
    return (Worker) ((Map<?, ?>) workers.get(rig.proxy)).values().iterator().next();
  }

  private static <T> T onLoop(Worker worker, Callable<T> question) throws Exception {
    return worker.loop.submit(question).get(20, TimeUnit.SECONDS);
  }

  /// How many wait for their next use.
  static int spare(Rig rig) throws Exception {
    Worker worker = worker(rig);
    return onLoop(worker, worker.downstreams::spare);
  }

  private static Http1Downstream theSpareOne(Rig rig) throws Exception {
    Worker worker = worker(rig);
    return onLoop(
        worker,
        () -> {
          Field spare = Http1Downstreams.class.getDeclaredField("spare");
          spare.setAccessible(true);
          return (Http1Downstream) ((ArrayDeque<?>) spare.get(worker.downstreams)).getLast();
        });
  }

  private static void allGone(Rig rig) {
    Rig.until("no client is left", () -> rig.proxy.metrics().openConnections() == 0);
  }

  @Test
  void oneServesOneClientAfterTheOther() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint)) {
      try (Client first = rig.client()) {
        assertEquals("fine", first.get("/").body());
      }
      Http1Downstream lent = theSpareOne(rig);
      for (int i = 0; i < 20; i++) {
        try (Client client = rig.client()) {
          assertEquals("fine", client.get("/").body());
        }
      }
      assertSame(lent, theSpareOne(rig));
      assertEquals(1, spare(rig));
    }
  }

  @Test
  void clientsBetweenRequestsHoldNone() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        Client first = rig.client();
        Client second = rig.client()) {
      assertEquals("fine", first.get("/").body());
      assertEquals("fine", second.get("/").body());
      assertEquals("fine", first.get("/").body());
      assertEquals(2, rig.proxy.metrics().openConnections());
      assertEquals(1, spare(rig));
    }
  }

  @Test
  void whatAClientLeftInTheMidstOfIsNotUsedAgain() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.held("late", released);
        Rig rig = Rig.before(endpoint)) {
      try (Client client = rig.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Rig.until("it is there", () -> endpoint.heads.size() == 1);
      }
      allGone(rig);
      assertEquals(0, spare(rig));
      released.countDown();
    }
  }

  @Test
  void anAnswerThatBreaksOffLeavesNone() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((_, c) -> {
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all of it");
              c.socket().close();
            });
        Rig rig = Rig.before(endpoint)) {
      try (Client client = rig.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThrows(IOException.class, client::answer);
      }
      allGone(rig);
      assertEquals(0, spare(rig));
    }
  }

  @Test
  void whatBelongsToNobodyFailsWhenItIsCalled() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      assertEquals("fine", client.get("/").body());
      Http1Downstream lent = theSpareOne(rig);
      assertThrows(IllegalStateException.class, lent::origin);
      assertThrows(IllegalStateException.class, lent::abort);
      assertThrows(IllegalStateException.class, () -> lent.ended(true));
    }
  }

  @Test
  void noneOutlivesTheLimitsItWasMadeUnder() throws Exception {
    try (Endpoint endpoint = Endpoint.named("fine");
        Rig rig = Rig.before(endpoint);
        Client client = rig.client()) {
      assertEquals("fine", client.get("/").body());
      Http1Downstream before = theSpareOne(rig);
      rig.proxy.limit(ProxyConfig.DEFAULT.withMaxBodyBytes(1_000));
      assertEquals("fine", client.get("/").body());
      assertNotSame(before, theSpareOne(rig));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /s3cret?s3cret HTTP/1.1\r\nHost: s3cret.example\r\nCookie: s3cret=s3cret\r\n"
            + "User-Agent: s3cret\r\nAuthorization: s3cret\r\nX-Forwarded-For: s3cret\r\n"
            + "Forwarded: for=s3cret\r\nVia: s3cret\r\nSkein-Endpoint: s3cret\r\n"
            + "Skein-Service: s3cret\r\nSkein-Priority: s3cret\r\nSkein-Debug: s3cret\r\n"
            + "Connection: X-s3cret\r\nX-s3cret: s3cret\r\nTE: trailers\r\n\r\n",
        "GET /s3cret HTTP/1.1\r\nHost: s3cret\r\nX-Plain: s3cret\r\n\r\n",
        "GET http://s3cret/s3cret HTTP/1.0\r\nConnection: s3cret\r\n\r\n",
        "HEAD /s3cret HTTP/1.1\r\nHost: s3cret\r\nConnection: close\r\n\r\n",
        "POST /s3cret HTTP/1.1\r\nHost: s3cret\r\nContent-Length: 6\r\n\r\ns3cret",
        "PUT /s3cret HTTP/1.1\r\nHost: s3cret\r\nTransfer-Encoding: chunked\r\n"
            + "Trailer: X-s3cret\r\n\r\n6\r\ns3cret\r\n0\r\nX-s3cret: s3cret\r\n\r\n",
        "OPTIONS /s3cret HTTP/1.1\r\nHost: s3cret\r\nOrigin: https://s3cret.shop.example\r\n"
            + "Access-Control-Request-Method: PUT\r\n\r\n",
        "GET /s3cret HTTP/1.1\r\nHost: s3cret s3cret\r\nConnection: X-s3cret\r\n\r\n",
        "GET /s3cret HTTP/1.1\r\nHost: s3cret\r\nUpgrade: s3cret\r\nConnection: upgrade\r\n\r\n",
        "POST /s3cret HTTP/1.1\r\nHost: s3cret\r\nExpect: s3cret\r\nContent-Length: 6\r\n\r\n"
      })
  void nothingOfARequestOrItsAnswerIsLeftForTheNext(String request) throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.startsWith("POST")) {
                c.read(6);
              } else if (head.startsWith("PUT")) {
                c.readUntil("\r\n0\r\n");
                c.readUntil("\r\n\r\n");
              }
              c.send(head.startsWith("GET /plain ") ? Endpoint.ok("plain") : answer(head));
            });
        Rig rig = Rig.before(endpoint).with(CORS)) {
      try (Client client = rig.client()) {
        assertEquals("plain", client.get("/plain").body());
      }
      SortedMap<String, String> before = left(rig);
      try (Client client = rig.client()) {
        client.send(request).answer(request.startsWith("HEAD"));
      }
      allGone(rig);
      assertEquals(1, spare(rig));
      SortedMap<String, String> after = left(rig);
      after.forEach((path, value) -> assertFalse(value.contains(SECRET), path + ": " + value));
      after.entrySet().removeAll(before.entrySet());
      assertEquals(Map.of(), after);
    }
  }

  private static String answer(String head) {
    return head.startsWith("HEAD") ? ANSWER.substring(0, ANSWER.indexOf("6\r\n")) : ANSWER;
  }

  /// What can be reached from what waits for its next use, as text by the way to it, but for what a
  /// whole event loop has together, and times.
  private static SortedMap<String, String> left(Rig rig) throws Exception {
    Worker worker = worker(rig);
    return onLoop(
        worker,
        () -> {
          SortedMap<String, String> left = new TreeMap<>();
          look(worker.downstreams, "", Collections.newSetFromMap(new IdentityHashMap<>()), left);
          return left;
        });
  }

  private static void look(
      @Nullable Object at, String path, Set<Object> seen, SortedMap<String, String> left)
      throws IllegalAccessException {
    if (at == null
        || at instanceof Worker
        || at instanceof Plane
        || at instanceof ProxyConfig
        || at instanceof ServiceMetrics
        || at instanceof ReceiptRing) {
      return;
    }
    if (at instanceof CharSequence || at instanceof Enum<?> || isPlain(at)) {
      left.put(path, at.toString().toLowerCase(Locale.ROOT));
    } else if (at instanceof byte[] bytes) {
      left.put(path, new String(bytes, StandardCharsets.ISO_8859_1));
    } else if (!seen.add(at)) {
      return;
    } else if (at instanceof ByteBuf || at instanceof Http1Server) {
      left.put(path, at.toString());
    } else if (at instanceof Object[] all) {
      for (int i = 0; i < all.length; i++) {
        look(all[i], path + "[" + i + "]", seen, left);
      }
    } else if (at instanceof Collection<?> all) {
      look(all.toArray(), path, seen, left);
    } else if (!at.getClass().isHidden()) {
      for (Class<?> type = at.getClass(); isOurs(type); type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (!isTime(field)
              && !SET_ANEW.contains(field.getName())
              && !Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            look(field.get(at), path + "." + field.getName(), seen, left);
          }
        }
      }
    }
  }

  private static boolean isPlain(Object at) {
    return at instanceof Boolean || at instanceof Integer || at instanceof Long;
  }

  private static boolean isTime(Field field) {
    return field.getName().endsWith("Nanos");
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("io.skein.proxy.");
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.route.Target;
import io.skein.proxy.route.Timeouts;
import io.skein.routing.overload.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A connection to a peer costs a handshake: requests that come to nothing do not cost connections.
@Tag("net")
class PeerConnectionIT {
  private static final String HELD = "/held";

  private final Semaphore answers = new Semaphore(0);

  /// Holds what asks for [#HELD] until it may answer.
  private Endpoint holding(String heldAnswer) throws IOException {
    return new Endpoint((head, c) -> {
      if (head.contains(" " + HELD)) {
        answers.acquireUninterruptibly();
        c.send(heldAnswer);
      } else {
        c.send(Endpoint.ok("next"));
      }
    });
  }

  /// A node that may have one connection to its peer at a time.
  private static Rig withOneConnection() {
    ProxyConfig usual = ProxyConfig.DEFAULT;
    return new Rig(
        new ProxyConfig(
            usual.maxLineBytes(),
            usual.maxHeaderBytes(),
            usual.maxBodyBytes(),
            usual.maxReplayBytes(),
            usual.maxConnections(),
            1,
            1,
            usual.headerTimeout(),
            usual.keepAliveIdle(),
            usual.clientIdle(),
            usual.poolIdle(),
            usual.guards(),
            usual.http2()),
        AccessLog.off());
  }

  private static void forward(Rig from, Timeouts timeouts, Rig to) throws Exception {
    int mesh = MeshIT.listen(to, MeshIT.US);
    MeshIT.listen(from, MeshIT.EU);
    from.serve(timeouts, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", mesh));
  }

  /// A client asks and leaves without an answer.
  private static void askAndLeave(Rig rig, Endpoint endpoint, String method) throws IOException {
    int seen = endpoint.heads.size();
    int ended = rig.outcomes.size();
    try (Client leaving = rig.client()) {
      leaving.send(method + " " + HELD + " HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.until("the request arrived", () -> endpoint.heads.size() == seen + 1);
    }
    Rig.until("the request is given up", () -> rig.outcomes.size() == ended + 1);
    assertEquals(OutcomeKind.CLIENT_GONE, rig.outcomes.getLast().kind());
  }

  private static boolean serves(Rig rig) {
    try (Client client = rig.client()) {
      return client.get("/").body().equals("next");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void servesOthersAfterClientsThatLeft() throws Exception {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
    try (Endpoint endpoint = holding(early + Endpoint.ok("late"));
        Rig us = Rig.before(endpoint);
        Rig eu = withOneConnection()) {
      forward(eu, Rig.PATIENT, us);
      for (int i = 0; i < 5; i++) {
        askAndLeave(eu, endpoint, "GET");
        answers.release();
        Rig.until("others are served", () -> serves(eu));
      }
      assertEquals(1, eu.proxy.metrics().upstreamConnections());
    }
  }

  @Test
  void servesOthersAfterRequestsThatTookTooLong() throws Exception {
    Timeouts short1 =
        Timeouts.of(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(60));
    try (Endpoint endpoint = holding(Endpoint.ok("late"));
        Rig us = Rig.before(endpoint);
        Rig eu = withOneConnection();
        Client client = eu.client()) {
      forward(eu, short1, us);
      client.send("POST " + HELD + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertEquals(504, client.answer().status());
      answers.release();
      Rig.until("others are served", () -> serves(eu));
      assertEquals(1, eu.proxy.metrics().upstreamConnections());
    }
  }

  @Test
  void waitsForNoAnswerForEver() throws Exception {
    try (Endpoint endpoint = holding("");
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig()) {
      forward(eu, Rig.PATIENT, us);
      askAndLeave(eu, endpoint, "GET");
      Rig.until("it is closed", () -> eu.proxy.metrics().openUpstreamConnections() == 0);
      Rig.until("the peer gives up too", () -> !us.outcomes.isEmpty());
      assertEquals(OutcomeKind.CLIENT_GONE, us.outcomes.getLast().kind());
    } finally {
      answers.release();
    }
  }

  @Test
  void closesOnAnswersThatAreLongOrMayHaveNoBody() throws Exception {
    try (Endpoint endpoint = holding(Endpoint.ok("x".repeat(Upstream.MOST_DISCARDED + 1)));
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig()) {
      forward(eu, Rig.PATIENT, us);
      askAndLeave(eu, endpoint, "HEAD");
      Rig.until("it is closed", () -> eu.proxy.metrics().openUpstreamConnections() == 0);
      answers.release();
      askAndLeave(eu, endpoint, "GET");
      answers.release();
      Rig.until("it is closed", () -> eu.proxy.metrics().openUpstreamConnections() == 0);
      assertTrue(serves(eu));
    }
  }

  @Test
  void outlivesAnOverload() throws Exception {
    try (Endpoint endpoint = Endpoint.named("next");
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig();
        Client client = eu.client()) {
      forward(eu, Rig.PATIENT, us);
      us.proxy.overload(Step.NO_KEEP_ALIVE);
      for (int i = 0; i < 5; i++) {
        assertEquals("next", client.get("/").body());
      }
      assertEquals(1, eu.proxy.metrics().upstreamConnections());
    }
  }

  @Test
  void isMadeForTwoAtATime() throws Exception {
    List<Client> clients = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Rig eu = new Rig()) {
      MeshIT.listen(eu, MeshIT.EU);
      eu.serve(
          Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", deaf.getLocalPort()));
      for (int i = 0; i < 10; i++) {
        clients.add(eu.client().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
      }
      Rig.until("all wait", () -> eu.proxy.metrics().service("shop").inFlight() == 10);
      AtomicInteger dialled = new AtomicInteger();
      Thread.ofVirtual().start(() -> hangUp(deaf, dialled));
      for (Client client : clients) {
        assertEquals(502, client.answer().status());
      }
      assertEquals(2, dialled.get());
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  private static void hangUp(ServerSocket server, AtomicInteger calls) {
    try {
      while (true) {
        Socket called = server.accept();
        calls.incrementAndGet();
        called.close();
      }
    } catch (IOException e) {
      // closed
    }
  }

  @Test
  void serveAllWhoWaitForThem() throws Exception {
    List<Client> clients = new ArrayList<>();
    try (Endpoint endpoint = holding(Endpoint.ok("held"));
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig()) {
      forward(eu, Rig.PATIENT, us);
      for (int i = 0; i < 20; i++) {
        clients.add(eu.client().send("GET " + HELD + " HTTP/1.1\r\nHost: a\r\n\r\n"));
      }
      Rig.until("all have a connection", () -> endpoint.heads.size() == 20);
      answers.release(20);
      for (Client client : clients) {
        assertEquals("held", client.answer().body());
      }
      assertEquals(20, eu.proxy.metrics().upstreamConnections());
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  /// The way to a peer, on which connections wait until they are let through.
  private static final class Gate implements AutoCloseable {
    private final ServerSocket front = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Socket> waiting = new LinkedBlockingQueue<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final int to;

    Gate(int to) throws IOException {
      this.to = to;
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                waiting.add(front.accept());
              }
            } catch (IOException _) {
              // closed
            }
          });
    }

    void letOneThrough() throws IOException, InterruptedException {
      Socket near = waiting.take();
      Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
      open.addAll(List.of(near, far));
      pass(near, far);
      pass(far, near);
    }

    private static void pass(Socket from, Socket to) {
      Thread.ofVirtual()
          .start(() -> {
            try (from;
                to) {
              from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException _) {
              // closed
            }
          });
    }

    @Override
    public void close() throws IOException {
      front.close();
      for (Socket socket : open) {
        socket.close();
      }
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void areMadeAsManyAtATimeAsThereAre() throws Exception {
    int requests = 12;
    List<Client> clients = new ArrayList<>();
    try (Endpoint endpoint = holding(Endpoint.ok("held"));
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig();
        Gate gate = new Gate(MeshIT.listen(us, MeshIT.US))) {
      MeshIT.listen(eu, MeshIT.EU);
      eu.serve(
          Rig.PATIENT,
          Rig.FREE,
          new Target.PeerTarget("us", "127.0.0.1", gate.front.getLocalPort()));
      for (int i = 0; i < requests; i++) {
        clients.add(eu.client().send("GET " + HELD + " HTTP/1.1\r\nHost: a\r\n\r\n"));
      }
      for (int made = 0; made < requests; made++) {
        int atATime = Math.min(Math.max(2, made), requests - made);
        Rig.until(atATime + " are being made", () -> gate.waiting.size() == atATime);
        gate.letOneThrough();
        int sent = made + 1;
        Rig.until("its request arrived", () -> endpoint.heads.size() == sent);
      }
      answers.release(requests);
      for (Client client : clients) {
        assertEquals("held", client.answer().body());
      }
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }
}

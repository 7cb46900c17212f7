package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.proxy.http.MeshIT.Member;
import io.skein.proxy.http.MeshIT.Members;
import io.skein.proxy.route.RetryBudget;
import io.skein.proxy.route.Target.PeerTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A second connection to a peer, while the first is in use, resumes its session; it gets nowhere
/// if the peer is not trusted any more. Nobody looks after the connections that stand meanwhile.
@Tag("net")
class PeerResumptionIT {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final String HELD = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String FORWARDED =
      "GET / HTTP/1.1\r\nHost: a\r\nSkein-Service: shop\r\nSkein-Hops: 1\r\n\r\n";

  /// No second try.
  private static final RetryBudget ONCE =
      new RetryBudget() {
        @Override
        public void request(long nowNanos) {}

        @Override
        public boolean tryRetry(long nowNanos) {
          return false;
        }
      };

  private final Semaphore answers = new Semaphore(0);
  private final Members euTrust = new Members();
  private final Members usTrust = new Members();
  private Endpoint endpoint;
  private Rig eu;
  private Rig us;
  private Client holding;
  private Client client;
  private int mesh;

  @BeforeEach
  void nodes() throws Exception {
    endpoint =
        new Endpoint((head, c) -> {
          if (head.startsWith("GET /held")) {
            answers.acquireUninterruptibly();
          }
          c.send(Endpoint.ok("far"));
        });
    us = Rig.before(endpoint);
    mesh = Rig.await(us.proxy.listenMesh("127.0.0.1", 0, MeshIT.US.tls(usTrust), NEVER));
    eu = new Rig();
    dialAs(MeshIT.EU);
    forwardTo("us");
    holding = eu.client();
    client = eu.client();
  }

  @AfterEach
  void end() throws Exception {
    answers.release(100);
    holding.close();
    client.close();
    eu.close();
    us.close();
    endpoint.close();
  }

  private void dialAs(Member member) throws Exception {
    Rig.await(eu.proxy.listenMesh("127.0.0.1", 0, member.tls(euTrust), NEVER));
  }

  private void forwardTo(String nodeId) {
    eu.serve(Rig.PATIENT, ONCE, new PeerTarget(nodeId, "127.0.0.1", mesh));
  }

  /// Takes the one connection there is, which has left a ticket.
  private void hold() throws IOException {
    assertEquals("far", client.get("/").body());
    holding.send(HELD);
    Rig.until("it is held", () -> endpoint.heads.size() == 2);
  }

  private void assertShaken(int dials, int handshakes) {
    assertEquals(dials, euTrust.dials.get(), "the dialling node asked its trust manager");
    assertEquals(handshakes, usTrust.handshakes.get(), "the listening node asked it");
  }

  @Test
  void resumesTheSessionOfAConnectionInUse() throws Exception {
    hold();
    assertEquals("far", client.get("/").body());
    assertEquals(2, eu.proxy.metrics().upstreamConnections());
    assertShaken(1, 1);
  }

  @Test
  void sendsNothingToAPeerThatWasRevokedSince() throws Exception {
    hold();
    euTrust.members = Set.of(MeshIT.EU.bundle().getCertificate());
    assertEquals(502, client.get("/").status());
    assertShaken(1, 1);
    assertEquals(2, endpoint.heads.size());
    euTrust.members = usTrust.members;
    assertEquals("far", client.get("/").body());
    assertShaken(2, 2);
  }

  @Test
  void takesNothingFromAPeerThatWasRevokedSince() throws Exception {
    hold();
    usTrust.members = Set.of(MeshIT.US.bundle().getCertificate());
    assertEquals(502, client.get("/").status());
    assertShaken(1, 1);
    assertEquals(2, endpoint.heads.size());
  }

  @Test
  void takesNothingFromARevokedPeerThatOffersATunnelAndSendsAtOnce() throws Exception {
    AtomicInteger tunnels = new AtomicInteger();
    us.proxy.tunnels((channel, _) -> {
      tunnels.incrementAndGet();
      channel.close();
    });
    try (Client leaving = us.client()) {
      assertEquals("far", leaving.get("/").body(), "a connection to the endpoint waits");
    }
    PeerClientTls tls = PeerClientTls.forTunnels(MeshIT.EU.tls(euTrust));
    sendAtOnce(tls);
    assertEquals(1, tunnels.get());
    usTrust.members = Set.of();
    sendAtOnce(tls);
    assertShaken(1, 1);
    assertEquals(1, tunnels.get());
    assertEquals(1, us.proxy.metrics().service("shop").requests());
  }

  private void sendAtOnce(PeerClientTls tls) throws IOException {
    PeerTarget peer = new PeerTarget("us", "127.0.0.1", mesh);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), mesh)) {
      socket.setSoTimeout(20_000);
      SSLEngine engine = tls.engine(peer);
      Shaking.handsAndRequest(engine, socket, FORWARDED);
    }
  }

  @Test
  void resumesNothingWithAnotherIdentityAtTheSameAddress() throws Exception {
    assertEquals("far", client.get("/").body());
    us.close();
    Member refounded = Member.named("us2");
    try (Endpoint other = Endpoint.named("other")) {
      us = Rig.before(other);
      euTrust.members =
          Set.of(MeshIT.EU.bundle().getCertificate(), refounded.bundle().getCertificate());
      Rig.await(us.proxy.listenMesh("127.0.0.1", mesh, refounded.tls(new Members()), NEVER));
      assertEquals(502, client.get("/").status());
      assertEquals(0, other.heads.size());
      forwardTo("us2");
      assertEquals("other", client.get("/").body());
      assertEquals(3, euTrust.dials.get(), "each time it was shown a certificate");
    }
  }

  @Test
  void aRotatedNodeResumesNothingOfItsOldIdentity() throws Exception {
    hold();
    Member successor = Member.named("eu");
    usTrust.members = Set.of(successor.bundle().getCertificate());
    dialAs(successor);
    assertEquals("far", client.get("/").body());
    assertShaken(2, 2);
  }
}

package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.route.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("net")
class MeshIT {
  private static final String FORWARDED =
      "GET / HTTP/1.1\r\nHost: a\r\nSkein-Service: shop\r\nSkein-Hops: 1\r\n\r\n";
  static final Member EU = Member.named("eu");
  static final Member US = Member.named("us");
  private static final Member STRANGER = Member.named("stranger");

  /// A node with a self-signed Ed25519 certificate.
  record Member(String name, X509Bundle bundle) {
    static Member named(String name) {
      try {
        return new Member(
            name,
            new CertificateBuilder()
                .algorithm(Algorithm.ed25519)
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    X509KeyManager keys() throws Exception {
      KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
      factory.init(bundle.toKeyStore("x".toCharArray()), "x".toCharArray());
      return (X509KeyManager) factory.getKeyManagers()[0];
    }

    MeshTls tls() throws Exception {
      return tls(new Members());
    }

    MeshTls tls(Members trust) throws Exception {
      return new MeshTls(
          keys(),
          trust,
          (certificate, nodeId) ->
              certificate.getSubjectX500Principal().getName().equals("CN=" + nodeId));
    }
  }

  /// Trusts `eu` and `us` until they are revoked; counts the handshakes that ask.
  static final class Members extends X509ExtendedTrustManager {
    /// Of those who listen.
    final AtomicInteger handshakes = new AtomicInteger();

    /// Of those who dial.
    final AtomicInteger dials = new AtomicInteger();

    volatile Set<X509Certificate> members =
        Set.of(EU.bundle().getCertificate(), US.bundle().getCertificate());

    private void check(X509Certificate[] chain) throws CertificateException {
      if (!members.contains(chain[0])) {
        throw new CertificateException("not a member");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      handshakes.incrementAndGet();
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      dials.incrementAndGet();
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  static int listen(Rig rig, Member member) throws Exception {
    return Rig.await(rig.proxy.listenMesh("127.0.0.1", 0, member.tls()));
  }

  private static SSLContext context(KeyManager... keys) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, new TrustManager[] {new Members()}, null);
    return context;
  }

  private static Client dial(int port, KeyManager... keys) throws Exception {
    return dial(port, context(keys));
  }

  private static Client dial(int port, SSLContext context) throws Exception {
    return new Client(
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
  }

  @Test
  void forwardsToAPeerThatNamesTheEndpoint() throws Exception {
    try (Endpoint endpoint =
            new Endpoint(
                (head, c) -> c.send(Endpoint.ok(head.startsWith("POST") ? c.read(3) : "far")));
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig();
        Client client = eu.client()) {
      int mesh = listen(us, US);
      listen(eu, EU);
      eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", mesh));
      Client.Answer answer =
          client.send("GET /p HTTP/1.1\r\nHost: shop.example\r\nSkein-Hops: 0\r\n\r\n").answer();
      assertEquals("far", answer.body());
      assertFalse(answer.head().toLowerCase(Locale.ROOT).contains("skein-"), answer.head());
      for (int i = 0; i < 20; i++) {
        assertEquals(
            "abc",
            client
                .send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
                .answer()
                .body());
      }
      Client.Answer seen = new Client.Answer(0, endpoint.heads.getFirst(), "");
      assertEquals("shop.example", seen.field("host"));
      assertEquals("127.0.0.1", seen.field("x-forwarded-for"));
      assertEquals("1.1 skein, 1.1 skein", seen.field("via"));
      assertFalse(seen.head().toLowerCase(Locale.ROOT).contains("skein-"), seen.head());
      assertEquals(new Rig.Outcome("p0", "e0", OutcomeKind.OK, 200), eu.outcomes.getFirst());
      assertEquals(1, eu.proxy.metrics().upstreamConnections());
    }
  }

  @Test
  void triesElsewhereWhenAPeerRefusedBeforeAnyEndpointSawTheRequest() throws Exception {
    try (Endpoint endpoint = new Endpoint((_, c) -> c.send(Endpoint.ok(c.read(3))));
        Rig us = new Rig();
        Rig eu = new Rig();
        Client client = eu.client()) {
      int mesh = listen(us, US);
      listen(eu, EU);
      eu.serve(
          Rig.PATIENT,
          Rig.FREE,
          new Target.PeerTarget("us", "127.0.0.1", mesh),
          new Target.EndpointTarget("127.0.0.1", endpoint.port()));
      String post = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
      assertEquals("abc", client.send(post).answer().body());
      us.serve(Rig.PATIENT, Rig.FREE);
      assertEquals("abc", client.send(post).answer().body());
      assertEquals("abc", client.send(post).answer().body());
      assertEquals(404, eu.outcomes.getFirst().status());
      assertTrue(eu.outcomes.stream().anyMatch(o -> o.status() == 503), eu.outcomes::toString);
    }
  }

  @Test
  void remembersThatAPeerTookNoConnection() throws Exception {
    try (Endpoint endpoint = Endpoint.named("near");
        Socket held = new Socket();
        Rig eu = new Rig();
        Client client = eu.client()) {
      // Bound and not listening: nobody else is given the port meanwhile.
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listen(eu, EU);
      eu.serve(
          Rig.PATIENT,
          Rig.FREE,
          new Target.PeerTarget("us", "127.0.0.1", held.getLocalPort()),
          new Target.EndpointTarget("127.0.0.1", endpoint.port()));
      long begun = System.nanoTime();
      assertEquals("near", client.get("/").body());
      assertEquals(OutcomeKind.CONNECT_FAILED, eu.outcomes.getFirst().kind());
      assertTrue(eu.candidates.getFirst().load().isUnreached(begun));
      assertFalse(eu.candidates.getLast().load().isUnreached(begun));
    }
  }

  @Test
  void passesAWebSocketOnToAPeer() throws Exception {
    try (Endpoint echo = WebSocketIT.echo();
        Rig us = Rig.before(echo);
        Rig eu = new Rig();
        WebSocketIT.Hasty http = new WebSocketIT.Hasty()) {
      int mesh = listen(us, US);
      listen(eu, EU);
      eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", mesh));
      WebSocketIT.Heard heard = new WebSocketIT.Heard();
      java.net.http.WebSocket socket = WebSocketIT.open(http, eu.port, heard);
      socket.sendText("far", true).get(20, TimeUnit.SECONDS);
      assertEquals("far", heard.message.get(20, TimeUnit.SECONDS));
      socket.sendClose(1000, "").get(20, TimeUnit.SECONDS);
      assertEquals(1000, heard.closed.get(20, TimeUnit.SECONDS));
      assertEquals(new Rig.Outcome("p0", "e0", OutcomeKind.OK, 101), eu.outcomes.getFirst());
      Rig.until("it is over", () -> eu.proxy.metrics().openUpstreamConnections() == 0);
    }
  }

  @Test
  void neverForwardsTwice() throws Exception {
    try (Endpoint endpoint = Endpoint.named("never reached");
        Rig eu = Rig.before(endpoint);
        Rig us = new Rig();
        Client client = eu.client()) {
      int euMesh = listen(eu, EU);
      int usMesh = listen(us, US);
      us.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("eu", "127.0.0.1", euMesh));
      eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", usMesh));
      Client.Answer answer = client.get("/");
      assertEquals(503, answer.status());
      assertTrue(answer.body().contains("all_set_aside"), answer.body());
      assertEquals(0, endpoint.heads.size());
      assertEquals(0, us.proxy.metrics().upstreamConnections());
      assertEquals(1, us.proxy.metrics().service("shop").requests());
    }
  }

  @Test
  void neverForwardsTwiceEvenIfThePolicyWould() throws Exception {
    try (Rig eu = new Rig();
        Rig us = new Rig();
        Client client = eu.client()) {
      int euMesh = listen(eu, EU);
      int usMesh = listen(us, US);
      us.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("eu", "127.0.0.1", euMesh));
      eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", usMesh));
      us.ignoreMayForward();
      assertEquals(502, client.get("/").status());
      assertEquals(0, us.proxy.metrics().upstreamConnections());
    }
  }

  @Test
  void letsInOnlyMembersWhoNameAService() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig us = Rig.before(endpoint)) {
      int mesh = listen(us, US);
      try (Client member = dial(mesh, EU.keys())) {
        Client.Answer unnamed = member.get("/");
        assertEquals(400, unnamed.status());
      }
      try (Client member = dial(mesh, EU.keys())) {
        member.send("GET / HTTP/1.1\r\nHost: a\r\nSkein-Service: shop\r\nSkein-Hops: 1\r\n\r\n");
        assertEquals("e0", member.answer().field("skein-endpoint"));
        member.send("GET / HTTP/1.1\r\nHost: shop\r\nSkein-Service: unknown\r\n\r\n");
        assertEquals(404, member.answer().status());
      }
      try (Client stranger = dial(mesh, STRANGER.keys())) {
        assertThrows(IOException.class, () -> stranger.get("/"));
      }
      try (Client nobody = dial(mesh)) {
        assertThrows(IOException.class, () -> nobody.get("/"));
      }
      try (Client plain = new Client(mesh)) {
        plain.send("GET / HTTP/1.1\r\nHost: a\r\nSkein-Service: shop\r\n\r\n");
        assertFalse(plain.rest().contains("HTTP"));
      }
      assertEquals(1, endpoint.heads.size());
    }
  }

  @Test
  void dialsOnlyThePeerItMeans() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig();
        Client client = eu.client()) {
      int mesh = listen(us, US);
      listen(eu, EU);
      eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("ap", "127.0.0.1", mesh));
      Client.Answer answer = client.get("/");
      assertEquals(502, answer.status());
      assertEquals("connect_failed", answer.field("skein-reason"));
      try (Rig impostor = Rig.before(endpoint)) {
        int port = listen(impostor, STRANGER);
        eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("stranger", "127.0.0.1", port));
        assertEquals(502, client.get("/").status());
      }
      assertEquals(0, endpoint.heads.size());
    }
  }

  @Test
  void letsNoRevokedPeerResumeItsSession() throws Exception {
    try (Endpoint endpoint = Endpoint.named("x");
        Rig us = Rig.before(endpoint)) {
      Members members = new Members();
      int mesh = Rig.await(us.proxy.listenMesh("127.0.0.1", 0, US.tls(members)));
      SSLContext sessions = context(EU.keys());
      for (int i = 0; i < 2; i++) {
        try (Client member = dial(mesh, sessions)) {
          assertEquals("x", member.send(FORWARDED).answer().body());
        }
      }
      assertEquals(1, members.handshakes.get(), "the second session is resumed");
      members.members = Set.of();
      try (Client revoked = dial(mesh, sessions)) {
        assertThrows(IOException.class, () -> revoked.send(FORWARDED).answer());
      }
      assertEquals(1, members.handshakes.get(), "so is the third");
      assertEquals(2, endpoint.heads.size());
    }
  }

  @Test
  void cutsOffAPeerThatIsRevokedWhileConnected() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.startsWith("GET /slow")) {
                c.read(1);
              }
              c.send(Endpoint.ok("x"));
            });
        Rig us = Rig.before(endpoint)) {
      Members members = new Members();
      int mesh =
          Rig.await(us.proxy.listenMesh("127.0.0.1", 0, US.tls(members), Duration.ofMillis(100)));
      try (Client idle = dial(mesh, EU.keys());
          Client busy = dial(mesh, EU.keys())) {
        assertEquals("x", idle.send(FORWARDED).answer().body());
        busy.send(FORWARDED.replace("GET /", "GET /slow"));
        Rig.until("the request arrived", () -> endpoint.heads.size() == 2);
        members.members = Set.of();
        assertTrue(idle.atEnd());
        assertTrue(busy.atEnd());
        Rig.until("the try is given up", () -> us.outcomes.size() == 2);
        assertEquals(OutcomeKind.CLIENT_GONE, us.outcomes.getLast().kind());
      }
    }
  }

  @Test
  void cutsOffAPeerItDialledWhenThatIsRevoked() throws Exception {
    try (Endpoint endpoint =
            new Endpoint((head, c) -> {
              if (head.startsWith("GET /slow")) {
                c.read(1);
              }
              c.send(Endpoint.ok("x"));
            });
        Rig us = Rig.before(endpoint);
        Rig eu = new Rig();
        Client client = eu.client();
        Client busy = eu.client()) {
      int mesh = listen(us, US);
      Members members = new Members();
      int _ =
          Rig.await(eu.proxy.listenMesh("127.0.0.1", 0, EU.tls(members), Duration.ofMillis(100)));
      eu.serve(Rig.PATIENT, Rig.FREE, new Target.PeerTarget("us", "127.0.0.1", mesh));
      busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      Rig.until("the request arrived", () -> endpoint.heads.size() == 1);
      assertEquals("x", client.get("/").body());
      assertEquals(2, eu.proxy.metrics().openUpstreamConnections());
      members.members = Set.of();
      Rig.until(
          "both are closed, idle or not", () -> eu.proxy.metrics().openUpstreamConnections() == 0);
      assertTrue(busy.answer().status() >= 500);
    }
  }
}

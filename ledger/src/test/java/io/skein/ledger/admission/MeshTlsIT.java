package io.skein.ledger.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.admission.Refusal.Side;
import io.skein.ledger.admission.Verdict.Reason;
import io.skein.ledger.fuzz.Seeds;
import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.key.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Handshakes over loopback sockets between a member, whose listener is watched, and all kinds of
/// callers.
@Tag("net")
final class MeshTlsIT {
  private static final long NOW_MILLIS = 50_000;
  private static final Function<Credential, Verdict> TRUSTING = Verdict.Pending::new;

  private final Scene scene = new Scene(1);
  private final SigningKey invite = scene.invite(scene.founder, 1, 8, Scene.FOREVER);
  private final List<Refusal> refusals = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void aJoinerWithAGoodTokenGetsIn() throws Exception {
    SigningKey joiner = scene.key();
    JoinToken token =
        new JoinToken(
            scene.meshId, invite.seed(), scene.founder.nodeId(), Scene.FOREVER * 1_000, "mesh");
    Credential claim = token.credential(joiner.publicKey(), "joiner");
    assertEquals(
        "hello", call(context(joiner, claim, it -> Verdict.provisional(scene.meshId, it))));
    scene.join(joiner, 2, invite);
    assertEquals("hello", call(context(joiner, claim, checker())));
    assertEquals(List.of(), refusals);
  }

  @Test
  void aWrongTokenIsRefused() throws Exception {
    SigningKey joiner = scene.key();
    assertRefused(Reason.UNKNOWN_INVITE, joiner, scene.credential(joiner, scene.key()));
  }

  @Test
  void aForgedProofIsRefused() throws Exception {
    SigningKey joiner = scene.key();
    InviteProof forged = new InviteProof(invite.publicKey(), new byte[64]);
    assertRefused(
        Reason.BAD_PROOF,
        joiner,
        Credential.ofJoiner(joiner.publicKey(), scene.meshId, forged, "n"));
  }

  @Test
  void anExpiredInviteIsRefused() throws Exception {
    SigningKey joiner = scene.key();
    SigningKey expired = scene.invite(scene.founder, 1, 8, 49);
    assertRefused(Reason.INVITE_EXPIRED, joiner, scene.credential(joiner, expired));
  }

  @Test
  void aUsedUpInviteIsRefused() throws Exception {
    SigningKey once = scene.invite(scene.founder, 1, 1, Scene.FOREVER);
    SigningKey first = scene.key();
    SigningKey second = scene.key();
    scene.join(first, 2, once);
    assertRefused(Reason.INVITE_USED_UP, second, scene.credential(second, once));
    assertEquals("hello", call(context(first, scene.credential(first, once), TRUSTING)));
  }

  @Test
  void aNodeOfAnotherMeshIsRefused() throws Exception {
    Scene other = new Scene(2);
    assertRefused(
        Reason.OTHER_MESH,
        other.founder,
        Credential.ofFounder(other.founder.publicKey(), other.meshId, "other"));
  }

  @Test
  void aRevokedNodeIsRefused() throws Exception {
    SigningKey joiner = scene.key();
    scene.join(joiner, 2, invite);
    scene.revoke(scene.founder, 3, joiner);
    assertRefused(Reason.REVOKED, joiner, scene.credential(joiner, invite));
  }

  @Test
  void aCertificateThatNoNodeMakesIsRefused() throws Exception {
    SigningKey joiner = scene.key();
    X509Certificate certificate =
        MeshCertificate.issue(
            joiner, new byte[] {1}, BigInteger.ONE, Instant.EPOCH, Instant.ofEpochSecond(1));
    MeshTls tls = new MeshTls(joiner, certificate, new MeshTrust(TRUSTING, _ -> {}));
    assertRefused(Reason.NOT_A_NODE_CERTIFICATE, tls.context());
  }

  @Test
  void aChainOfCertificatesIsRefused() {
    SigningKey key = scene.key();
    X509Certificate one =
        scene
            .credential(key, invite)
            .certificate(key, BigInteger.ONE, Instant.EPOCH, Instant.ofEpochSecond(1));
    MeshTrust trust = new MeshTrust(TRUSTING, refusals::add);
    X509Certificate[] two = {one, one};
    assertThrows(CertificateException.class, () -> trust.checkClientTrusted(two, "UNKNOWN"));
    assertEquals(Reason.NOT_A_NODE_CERTIFICATE, refusals.getFirst().reason());
  }

  @Test
  void theConnectingSideRefusesToo() throws Exception {
    Scene other = new Scene(2);
    List<Refusal> atClient = new CopyOnWriteArrayList<>();
    SigningKey joiner = other.key();
    Credential claim = other.credential(joiner, other.key());
    MeshTls tls =
        tls(
            joiner,
            claim,
            new MeshTrust(it -> Verdict.provisional(other.meshId, it), atClient::add));
    try (SSLServerSocket server = listen()) {
      Future<String> served = threads.submit(() -> serve(server));
      int port = server.getLocalPort();
      SSLException atCaller =
          assertInstanceOf(
              SSLException.class, failure(threads.submit(() -> say(tls.context(), port))));
      assertTrue(String.valueOf(atCaller.getMessage()).contains("belongs to mesh"));
      assertToldOfRefusal(failure(served));
    }
    assertEquals(1, atClient.size());
    assertEquals(Side.CLIENT, atClient.getFirst().side());
    assertEquals(Reason.OTHER_MESH, atClient.getFirst().reason());
    assertTrue(atClient.getFirst().peerAddress().isPresent());
  }

  /// A resumed session would let it in: certificates are then not looked at.
  @Test
  void aNodeRevokedAfterItConnectedIsRefusedTheNextTime() throws Exception {
    SigningKey joiner = scene.key();
    scene.join(joiner, 2, invite);
    AtomicReference<RosterSnapshot> roster = new AtomicReference<>(scene.roster().snapshot());
    MeshTrust trust = new MeshTrust(claim -> roster.get().check(claim, NOW_MILLIS), refusals::add);
    SSLContext caller = context(joiner, scene.credential(joiner, invite), TRUSTING);
    try (SSLServerSocket server = listen(trust)) {
      int port = server.getLocalPort();
      Future<SSLSession> first = threads.submit(() -> session(server));
      assertEquals("heard", threads.submit(() -> say(caller, port)).get(20, TimeUnit.SECONDS));
      SSLSession session = first.get(20, TimeUnit.SECONDS);
      assertInstanceOf(Verdict.Admitted.class, trust.verdict(session));
      scene.revoke(scene.founder, 3, joiner);
      roster.set(scene.roster().snapshot());
      var now = assertInstanceOf(Verdict.Refused.class, trust.verdict(session));
      assertEquals(Reason.REVOKED, now.reason());
      assertEquals(List.of(), refusals);

      Future<SSLSession> second = threads.submit(() -> session(server));
      Future<String> said = threads.submit(() -> say(caller, port));
      assertInstanceOf(SSLException.class, failure(second));
      assertInstanceOf(IOException.class, failure(said));
      assertEquals(Reason.REVOKED, refusals.getFirst().reason());
    }
  }

  @Test
  void aPlainTcpPeerIsRefused() throws Exception {
    try (SSLServerSocket server = listen()) {
      Future<String> served = threads.submit(() -> serve(server));
      try (Socket plain = new Socket()) {
        plain.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
        plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        SSLException failure = assertInstanceOf(SSLException.class, failure(served));
        assertEquals(
            "peer does not speak TLS: the mesh port takes mesh nodes only",
            MeshTls.explain(failure));
      }
    }
    assertEquals(List.of(), refusals);
  }

  /// The JDK's parser throws IndexOutOfBoundsException for an empty key: a handshake like any other
  /// that fails, and the listener hears the next caller.
  @Test
  void aCertificateThatBreaksTheParserIsRefused() throws Exception {
    SigningKey joiner = scene.key();
    X509Certificate sound =
        scene
            .credential(joiner, invite)
            .certificate(joiner, BigInteger.ONE, Instant.EPOCH, Instant.ofEpochSecond(1));
    byte[] broken = Objects.requireNonNull(Seeds.kept("certificate").get("found-empty-key"));
    assertThrows(
        IndexOutOfBoundsException.class,
        () ->
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(broken)));
    MeshTls hostile =
        new MeshTls(
            joiner, new ForeignCertificate(sound, broken), new MeshTrust(TRUSTING, _ -> {}));
    try (SSLServerSocket server = listen()) {
      Future<String> served = threads.submit(() -> serve(server));
      int port = server.getLocalPort();
      Future<String> said = threads.submit(() -> say(hostile.context(), port));
      assertInstanceOf(IOException.class, failure(served));
      assertInstanceOf(IOException.class, failure(said));
      Future<String> next = threads.submit(() -> serve(server));
      SSLContext caller = context(joiner, scene.credential(joiner, invite), TRUSTING);
      assertEquals("heard", threads.submit(() -> say(caller, port)).get(20, TimeUnit.SECONDS));
      assertEquals("hello", next.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aPeerWithoutACertificateIsRefused() throws Exception {
    SSLContext anonymous = SSLContext.getInstance("TLSv1.3");
    anonymous.init(null, new MeshTrust[] {new MeshTrust(TRUSTING, _ -> {})}, null);
    try (SSLServerSocket server = listen()) {
      Future<String> served = threads.submit(() -> serve(server));
      int port = server.getLocalPort();
      Future<String> said = threads.submit(() -> say(anonymous, port));
      SSLException failure = assertInstanceOf(SSLException.class, failure(served));
      assertEquals("peer connected without a node certificate", MeshTls.explain(failure));
      assertInstanceOf(IOException.class, failure(said));
    }
  }

  private void assertRefused(Reason reason, SigningKey key, Credential claim) throws Exception {
    assertRefused(reason, context(key, claim, TRUSTING));
    assertTrue(refusals.getFirst().sentence().contains(key.nodeId().toString()));
  }

  private void assertRefused(Reason reason, SSLContext caller) throws Exception {
    try (SSLServerSocket server = listen()) {
      Future<String> served = threads.submit(() -> serve(server));
      int port = server.getLocalPort();
      Future<String> said = threads.submit(() -> say(caller, port));
      assertInstanceOf(SSLException.class, failure(served));
      assertToldOfRefusal(failure(said));
    }
    assertEquals(1, refusals.size());
    Refusal refusal = refusals.getFirst();
    assertEquals(reason, refusal.reason());
    assertEquals(Side.SERVER, refusal.side());
    assertTrue(refusal.peerAddress().orElseThrow().contains("127.0.0.1"));
  }

  /// The refusing side may close before its alert is read: then there is no more to know.
  private static void assertToldOfRefusal(Throwable failure) {
    if (failure instanceof SSLException alert) {
      String sentence = MeshTls.explain(alert);
      assertTrue(sentence.contains("refused this node's certificate"), sentence);
    } else {
      assertInstanceOf(IOException.class, failure);
    }
  }

  private String call(SSLContext caller) throws Exception {
    try (SSLServerSocket server = listen()) {
      Future<String> served = threads.submit(() -> serve(server));
      int port = server.getLocalPort();
      assertEquals("heard", threads.submit(() -> say(caller, port)).get(20, TimeUnit.SECONDS));
      return served.get(20, TimeUnit.SECONDS);
    }
  }

  private static Throwable failure(Future<?> future) throws Exception {
    try {
      throw new AssertionError("went well: " + future.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  private SSLServerSocket listen() throws IOException {
    return listen(new MeshTrust(checker(), refusals::add));
  }

  private SSLServerSocket listen(MeshTrust trust) throws IOException {
    Credential claim = Credential.ofFounder(scene.founder.publicKey(), scene.meshId, "founder");
    MeshTls tls = tls(scene.founder, claim, trust);
    SSLServerSocket server =
        (SSLServerSocket)
            tls.context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    server.setSSLParameters(tls.parameters());
    return server;
  }

  private Function<Credential, Verdict> checker() {
    RosterSnapshot snapshot = scene.roster().snapshot();
    return claim -> snapshot.check(claim, NOW_MILLIS);
  }

  private static String serve(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      String heard = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
      socket.getOutputStream().write("heard".getBytes(StandardCharsets.US_ASCII));
      return heard;
    }
  }

  private static SSLSession session(SSLServerSocket server) throws IOException {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      socket.getInputStream().readNBytes(5);
      socket.getOutputStream().write("heard".getBytes(StandardCharsets.US_ASCII));
      return socket.getSession();
    }
  }

  private static String say(SSLContext context, int port) throws IOException {
    try (Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
    }
  }

  private static SSLContext context(
      SigningKey key, Credential claim, Function<Credential, Verdict> checker) {
    return tls(key, claim, new MeshTrust(checker, _ -> {})).context();
  }

  private static MeshTls tls(SigningKey key, Credential claim, MeshTrust trust) {
    X509Certificate certificate =
        claim.certificate(key, BigInteger.ONE, Instant.EPOCH, Instant.ofEpochSecond(1));
    return new MeshTls(key, certificate, trust);
  }
}

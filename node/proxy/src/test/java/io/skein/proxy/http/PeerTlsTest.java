package io.skein.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.proxy.http.MeshIT.Member;
import io.skein.proxy.http.MeshIT.Members;
import io.skein.proxy.route.Target.PeerTarget;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What resumed sessions between peers may do and what not, in memory. A side whose trust manager
/// is not asked resumes.
class PeerTlsTest {
  private static final PeerTarget US = new PeerTarget("us", "there", 7801);
  private static final PeerTarget EU = new PeerTarget("eu", "there", 7801);

  private final Members here = new Members();
  private final Members there = new Members();
  private PeerClientTls client;
  private PeerServerTls server;
  private long now;

  /// Both ends of one connection.
  private record Connection(SSLEngine client, SSLEngine server, PeerTrust trust) {}

  @BeforeEach
  void identities() throws Exception {
    client = PeerClientTls.forRequests(MeshIT.EU.tls(here));
    server = new PeerServerTls(MeshIT.US.tls(there), now);
  }

  private Connection connect(PeerTarget to) throws SSLException {
    SSLContext context = server.context(now);
    SSLEngine accepted = PeerServerTls.engine(context);
    SSLEngine dialled = client.engine(to);
    Shaking.hands(dialled, accepted);
    return new Connection(
        dialled,
        accepted,
        new PeerTrust(there, accepted, 1, nowNanos -> server.retire(context, nowNanos)));
  }

  private void assertShaken(int times) {
    assertEquals(times, here.dials.get(), "the dialling side's");
    assertEquals(times, there.handshakes.get(), "the listening side's");
  }

  @Test
  void speaksOneVersionAndTheCipherThatCostsLeast() throws Exception {
    SSLSession session = connect(US).server().getSession();
    assertEquals("TLSv1.3", session.getProtocol());
    assertEquals("TLS_AES_128_GCM_SHA256", session.getCipherSuite());
  }

  @Test
  void aTunnelIsAgreedOnAndNothingElse() throws Exception {
    assertEquals("", connect(US).server().getApplicationProtocol());
    client = PeerClientTls.forTunnels(MeshIT.EU.tls(here));
    Connection tunnel = connect(US);
    assertEquals(Tunnels.PROTOCOL, tunnel.client().getApplicationProtocol());
    assertEquals(Tunnels.PROTOCOL, tunnel.server().getApplicationProtocol());
    SSLEngine other = client.engine(US);
    SSLParameters parameters = other.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    other.setSSLParameters(parameters);
    SSLEngine accepted = PeerServerTls.engine(server.context(now));
    Shaking.hands(other, accepted);
    assertEquals("", other.getApplicationProtocol());
    assertEquals("", accepted.getApplicationProtocol());
  }

  @Test
  void resumesAndStillKnowsThePeer() throws Exception {
    X509Certificate[] first = chain(connect(US).client());
    for (int i = 0; i < 5; i++) {
      Connection resumed = connect(US);
      assertShaken(1);
      assertEquals(first[0], chain(resumed.client())[0]);
      assertEquals(MeshIT.EU.bundle().getCertificate(), chain(resumed.server())[0]);
      assertTrue(client.reached(resumed.client(), US));
      assertTrue(resumed.trust().holds(now));
    }
  }

  private static X509Certificate[] chain(SSLEngine engine) throws SSLException {
    return (X509Certificate[]) engine.getSession().getPeerCertificates();
  }

  @Test
  void resumesWithNobodyElseAtTheSameAddress() throws Exception {
    connect(US);
    Connection other = connect(EU);
    assertShaken(2);
    assertFalse(client.reached(other.client(), EU), "it is us");
    connect(EU);
    assertShaken(3);
    connect(US);
    assertShaken(3);
  }

  @Test
  void whoDialsTakesNoRevokedPeerThatResumes() throws Exception {
    connect(US);
    here.members = Set.of();
    Connection resumed = connect(US);
    assertShaken(1);
    assertFalse(client.reached(resumed.client(), US));
    assertThrows(SSLException.class, () -> connect(US), "nothing is left to resume");
  }

  @Test
  void whoListensTakesNoRevokedPeerThatResumes() throws Exception {
    connect(US);
    connect(US);
    Connection late = connect(US);
    there.members = Set.of();
    Connection resumed = connect(US);
    assertShaken(1);
    assertFalse(resumed.trust().holds(now));
    assertThrows(SSLException.class, () -> connect(US), "all sessions are void");
    SSLContext renewed = server.context(now);
    assertFalse(late.trust().holds(now));
    assertSame(renewed, server.context(now), "those after that stay");
  }

  @Test
  void aRevocationWhileConnectedEndsItsSessionsOnBothSides() throws Exception {
    Connection standing = connect(US);
    assertTrue(client.trusts(standing.client()));
    here.members = Set.of();
    assertFalse(client.trusts(standing.client()));
    here.members = there.members;
    connect(US);
    assertShaken(2);
    there.members = Set.of();
    assertFalse(standing.trust().holds(now));
    there.members = here.members;
    connect(US);
    assertShaken(3);
  }

  @Test
  void anotherIdentityOfThisNodeResumesNothing() throws Exception {
    connect(US);
    Member successor = Member.named("eu");
    client = PeerClientTls.forRequests(successor.tls(here));
    assertThrows(SSLException.class, () -> connect(US), "it shows its new certificate");
    there.members = Set.of(successor.bundle().getCertificate());
    assertTrue(connect(US).trust().holds(now));
  }

  @Test
  void keysAreProvedAnewEachDay() throws Exception {
    connect(US);
    SSLContext first = server.context(now);
    now += TimeUnit.HOURS.toNanos(24) - 1;
    connect(US);
    assertShaken(1);
    now++;
    connect(US);
    assertShaken(2);
    assertNotSame(first, server.context(now));
  }

  @Test
  void sessionsAreFewAndEnd() throws Exception {
    Connection some = connect(US);
    assertEquals(256, some.client().getSession().getSessionContext().getSessionCacheSize());
    int halfADay = (int) TimeUnit.HOURS.toSeconds(12);
    assertEquals(halfADay, some.client().getSession().getSessionContext().getSessionTimeout());
    assertEquals(halfADay, server.context(now).getServerSessionContext().getSessionTimeout());
    assertFalse(
        server.context(now).getServerSessionContext().getIds().hasMoreElements(),
        "they are in tickets");
  }
}

package io.skein.proxy.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.skein.proxy.http.MeshTls;
import io.skein.proxy.http.ProxyConfig;
import io.skein.proxy.http.ProxyServer;
import io.skein.proxy.log.AccessLog;
import io.skein.proxy.outcome.OutcomeKind;
import io.skein.proxy.outcome.Outcomes;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.receipt.ReceiptRings;
import io.skein.proxy.route.Target;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Connections whose endpoints another node reaches.
@Tag("net")
class TunnelIT {
  private static final X509Bundle EU = certificate("eu");
  private static final X509Bundle US = certificate("us");

  private static X509Bundle certificate(String name) {
    try {
      return new CertificateBuilder()
          .algorithm(Algorithm.ed25519)
          .subject("CN=" + name)
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Members extends X509ExtendedTrustManager {
    volatile Set<X509Certificate> members = Set.of(EU.getCertificate(), US.getCertificate());

    /// Handshakes that asked about who was dialled.
    final AtomicInteger dials = new AtomicInteger();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      if (!members.contains(chain[0])) {
        throw new CertificateException("not a member");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      dials.incrementAndGet();
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static MeshTls tls(X509Bundle own, Members trust) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(own.toKeyStore("x".toCharArray()), "x".toCharArray());
    return new MeshTls(
        (X509KeyManager) keys.getKeyManagers()[0],
        trust,
        (certificate, nodeId) ->
            certificate.getSubjectX500Principal().getName().equals("CN=" + nodeId));
  }

  /// Opens the forward listener of a node.
  private static int forward(TcpRig rig, X509Bundle own, Members trust) throws Exception {
    ProxyServer http =
        new ProxyServer(
            rig.vertx,
            ProxyConfig.DEFAULT,
            () -> rig.table,
            Outcomes.NONE,
            AccessLog.off(),
            ReceiptRings.off());
    http.tunnels(rig.server::tunnel);
    return TcpRig.await(http.listenMesh("127.0.0.1", 0, tls(own, trust)));
  }

  private static Target peer(String nodeId, int port) {
    return new Target.PeerTarget(nodeId, "127.0.0.1", port);
  }

  @Test
  void carriesBytesToAPeersEndpointAndBack() throws Exception {
    byte[] sent = new byte[4 << 20];
    new Random(3).nextBytes(sent);
    Members members = new Members();
    try (Peer echo = Peer.echo();
        TcpRig us = new TcpRig().serve("db", echo.target());
        TcpRig eu = new TcpRig()) {
      eu.server.dialPeersAs(tls(EU, members));
      eu.serve("db", peer("us", forward(us, US, members)));
      try (Socket socket = TcpRig.dial(eu.listen("db"))) {
        Thread sender =
            Thread.ofVirtual()
                .start(() -> {
                  try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        assertArrayEquals(sent, socket.getInputStream().readAllBytes());
        sender.join();
      }
      TcpRig.until(
          "both have counted",
          () -> eu.counters("db").count(Reason.OK) == 1 && us.counters("db").count(Reason.OK) == 1);
      assertEquals(sent.length, us.counters("db").receivedBytes());
      TcpRig.until("both lines", () -> eu.log.written() == 1 && us.log.written() == 1);
      assertTrue(eu.lines.toString().contains("\"skein.endpoint\":\"db0\""), eu.lines::toString);
      assertTrue(us.lines.toString().contains("\"client.address\":\"127.0.0.1\""));
    }
  }

  @Test
  void carriesWhatTheEndpointSaysFirst() throws Exception {
    Members members = new Members();
    try (Peer greeting =
            new Peer(socket -> {
              socket.getOutputStream().write("220 ready".getBytes("US-ASCII"));
              socket.getInputStream().read();
            });
        TcpRig us = new TcpRig().serve("db", greeting.target());
        TcpRig eu = new TcpRig()) {
      eu.server.dialPeersAs(tls(EU, members));
      eu.serve("db", peer("us", forward(us, US, members)));
      try (Socket socket = TcpRig.dial(eu.listen("db"))) {
        assertEquals("220 ready", new String(socket.getInputStream().readNBytes(9), "US-ASCII"));
      }
    }
  }

  @Test
  void triesElsewhereWhenThePeerReachesNobodyAndNeverGoesOnToAThird() throws Exception {
    Members members = new Members();
    try (Peer echo = Peer.echo();
        TcpRig us = new TcpRig();
        TcpRig eu = new TcpRig()) {
      us.server.dialPeersAs(tls(US, members));
      eu.server.dialPeersAs(tls(EU, members));
      int euForward = forward(eu, EU, members);
      us.serve("db", peer("eu", euForward));
      eu.serve("db", peer("us", forward(us, US, members)), echo.target());
      try (Socket socket = TcpRig.dial(eu.listen("db"))) {
        socket.getOutputStream().write('a');
        assertEquals('a', socket.getInputStream().read());
      }
      TcpRig.until(
          "counted",
          () ->
              eu.counters("db").count(Reason.RETRY_OK) == 1
                  || eu.counters("db").count(Reason.OK)
                          + eu.counters("db").count(Reason.CLIENT_GONE)
                      == 1);
      assertEquals(new TcpRig.Outcome("db0", OutcomeKind.CONNECT_FAILED), eu.outcomes.getFirst());
      assertEquals(0, us.metrics.upstreamConnections());
      assertEquals(1, echo.connections.get());
    }
  }

  @Test
  void dialsNobodyButTheNodeItMeant() throws Exception {
    Members members = new Members();
    try (Peer echo = Peer.echo();
        TcpRig us = new TcpRig().serve("db", echo.target());
        TcpRig eu = new TcpRig()) {
      eu.server.dialPeersAs(tls(EU, members));
      eu.serve("db", peer("ap", forward(us, US, members)));
      try (Socket socket = TcpRig.dial(eu.listen("db"))) {
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      assertEquals(0, echo.connections.get());
    }
  }

  @Test
  void passesOnAReset() throws Exception {
    Members members = new Members();
    List<String> ends = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    try (Peer endpoint =
            new Peer(socket -> {
              socket.getOutputStream().write('h');
              try {
                socket.getInputStream().readAllBytes();
                ends.add("end");
              } catch (SocketException e) {
                ends.add("reset");
              }
              done.countDown();
            });
        TcpRig us = new TcpRig().serve("db", endpoint.target());
        TcpRig eu = new TcpRig()) {
      eu.server.dialPeersAs(tls(EU, members));
      eu.serve("db", peer("us", forward(us, US, members)));
      Socket socket = TcpRig.dial(eu.listen("db"));
      assertEquals('h', socket.getInputStream().read());
      socket.setSoLinger(true, 0);
      socket.close();
      assertTrue(done.await(20, TimeUnit.SECONDS));
      assertEquals(List.of("reset"), ends);
    }
  }

  @Test
  void resumesWithAPeerAsLongAsItIsTrusted() throws Exception {
    Members members = new Members();
    try (Peer echo = Peer.echo();
        TcpRig us = new TcpRig().serve("db", echo.target());
        TcpRig eu = new TcpRig()) {
      eu.server.dialPeersAs(tls(EU, members), Duration.ofDays(1));
      eu.serve("db", peer("us", forward(us, US, new Members())));
      int port = eu.listen("db");
      for (int i = 0; i < 3; i++) {
        try (Socket socket = TcpRig.dial(port)) {
          socket.getOutputStream().write('a');
          assertEquals('a', socket.getInputStream().read());
        }
      }
      assertEquals(1, members.dials.get());
      members.members = Set.of();
      try (Socket socket = TcpRig.dial(port)) {
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      assertEquals(3, echo.connections.get());
    }
  }

  @Test
  void breaksOffWhenAPeerIsRevoked() throws Exception {
    Members members = new Members();
    try (Peer echo = Peer.echo();
        TcpRig us = new TcpRig().serve("db", echo.target());
        TcpRig eu = new TcpRig()) {
      eu.server.dialPeersAs(tls(EU, members), Duration.ofMillis(100));
      eu.serve("db", peer("us", forward(us, US, new Members())));
      try (Socket socket = TcpRig.dial(eu.listen("db"))) {
        socket.getOutputStream().write('a');
        assertEquals('a', socket.getInputStream().read());
        members.members = Set.of();
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
      }
      TcpRig.until("counted", () -> eu.counters("db").count(Reason.CUT) == 1);
    }
  }
}

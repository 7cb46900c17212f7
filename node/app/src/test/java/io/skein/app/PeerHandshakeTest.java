package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.MeshTrust;
import io.skein.ledger.admission.Verdict;
import io.skein.ledger.key.NativeHandshakes;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import io.skein.proxy.http.MeshTls;
import io.skein.proxy.http.PeerClientTls;
import io.skein.proxy.http.PeerServerTls;
import io.skein.proxy.route.Target.PeerTarget;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes shake hands whichever library computes it at either end: one end begins before the library
/// is loaded, the other after.
final class PeerHandshakeTest {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer plain = ByteBuffer.allocate(1 << 16);

  @AfterEach
  void undo() {
    NativeHandshakes.undo();
  }

  @Test
  void byTheJdk() throws SSLException {
    shake(() -> {}, () -> {});
  }

  @Test
  void byTheLibrary() throws SSLException {
    assumeTrue(NativeHandshakes.use());
    shake(() -> {}, () -> {});
  }

  @Test
  void byOneOfThemEach() throws SSLException {
    assumeTrue(NativeHandshakes.use());
    shake(NativeHandshakes::undo, NativeHandshakes::use);
    shake(NativeHandshakes::use, NativeHandshakes::undo);
  }

  private void shake(Runnable beforeClient, Runnable beforeServer) throws SSLException {
    PeerClientTls client = PeerClientTls.forRequests(identity("here"));
    PeerServerTls server = new PeerServerTls(identity("there"), System.nanoTime());
    SSLEngine dialled = client.engine(new PeerTarget("there", "127.0.0.1", 7801));
    SSLEngine accepted = PeerServerTls.engine(server.context(System.nanoTime()));
    dialled.beginHandshake();
    accepted.beginHandshake();
    boolean goes = true;
    while (goes) {
      beforeClient.run();
      goes = step(dialled, toClient, toServer);
      beforeServer.run();
      goes |= step(accepted, toServer, toClient);
      plain.clear();
    }
    assertEquals("TLSv1.3", dialled.getSession().getProtocol());
    assertTrue(client.reached(dialled, new PeerTarget("there", "127.0.0.1", 7801)));
    assertEquals(1, accepted.getSession().getPeerCertificates().length);
  }

  private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    return switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        engine.getDelegatedTask().run();
        yield true;
      }
      case NEED_WRAP -> engine.wrap(NOTHING, out).bytesProduced() > 0;
      default -> {
        in.flip();
        boolean read =
            in.hasRemaining() && engine.unwrap(in, plain).getStatus() == SSLEngineResult.Status.OK;
        in.compact();
        yield read;
      }
    };
  }

  private static MeshTls identity(String name) {
    SigningKey key = SigningKey.generate(new SecureRandom());
    Credential claim = Credential.ofFounder(key.publicKey(), Hash.of(new byte[Hash.BYTES]), name);
    Instant now = Instant.now();
    io.skein.ledger.admission.MeshTls tls =
        new io.skein.ledger.admission.MeshTls(
            key,
            claim.certificate(
                key, BigInteger.ONE, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1))),
            new MeshTrust(Verdict.Pending::new, _ -> {}));
    return new MeshTls(tls.keyManager(), tls.trustManager());
  }
}

package io.skein.benchmarks;

import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.MeshTrust;
import io.skein.ledger.admission.Verdict;
import io.skein.ledger.key.SignatureLibrary;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Hash;
import io.skein.proxy.http.MeshTls;
import io.skein.proxy.http.PeerClientTls;
import io.skein.proxy.http.PeerServerTls;
import io.skein.proxy.route.Target.PeerTarget;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/// What the TLS of a connection between two nodes costs both their processors together, without a
/// session to resume and with one: `HandshakeBench [ROUNDS]`.
///
/// Both sides shake hands in one thread, without sockets, with the certificates and the trust
/// manager of a mesh, and then ask about each other as nodes do. Rounds of both kinds take turns;
/// what is told is the median round's processor time of that thread for one connection.
public final class HandshakeBench {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String PEER = "there";
  private static final int ROUNDS = 100;
  private static final int WARM_UP_ROUNDS = 50;
  private static final int CONNECTIONS = 20;

  private final ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
  private final ByteBuffer plain = ByteBuffer.allocate(1 << 16);
  private final MeshTls there = identity("there");
  private final PeerClientTls client;
  private final PeerServerTls server;
  private int strangers;

  private HandshakeBench() throws SSLException {
    client = PeerClientTls.forRequests(identity("here"));
    server = new PeerServerTls(there, System.nanoTime());
  }

  /// See above.
  public static void main(String[] arguments) throws Exception {
    SignatureLibrary.useNative();
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
    new HandshakeBench().run(rounds);
  }

  private void run(int rounds) throws SSLException, CertificateException {
    long[] full = new long[rounds];
    long[] resumed = new long[rounds];
    connect(PEER);
    for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
      long fullNanos = round(false);
      long resumedNanos = round(true);
      if (i >= 0) {
        full[i] = fullNanos;
        resumed[i] = resumedNanos;
      }
    }
    Arrays.sort(full);
    Arrays.sort(resumed);
    System.out.printf(
        Locale.ROOT,
        "signatures by %s; full %.2f ms, resumed %.2f ms, ratio %.2f%n",
        SignatureLibrary.name(),
        full[rounds / 2] / 1e6,
        resumed[rounds / 2] / 1e6,
        (double) full[rounds / 2] / resumed[rounds / 2]);
  }

  /// Processor time for a connection.
  private long round(boolean resumes) throws SSLException, CertificateException {
    long began = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < CONNECTIONS; i++) {
      // Sessions are kept by the peer's id: nobody was met who is called so.
      connect(resumes ? PEER : "stranger-" + strangers++);
    }
    return (THREADS.getCurrentThreadCpuTime() - began) / CONNECTIONS;
  }

  private static MeshTls identity(String name) {
    SigningKey key = SigningKey.generate(new SecureRandom());
    Credential claim = Credential.ofFounder(key.publicKey(), Hash.of(new byte[Hash.BYTES]), name);
    Instant now = Instant.now();
    X509Certificate certificate =
        claim.certificate(
            key, BigInteger.ONE, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)));
    io.skein.ledger.admission.MeshTls tls =
        new io.skein.ledger.admission.MeshTls(
            key, certificate, new MeshTrust(Verdict.Pending::new, _ -> {}));
    return new MeshTls(tls.keyManager(), tls.trustManager());
  }

  private void connect(String nodeId) throws SSLException, CertificateException {
    SSLEngine dialled = client.engine(new PeerTarget(nodeId, "127.0.0.1", 7801));
    SSLEngine accepted = PeerServerTls.engine(server.context(System.nanoTime()));
    dialled.beginHandshake();
    accepted.beginHandshake();
    while (step(dialled, toClient, toServer) | step(accepted, toServer, toClient)) {
      plain.clear();
    }
    X509Certificate[] chain = (X509Certificate[]) accepted.getSession().getPeerCertificates();
    there.trust().checkClientTrusted(chain, "EdDSA");
    if (!client.trusts(dialled)) {
      throw new IllegalStateException("everybody is trusted here");
    }
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
}

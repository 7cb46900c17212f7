package io.skein.benchmarks;

import io.skein.ledger.admission.Credential;
import io.skein.ledger.admission.MeshTrust;
import io.skein.ledger.admission.Verdict;
import io.skein.ledger.key.NativeHandshakes;
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
/// session to resume, computed by the JDK alone and with AWS-LC ([NativeHandshakes]), and with a
/// session: `HandshakeBench [ROUNDS]`.
///
/// Both sides shake hands in one thread, without sockets, with the certificates and the trust
/// manager of a mesh, and then ask about each other as nodes do. First comes what a process that
/// has just started pays for its first hundred, computed in one way, the second if `ROUNDS` is
/// negative. Then rounds of all kinds take turns; what is told is the median round's processor time
/// of that thread for one connection.
public final class HandshakeBench {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String PEER = "there";
  private static final int ROUNDS = 100;
  private static final int WARM_UP_ROUNDS = 50;
  private static final int CONNECTIONS = 20;
  private static final int FIRST = 100;

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
    if (rounds < 0) {
      NativeHandshakes.use();
    }
    HandshakeBench bench = new HandshakeBench();
    bench.begin(rounds < 0 ? "AWS-LC" : "the JDK");
    bench.run(Math.abs(rounds));
  }

  private void begin(String by) throws SSLException, CertificateException {
    for (int i = 0; i < FIRST; i += CONNECTIONS) {
      round(false);
    }
    System.out.printf(
        Locale.ROOT,
        "the first %d, by %s: %.0f ms of this thread, %.0f ms of the process from its start%n",
        FIRST,
        by,
        THREADS.getCurrentThreadCpuTime() / 1e6,
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6);
  }

  private void run(int rounds) throws SSLException, CertificateException {
    long[] inJava = new long[rounds];
    long[] byLibrary = new long[rounds];
    long[] resumed = new long[rounds];
    connect(PEER);
    for (int i = -WARM_UP_ROUNDS; i < rounds; i++) {
      NativeHandshakes.undo();
      long inJavaNanos = round(false);
      NativeHandshakes.use();
      long byLibraryNanos = round(false);
      long resumedNanos = round(true);
      if (i >= 0) {
        inJava[i] = inJavaNanos;
        byLibrary[i] = byLibraryNanos;
        resumed[i] = resumedNanos;
      }
    }
    Arrays.sort(inJava);
    Arrays.sort(byLibrary);
    Arrays.sort(resumed);
    System.out.printf(
        Locale.ROOT,
        "signatures by %s; full by the JDK %.2f ms, with AWS-LC %.2f ms, ratio %.2f; resumed %.2f ms%n",
        SignatureLibrary.name(),
        inJava[rounds / 2] / 1e6,
        byLibrary[rounds / 2] / 1e6,
        (double) byLibrary[rounds / 2] / inJava[rounds / 2],
        resumed[rounds / 2] / 1e6);
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

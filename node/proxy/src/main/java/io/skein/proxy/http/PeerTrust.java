package io.skein.proxy.http;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;

/// Whether the peer that connected is still trusted. A resumed session is never shown to the trust
/// manager, and trust may end while a connection stands; therefore it is asked again after each
/// handshake, and at intervals from then on. Event loop only.
public final class PeerTrust {
  private final X509TrustManager trust;
  private final SSLEngine engine;
  private final long everyNanos;
  private final LongConsumer ended;
  private boolean asked;
  private long askedNanos;

  /// @param ended hears, with monotonic now, that trust has ended
  PeerTrust(X509TrustManager trust, SSLEngine engine, long everyNanos, LongConsumer ended) {
    this.trust = trust;
    this.engine = engine;
    this.everyNanos = everyNanos;
    this.ended = ended;
  }

  /// Whether it is time to ask again; never before the handshake.
  boolean due(long nowNanos) {
    return asked && nowNanos - askedNanos >= everyNanos;
  }

  /// Asks the trust manager, as the handshake does with a client's certificate.
  boolean holds(long nowNanos) {
    asked = true;
    askedNanos = nowNanos;
    boolean holds = holds(trust, engine, X509TrustManager::checkClientTrusted);
    if (!holds) {
      ended.accept(nowNanos);
    }
    return holds;
  }

  /// How a trust manager is asked about the other side.
  interface Question {
    void ask(X509TrustManager trust, X509Certificate[] chain, String authType)
        throws CertificateException;
  }

  /// Asks about the peer of a session, as a handshake does. If it is not trusted, its session and
  /// those that this side keeps from the same connection are invalid from then on.
  static boolean holds(X509TrustManager trust, SSLEngine engine, Question question) {
    SSLSession session = engine.getSession();
    try {
      X509Certificate[] chain =
          Arrays.stream(session.getPeerCertificates())
              .filter(X509Certificate.class::isInstance)
              .toArray(X509Certificate[]::new);
      if (chain.length > 0) {
        question.ask(trust, chain, chain[0].getPublicKey().getAlgorithm());
        return true;
      }
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      // told by the trust manager, if it is to be told
    }
    session.invalidate();
    return false;
  }
}

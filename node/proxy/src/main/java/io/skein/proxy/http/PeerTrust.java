package io.skein.proxy.http;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509TrustManager;

/// Whether the peer that connected is still trusted. A resumed session is never shown to the trust
/// manager, and trust may end while a connection stands; therefore it is asked again after each
/// handshake, and at intervals from then on. Event loop only.
public final class PeerTrust {
  private final X509TrustManager trust;
  private final SSLEngine engine;
  private final long everyNanos;
  private boolean asked;
  private long askedNanos;

  PeerTrust(X509TrustManager trust, SSLEngine engine, long everyNanos) {
    this.trust = trust;
    this.engine = engine;
    this.everyNanos = everyNanos;
  }

  /// Whether it is time to ask again; never before the handshake.
  boolean due(long nowNanos) {
    return asked && nowNanos - askedNanos >= everyNanos;
  }

  /// Asks the trust manager, as the handshake does with a client's certificate.
  boolean holds(long nowNanos) {
    asked = true;
    askedNanos = nowNanos;
    return holds(trust, engine, X509TrustManager::checkClientTrusted);
  }

  /// How a trust manager is asked about the other side.
  public interface Question {
    void ask(X509TrustManager trust, X509Certificate[] chain, String authType)
        throws CertificateException;
  }

  /// Asks about the peer of a session, as a handshake does.
  public static boolean holds(X509TrustManager trust, SSLEngine engine, Question question) {
    try {
      X509Certificate[] chain =
          Arrays.stream(engine.getSession().getPeerCertificates())
              .filter(X509Certificate.class::isInstance)
              .toArray(X509Certificate[]::new);
      if (chain.length == 0) {
        return false;
      }
      question.ask(trust, chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      return false;
    }
  }
}

package io.skein.ledger.admission;

import io.skein.ledger.key.SigningKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/// What TLS on the mesh port needs, for libraries that take a context and for those that take its
/// parts. Whoever accepts connections must demand a certificate: [#parameters] says so, a context
/// cannot. Immutable; any thread.
///
/// The context never resumes sessions, so that every connection is judged. A library that builds
/// its own context from the parts may resume them: there, ask [MeshTrust#verdict(SSLSession)] once
/// a connection is made.
public final class MeshTls {
  /// The one protocol version that nodes speak.
  public static final String PROTOCOL = "TLSv1.3";

  /// A resumed session skips the check of certificates, so that a revoked node could come back by
  /// an old ticket. A ticket's life is at most 7 days (RFC 8446 §4.6.1): asked for more, the JDK
  /// issues none. A short timeout would not do: the JDK leaves it to the client to honour it.
  private static final int NO_TICKETS_SECONDS = 7 * 24 * 3_600 + 1;

  private final X509ExtendedKeyManager keys;
  private final MeshTrust trust;
  private final SSLContext context;

  /// @param key the node's key
  /// @param certificate its certificate, see [Credential#certificate]
  /// @param trust judges peers
  public MeshTls(SigningKey key, X509Certificate certificate, MeshTrust trust) {
    this.keys = new MeshKeys(key, certificate);
    this.trust = trust;
    try {
      context = SSLContext.getInstance(PROTOCOL);
      context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS 1.3", e);
    }
    context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
  }

  /// A context with the key and the trust manager below.
  public SSLContext context() {
    return context;
  }

  /// Shows this node's certificate.
  public X509ExtendedKeyManager keyManager() {
    return keys;
  }

  /// Judges peers.
  public MeshTrust trustManager() {
    return trust;
  }

  /// TLS 1.3 only, client certificates demanded. A new object each time.
  public SSLParameters parameters() {
    SSLParameters parameters = context.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {PROTOCOL});
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  /// What a failed handshake means, in a sentence for the log. The reason why **this** node refused
  /// a certificate is not here but with the trust manager's listener.
  public static String explain(SSLException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("Unsupported or unrecognized SSL message")
        || message.contains("plaintext")) {
      return "peer does not speak TLS: the mesh port takes mesh nodes only";
    }
    if (message.contains("Received fatal alert: certificate_unknown")
        || message.contains("Received fatal alert: bad_certificate")) {
      return "peer refused this node's certificate; its log says why (another mesh, unknown or spent"
          + " invite, revoked)";
    }
    if (message.contains("Received fatal alert: certificate_required")
        || message.contains("Empty client certificate chain")) {
      return "peer connected without a node certificate";
    }
    if (message.contains("protocol_version")) {
      return "peer does not speak " + PROTOCOL;
    }
    return "TLS handshake failed: " + message;
  }
}

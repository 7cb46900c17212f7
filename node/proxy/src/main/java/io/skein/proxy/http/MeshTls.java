package io.skein.proxy.http;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.function.BiPredicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/// How peers prove to each other who they are: TLS 1.3 with certificates on both sides.
///
/// @param keys this node's certificate and key
/// @param trust decides whether a certificate belongs to a member of the mesh, as of now: in each
///   handshake, and again while a connection stands, without an engine then; any thread; an
///   [javax.net.ssl.X509ExtendedTrustManager] is used as it is, a plain one gets the JDK's
///   algorithm checks in addition
/// @param identifies whether a certificate belongs to the node id that we meant to reach; any
///   thread
public record MeshTls(
    X509KeyManager keys, X509TrustManager trust, BiPredicate<X509Certificate, String> identifies) {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /// What costs less comes first.
  private static final String[] CIPHERS = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};

  /// Trusts any member's certificate to be the peer that was dialled.
  public MeshTls(X509KeyManager keys, X509TrustManager trust) {
    this(keys, trust, (certificate, nodeId) -> true);
  }

  /// A context of its own for each use: sessions are kept by context.
  ///
  /// The JDK's, without Netty's around it. The first of those in a process reads all the
  /// authorities that the machine trusts, some 140 certificates, of which peers need none; and
  /// Netty's builder tries out, with the first context of a server, whether trust managers may be
  /// wrapped, for which it reads a key of its own and, because Bouncy Castle is there, loads 500
  /// classes of a provider that nobody uses. A node's start would wait for both.
  ///
  /// @throws SSLException if the identity is unusable
  SSLContext newContext() throws SSLException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new SSLException(e);
    }
  }

  /// What either end of a connection begins with.
  static SSLParameters parameters(SSLEngine engine) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(CIPHERS);
    return parameters;
  }
}

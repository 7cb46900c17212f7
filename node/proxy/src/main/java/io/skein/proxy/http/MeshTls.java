package io.skein.proxy.http;

import java.security.cert.X509Certificate;
import java.util.function.BiPredicate;
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
  /// Trusts any member's certificate to be the peer that was dialled.
  public MeshTls(X509KeyManager keys, X509TrustManager trust) {
    this(keys, trust, (certificate, nodeId) -> true);
  }
}

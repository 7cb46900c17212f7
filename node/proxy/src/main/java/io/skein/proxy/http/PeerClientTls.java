package io.skein.proxy.http;

import io.skein.proxy.route.Target.PeerTarget;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509TrustManager;

/// TLS on connections that this node opens to peers, under one identity; see [PeerServerTls] for
/// the other end. Any thread.
///
/// Sessions are kept, in memory, by the id of the node they were made with instead of its address:
/// whoever answers there under another id is not even offered one. A resumed handshake asks no
/// trust manager and shows no certificate, so that [#reached] has to be asked before anything is
/// sent.
public final class PeerClientTls {
  /// The peers whose sessions are kept, those used last; the JDK keeps up to 10 of each, each for
  /// one connection. Unless told it would keep those of 20,480.
  private static final int PEERS = 256;

  /// One key exchange alone: asked for more, the JDK makes a pair of keys on two curves for each
  /// ClientHello, of which every node takes this one. It is the one that a library of the
  /// processor's own code computes, where there is one; in Java both cost the same.
  private static final String[] KEY_EXCHANGES = {"secp256r1"};

  private final SSLContext context;
  private final MeshTls identity;
  private final String[] offered;

  /// @param offered protocols within TLS (ALPN); none: HTTP/1.1, of which nothing is said
  private PeerClientTls(MeshTls identity, String... offered) throws SSLException {
    this.context = identity.newContext();
    this.identity = identity;
    this.offered = offered;
    SSLSessionContext sessions = context.getClientSessionContext();
    sessions.setSessionCacheSize(PEERS);
    sessions.setSessionTimeout(PeerServerTls.SESSION_SECONDS);
  }

  /// For requests to peers.
  ///
  /// @throws SSLException if the identity is unusable
  public static PeerClientTls forRequests(MeshTls identity) throws SSLException {
    return new PeerClientTls(identity);
  }

  /// For tunnels to peers.
  ///
  /// @throws SSLException if the identity is unusable
  public static PeerClientTls forTunnels(MeshTls identity) throws SSLException {
    return new PeerClientTls(identity, Tunnels.PROTOCOL);
  }

  /// The dialling end of a connection to `peer`: resumes a session with it, if one is left.
  public SSLEngine engine(PeerTarget peer) {
    // Not its host: what stands here is what sessions are found by. Without a dot it is not sent.
    SSLEngine engine = context.createSSLEngine(peer.nodeId(), peer.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = MeshTls.parameters(engine);
    parameters.setNamedGroups(KEY_EXCHANGES);
    parameters.setApplicationProtocols(offered);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// Whether a handshake led to the peer that was meant, and it is trusted now. If not, its session
  /// is not resumed again.
  public boolean reached(SSLEngine engine, PeerTarget peer) {
    return trusts(engine) && identifies(engine, peer);
  }

  /// Whether the peer of a connection that stands is trusted now. If not, its sessions are not
  /// resumed again.
  public boolean trusts(SSLEngine engine) {
    return PeerTrust.holds(identity.trust(), engine, X509TrustManager::checkServerTrusted);
  }

  private boolean identifies(SSLEngine engine, PeerTarget peer) {
    try {
      boolean same =
          engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
              && identity.identifies().test(certificate, peer.nodeId());
      if (!same) {
        engine.getSession().invalidate();
      }
      return same;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}

package io.skein.proxy.http;

import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// TLS on the forward listener: 1.3 alone, both sides show a certificate, whose trust the mesh
/// decides. Certificates hold node ids and no names, so that none is checked. Any thread.
///
/// Peers may resume sessions, which spares both sides a signature and a verification. Tickets are
/// the JDK's stateless ones: each is good for one connection, and this node keeps nothing for them
/// but the keys that seal them (AES-256-GCM), in memory, a new one each hour. No ticket outlives
/// the context that issued it, and a context is replaced after [#LIFETIME_NANOS], so that whoever
/// comes proves its key that often, and at once when a peer turns out not to be trusted any more
/// ([#retire]). What a resumed session says of its peer is judged as a new one is: [PeerTrust].
public final class PeerServerTls {
  /// How long a session can be resumed after the handshake in which both keys were proved.
  static final int SESSION_SECONDS = (int) TimeUnit.HOURS.toSeconds(12);

  private static final long LIFETIME_NANOS = TimeUnit.HOURS.toNanos(24);

  private final MeshTls identity;
  private volatile Made made;

  private record Made(SSLContext context, long sinceNanos) {}

  /// @throws SSLException if the identity is unusable
  public PeerServerTls(MeshTls identity, long nowNanos) throws SSLException {
    this.identity = identity;
    this.made = new Made(make(identity), nowNanos);
  }

  /// What connections are accepted with now.
  public SSLContext context(long nowNanos) {
    Made current = made;
    if (nowNanos - current.sinceNanos() >= LIFETIME_NANOS) {
      retire(current.context(), nowNanos);
    }
    return made.context();
  }

  /// Makes all sessions of a context void, if it is still in use; connections stand.
  synchronized void retire(SSLContext context, long nowNanos) {
    if (made.context() != context) {
      return;
    }
    try {
      made = new Made(make(identity), nowNanos);
    } catch (SSLException e) {
      throw new IllegalStateException("the same identity was usable before", e);
    }
  }

  private static SSLContext make(MeshTls identity) throws SSLException {
    SSLContext context = identity.newContext();
    context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    return context;
  }

  /// The listening end of a connection: demands a certificate, and takes a tunnel if the peer
  /// offers one.
  public static SSLEngine engine(SSLContext context) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = MeshTls.parameters(engine);
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    // Nothing is agreed on, instead of an alert, with peers that offer something else.
    engine.setHandshakeApplicationProtocolSelector(
        (_, offered) -> offered.contains(Tunnels.PROTOCOL) ? Tunnels.PROTOCOL : "");
    return engine;
  }
}

package io.skein.proxy.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

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

  static final String[] PROTOCOLS = {"TLSv1.3"};

  private static final long LIFETIME_NANOS = TimeUnit.HOURS.toNanos(24);

  private final MeshTls identity;
  private volatile Made made;

  private record Made(SslContext context, long sinceNanos) {}

  /// @throws SSLException if the identity is unusable
  public PeerServerTls(MeshTls identity, long nowNanos) throws SSLException {
    this.identity = identity;
    this.made = new Made(make(identity), nowNanos);
  }

  /// What connections are accepted with now.
  public SslContext context(long nowNanos) {
    Made current = made;
    if (nowNanos - current.sinceNanos() >= LIFETIME_NANOS) {
      retire(current.context(), nowNanos);
    }
    return made.context();
  }

  /// Makes all sessions of a context void, if it is still in use; connections stand.
  synchronized void retire(SslContext context, long nowNanos) {
    if (made.context() != context) {
      return;
    }
    try {
      made = new Made(make(identity), nowNanos);
    } catch (SSLException e) {
      throw new IllegalStateException("the same identity was usable before", e);
    }
  }

  /// Made without Netty's builder: that tries out, whenever the first context of a server is made,
  /// whether trust managers may be wrapped, for which it reads a key of its own and, because Bouncy
  /// Castle is there, loads 500 classes of a provider that nobody uses. That was an eighth of a
  /// node's start.
  private static SslContext make(MeshTls identity) throws SSLException {
    SSLContext context;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {identity.keys()}, new TrustManager[] {identity.trust()}, null);
    } catch (GeneralSecurityException e) {
      throw new SSLException(e);
    }
    context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
    return new JdkSslContext(
        context,
        false,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        tunnels(),
        ClientAuth.REQUIRE,
        PROTOCOLS.clone(),
        false);
  }

  /// Tunnels are agreed on by ALPN.
  static ApplicationProtocolConfig tunnels() {
    return new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN,
        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
        Tunnels.PROTOCOL);
  }
}

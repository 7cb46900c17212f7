package io.skein.proxy.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// TLS between nodes: 1.3, both show a certificate, whose trust the mesh decides. Certificates hold
/// node ids and no names, so that none is checked, and no session is resumed by a name either.
public final class PeerTls {
  /// Peers may resume sessions that long; [PeerTrust] asks the trust manager nevertheless.
  private static final int SESSION_SECONDS = 60;

  /// Who dials resumes none, because they are found by name; yet the JDK keeps, unless told, 20,480
  /// of them for a day: one for each tunnel.
  private static final int SESSIONS = 16;

  private PeerTls() {}

  /// For those who connect here; tunnels are agreed on by ALPN.
  ///
  /// Made without Netty's builder: that tries out, whenever the first context of a server is made,
  /// whether trust managers may be wrapped, for which it reads a key of its own and, because Bouncy
  /// Castle is there, loads 500 classes of a provider that nobody uses. That was an eighth of a
  /// node's start.
  static SslContext server(MeshTls identity) throws SSLException {
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
        new String[] {"TLSv1.3"},
        false);
  }

  /// For requests to peers.
  static SslContext client(MeshTls identity) throws SSLException {
    return dialling(identity).build();
  }

  /// For tunnels to peers.
  ///
  /// @throws SSLException if the identity is unusable
  public static SslContext tunnel(MeshTls identity) throws SSLException {
    return dialling(identity).applicationProtocolConfig(tunnels()).build();
  }

  private static SslContextBuilder dialling(MeshTls identity) {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .keyManager(identity.keys())
        .trustManager(identity.trust())
        .endpointIdentificationAlgorithm("")
        .sessionCacheSize(SESSIONS)
        .sessionTimeout(SESSION_SECONDS)
        .protocols("TLSv1.3");
  }

  private static ApplicationProtocolConfig tunnels() {
    return new ApplicationProtocolConfig(
        ApplicationProtocolConfig.Protocol.ALPN,
        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
        Tunnels.PROTOCOL);
  }
}

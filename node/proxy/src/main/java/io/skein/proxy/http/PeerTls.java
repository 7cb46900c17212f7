package io.skein.proxy.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/// TLS between nodes: 1.3, both show a certificate, whose trust the mesh decides. Certificates hold
/// node ids and no names, so that none is checked, and no session is resumed by a name either.
public final class PeerTls {
  /// Peers may resume sessions that long; [PeerTrust] asks the trust manager nevertheless.
  private static final long SESSION_SECONDS = 60;

  private PeerTls() {}

  /// For those who connect here; tunnels are agreed on by ALPN.
  static SslContext server(MeshTls identity) throws SSLException {
    return SslContextBuilder.forServer(identity.keys())
        .sslProvider(SslProvider.JDK)
        .trustManager(identity.trust())
        .clientAuth(ClientAuth.REQUIRE)
        .protocols("TLSv1.3")
        .applicationProtocolConfig(tunnels())
        .sessionTimeout(SESSION_SECONDS)
        .build();
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

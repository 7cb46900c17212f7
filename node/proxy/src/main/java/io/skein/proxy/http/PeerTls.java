package io.skein.proxy.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/// TLS to other nodes ([ForwardTls] is the way back): 1.3, both show a certificate, whose trust the mesh decides. Certificates hold
/// node ids and no names, so that none is checked, and no session is resumed by a name either.
public final class PeerTls {
  private PeerTls() {}

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

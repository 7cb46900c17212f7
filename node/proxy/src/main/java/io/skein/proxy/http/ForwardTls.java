package io.skein.proxy.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// The TLS context of the listener where peers forward requests: the JDK's TLS 1.3, client
/// certificates required.
///
/// Made without Netty's builder: that tries out, whenever the first context of a server is made,
/// whether trust managers may be wrapped, for which it reads a key of its own and, because Bouncy
/// Castle is there, loads 500 classes of a provider that nobody uses. That was an eighth of a
/// node's start.
final class ForwardTls {
  private ForwardTls() {}

  /// @param sessionSeconds how long a session may be resumed
  /// @throws SSLException if the identity is unusable
  static SslContext server(MeshTls identity, int sessionSeconds) throws SSLException {
    SSLContext context;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {identity.keys()}, new TrustManager[] {identity.trust()}, null);
    } catch (GeneralSecurityException e) {
      throw new SSLException(e);
    }
    context.getServerSessionContext().setSessionTimeout(sessionSeconds);
    return new JdkSslContext(
        context,
        false,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            Tunnels.PROTOCOL),
        ClientAuth.REQUIRE,
        new String[] {"TLSv1.3"},
        false);
  }
}

package io.skein.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/// Whose TLS is used.
public enum TlsEngine {
  /// BoringSSL if this machine has it, otherwise the JDK's. A handshake costs a fraction there.
  FASTEST,
  /// The JDK's: unlike the other it can go on sending after the other side said that it is done.
  HALF_CLOSING;

  SslProvider provider() {
    return this == FASTEST && OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
  }
}

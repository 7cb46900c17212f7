package io.skein.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/// The contexts for TLS to endpoints, one for each way it is spoken. Any thread. A context is made
/// on first use and reads its files then, on the calling thread; [#prepare] does that ahead.
///
/// The JDK's TLS: connections to endpoints are kept, so that handshakes are few, and a relay needs
/// to go on sending after the endpoint said that it is done.
public final class ClientTls {
  private final Map<EndpointTls, SslContext> contexts = new ConcurrentHashMap<>();

  /// Makes the context for `tls` unless it is there.
  ///
  /// @throws UnusableCertificate if a file cannot be used
  public void prepare(EndpointTls tls) throws UnusableCertificate {
    if (!contexts.containsKey(tls)) {
      contexts.put(tls, context(tls));
    }
  }

  /// The first handler of a connection to an endpoint.
  ///
  /// @param host the endpoint's host, as configured
  /// @throws UnusableCertificate if a file cannot be used
  public SslHandler newHandler(ByteBufAllocator allocator, EndpointTls tls, String host, int port)
      throws UnusableCertificate {
    SslContext context = contexts.get(tls);
    if (context == null) {
      prepare(tls);
      context = contexts.get(tls);
    }
    if (context == null) {
      throw new IllegalStateException("a context vanished");
    }
    return context.newHandler(allocator, tls.serverName().orElse(host), port);
  }

  private static SslContext context(EndpointTls tls) throws UnusableCertificate {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(TlsEngine.HALF_CLOSING.provider())
            .protocols("TLSv1.3", "TLSv1.2")
            .ciphers(ServerTlsConfig.MODERN_CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .endpointIdentificationAlgorithm(tls.verify() ? "HTTPS" : "");
    if (!tls.verify()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.ca().isPresent()) {
      builder.trustManager(
          LoadedCertificate.certificates(tls.ca().get()).toArray(new X509Certificate[0]));
    }
    if (tls.identity().isPresent()) {
      LoadedCertificate own = LoadedCertificate.read(tls.identity().get());
      builder.keyManager(own.key(), own.chain().toArray(new X509Certificate[0]));
    }
    if (!tls.alpn().isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              tls.alpn()));
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new UnusableCertificate("TLS to endpoints: " + e.getMessage(), e);
    }
  }
}

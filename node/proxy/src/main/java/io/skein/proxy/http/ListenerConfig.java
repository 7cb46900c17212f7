package io.skein.proxy.http;

import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.tls.ServerTls;
import java.util.Optional;

/// Where a listener accepts connections.
///
/// @param name what people call it, used in errors and logs
/// @param host address to bind
/// @param port port to bind; 0 takes a free one
/// @param receiptHeader whether answers name their receipt, if receipts are on
/// @param debugHeader whether answers say how their endpoint was chosen, to requests with the field
///   `Skein-Debug`
/// @param tls how TLS is spoken, if it is
/// @param proxyHeaders which clients begin with a PROXY header, if any do
/// @param clientHeader header field that tells endpoints the subject of a client's certificate (RFC
///   2253); empty: none. No client can send it through any listener of this proxy
public record ListenerConfig(
    String name,
    String host,
    int port,
    boolean receiptHeader,
    boolean debugHeader,
    Optional<ServerTls> tls,
    Optional<ProxyHeaders> proxyHeaders,
    String clientHeader) {
  public ListenerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
  }

  /// The scheme of what is asked for here: `https` or `http`.
  String scheme() {
    return tls.isPresent() ? "https" : "http";
  }

  /// A listener whose answers do not say how their endpoint was chosen.
  public ListenerConfig(
      String name,
      String host,
      int port,
      boolean receiptHeader,
      Optional<ServerTls> tls,
      Optional<ProxyHeaders> proxyHeaders,
      String clientHeader) {
    this(name, host, port, receiptHeader, false, tls, proxyHeaders, clientHeader);
  }

  /// A listener in the clear.
  public ListenerConfig(String name, String host, int port, boolean receiptHeader) {
    this(name, host, port, receiptHeader, false, Optional.empty(), Optional.empty(), "");
  }

  /// A listener in the clear whose answers name no receipts.
  public ListenerConfig(String name, String host, int port) {
    this(name, host, port, false);
  }
}

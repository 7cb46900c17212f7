package io.skein.proxy.route;

import io.skein.proxy.prelude.ProxyHeader;
import io.skein.proxy.tls.EndpointTls;

/// Where a chosen candidate is reached.
public sealed interface Target {
  /// Host name or IP address.
  String host();

  /// TCP port, 1 to 65,535.
  int port();

  /// An endpoint.
  ///
  /// @param scheme what is spoken to it
  /// @param tls how TLS is spoken to it, if the scheme has TLS
  /// @param header the PROXY header that relayed connections to it begin with
  record EndpointTarget(String host, int port, Scheme scheme, EndpointTls tls, ProxyHeader header)
      implements Target {
    public EndpointTarget {
      requirePort(port);
    }

    /// An endpoint reached in plain HTTP/1.1.
    public EndpointTarget(String host, int port) {
      this(host, port, Scheme.HTTP);
    }

    /// With TLS as by default, if any, and no PROXY header.
    public EndpointTarget(String host, int port, Scheme scheme) {
      this(host, port, scheme, EndpointTls.DEFAULT, ProxyHeader.NONE);
    }
  }

  /// A peer's mesh listener, reached with mutual TLS.
  ///
  /// @param nodeId the identity that the peer's certificate must prove
  record PeerTarget(String nodeId, String host, int port) implements Target {
    public PeerTarget {
      requirePort(port);
    }
  }

  private static void requirePort(int port) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
    }
  }
}

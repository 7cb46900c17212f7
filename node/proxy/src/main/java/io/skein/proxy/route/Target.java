package io.skein.proxy.route;

/// Where a chosen candidate is reached.
public sealed interface Target {
  /// Host name or IP address.
  String host();

  /// TCP port, 1 to 65,535.
  int port();

  /// An endpoint reached in plain HTTP/1.1.
  record EndpointTarget(String host, int port) implements Target {
    public EndpointTarget {
      requirePort(port);
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

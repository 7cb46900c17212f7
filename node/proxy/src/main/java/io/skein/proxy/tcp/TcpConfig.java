package io.skein.proxy.tcp;

import java.time.Duration;

/// Limits of connections that are passed on as they are.
///
/// @param maxConnections open client connections; beyond: reset at once
/// @param maxConnectionsPerAddress of those, from one address that connects here; beyond: reset at
///   once; 0: no limit of its own. Behind another proxy all clients have one address
/// @param maxClientHelloBytes longest ClientHello that is read for its name; beyond: closed with an
///   alert. A hello with a post-quantum key share has 1.5 to 2 KiB
/// @param openingTimeout for the PROXY header, the ClientHello or the TLS handshake; beyond: reset
public record TcpConfig(
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxClientHelloBytes,
    Duration openingTimeout) {
  /// 20,000 connections, 16 KiB of ClientHello, 10 s to open.
  public static final TcpConfig DEFAULT =
      new TcpConfig(20_000, 0, 16 << 10, Duration.ofSeconds(10));

  public TcpConfig {
    atLeast("maxConnections", maxConnections, 1);
    atLeast("maxConnectionsPerAddress", maxConnectionsPerAddress, 0);
    atLeast("maxClientHelloBytes", maxClientHelloBytes, 1);
    atLeast("openingTimeout", openingTimeout.toMillis(), 1);
  }

  /// The same with other limits for clients.
  public TcpConfig withClients(int connections, int connectionsPerAddress) {
    return new TcpConfig(connections, connectionsPerAddress, maxClientHelloBytes, openingTimeout);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}

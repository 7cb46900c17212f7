package io.skein.proxy.tcp;

import java.time.Duration;

/// Limits of connections that are passed on as they are.
///
/// @param maxConnections open client connections; beyond: reset at once
/// @param maxClientHelloBytes longest ClientHello that is read for its name; beyond: closed with an
///   alert. A hello with a post-quantum key share has 1.5 to 2 KiB
/// @param openingTimeout for the PROXY header, the ClientHello or the TLS handshake; beyond: reset
public record TcpConfig(int maxConnections, int maxClientHelloBytes, Duration openingTimeout) {
  /// 20,000 connections, 16 KiB of ClientHello, 10 s to open.
  public static final TcpConfig DEFAULT = new TcpConfig(20_000, 16 << 10, Duration.ofSeconds(10));

  public TcpConfig {
    atLeast("maxConnections", maxConnections);
    atLeast("maxClientHelloBytes", maxClientHelloBytes);
    atLeast("openingTimeout", openingTimeout.toMillis());
  }

  private static void atLeast(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }
}

package io.skein.chaos.driver;

import java.net.InetSocketAddress;

/// An address to connect to.
///
/// @param host a name or an IPv4 literal
/// @param port 1 to 65,535
public record HostPort(String host, int port) {
  private static final int LAST_PORT = 65_535;

  /// Checks the range of the port.
  public HostPort {
    if (host.isEmpty() || port < 1 || port > LAST_PORT) {
      throw new IllegalArgumentException(host + ":" + port + " (expected: HOST:PORT)");
    }
  }

  /// Reads `HOST:PORT`, with or without `http://` before it.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static HostPort parse(String text) {
    String bare = text.startsWith("http://") ? text.substring("http://".length()) : text;
    int colon = bare.lastIndexOf(':');
    try {
      return new HostPort(
          bare.substring(0, Math.max(0, colon)),
          Integer.parseInt(bare.substring(colon + 1).replace("/", "")));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' (expected: HOST:PORT)", e);
    }
  }

  /// For connecting; a name is looked up now.
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}

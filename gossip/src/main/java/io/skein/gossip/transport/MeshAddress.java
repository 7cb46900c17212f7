package io.skein.gossip.transport;

import java.util.Optional;

/// Where a node listens for its peers.
///
/// @param host a name or a literal address, without brackets
/// @param port 0–65535; 0 means "any free port" and only makes sense for binding
public record MeshAddress(String host, int port) {
  private static final int MAX_HOST_LENGTH = 253;

  /// Checks both parts.
  ///
  /// @throws IllegalArgumentException if either is out of range
  public MeshAddress {
    if (host.isEmpty()
        || host.length() > MAX_HOST_LENGTH
        || !host.chars().allMatch(MeshAddress::inHost)) {
      throw new IllegalArgumentException(
          "host: " + host + " (expected: a host name or an address)");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 .. 65535)");
    }
  }

  /// Reads `HOST:PORT` or `[IPV6]:PORT`; empty if `text` is neither.
  public static Optional<MeshAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || text.length() - colon > 6) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new MeshAddress(host, Integer.parseInt(text, colon + 1, text.length(), 10)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean inHost(int c) {
    return c > ' ' && c < 0x7f && c != '[' && c != ']' && c != '/';
  }

  /// `HOST:PORT`, an IPv6 address in brackets.
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}

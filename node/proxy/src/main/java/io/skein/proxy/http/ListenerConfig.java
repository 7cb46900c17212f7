package io.skein.proxy.http;

/// Where a listener accepts connections.
///
/// @param name what people call it, used in errors and logs
/// @param host address to bind
/// @param port port to bind; 0 takes a free one
public record ListenerConfig(String name, String host, int port) {
  public ListenerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
  }
}

package io.skein.proxy.http;

/// Where a listener accepts connections.
///
/// @param name what people call it, used in errors and logs
/// @param host address to bind
/// @param port port to bind; 0 takes a free one
/// @param receiptHeader whether answers name their receipt, if receipts are on
public record ListenerConfig(String name, String host, int port, boolean receiptHeader) {
  public ListenerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
  }

  /// A listener whose answers name no receipts.
  public ListenerConfig(String name, String host, int port) {
    this(name, host, port, false);
  }
}

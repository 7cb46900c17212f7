package io.skein.proxy.tcp;

import io.skein.proxy.prelude.ProxyHeaders;
import io.skein.proxy.tls.ServerTls;
import java.time.Duration;
import java.util.Optional;

/// Where connections arrive that are passed on as they are.
///
/// @param name what people call it, used in errors and logs
/// @param host address to bind
/// @param port port to bind; 0 takes a free one
/// @param mode what a connection is
/// @param proxyHeaders which clients begin with a PROXY header, if any do
/// @param idle how long a connection may be silent in both directions before it is reset
public record TcpListener(
    String name,
    String host,
    int port,
    Mode mode,
    Optional<ProxyHeaders> proxyHeaders,
    Duration idle) {
  /// 10 minutes, as nginx' `proxy_timeout` for streams: longer than the pauses of protocols that
  /// keep a connection alive, shorter than the time in which lost clients pile up.
  public static final Duration DEFAULT_IDLE = Duration.ofMinutes(10);

  /// What a connection is.
  public sealed interface Mode {}

  /// Plain TCP for one service.
  ///
  /// @param service its name
  public record Plain(String service) implements Mode {}

  /// TLS that ends here, for one service.
  ///
  /// @param service its name
  /// @param tls certificates and demands
  public record Terminated(String service, ServerTls tls) implements Mode {}

  /// TLS that ends at the endpoint; the name in the ClientHello (RFC 6066 §3) is looked up like a
  /// Host.
  public record Passthrough() implements Mode {}

  /// A tunnel from a peer.
  record Tunnelled() implements Mode {}

  public TcpListener {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    if (idle.toMillis() < 1) {
      throw new IllegalArgumentException("idle: " + idle + " (expected: >= 1 ms)");
    }
  }

  /// A plain listener.
  public static TcpListener plain(String name, String host, int port, String service) {
    return new TcpListener(name, host, port, new Plain(service), Optional.empty(), DEFAULT_IDLE);
  }
}

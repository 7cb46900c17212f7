package io.skein.proxy.http;

import java.time.Duration;

/// Limits and patience of the proxy. Every limit has a stated answer when it is met.
///
/// @param maxLineBytes longest request line; beyond: 414
/// @param maxHeaderBytes all header fields of a message together; beyond: 431, of an answer: 502
/// @param maxBodyBytes longest request body; beyond: 413. Answers are not limited
/// @param maxReplayBytes body bytes kept so that a request can be sent again; a longer body is not
///   retried
/// @param maxConnections open client connections; beyond: closed at once
/// @param maxConnectionsPerTarget upstream connections of one event loop to one target; beyond: 503
/// @param maxIdlePerTarget idle upstream connections kept for reuse, of those; beyond: closed
/// @param headerTimeout from the first byte of a head to its end; beyond: 408
/// @param keepAliveIdle a client connection without a request; beyond: closed
/// @param clientIdle a client that neither sends its body nor takes its answer; beyond: 408 or
///   closed
/// @param poolIdle an upstream connection without use; beyond: closed. Shorter than the keep-alive
///   of common servers (60–75 s), so that we hang up first; longer saves handshakes
/// @param guards against clients that are too slow or too many
/// @param http2 bounds of connections in HTTP/2
public record ProxyConfig(
    int maxLineBytes,
    int maxHeaderBytes,
    long maxBodyBytes,
    int maxReplayBytes,
    int maxConnections,
    int maxConnectionsPerTarget,
    int maxIdlePerTarget,
    Duration headerTimeout,
    Duration keepAliveIdle,
    Duration clientIdle,
    Duration poolIdle,
    ClientGuards guards,
    Http2Config http2) {
  /// 8 KiB lines, 32 KiB headers, bodies of any length, 16 KiB replay, 20,000 clients, 2,048
  /// connections and 512 idle ones per target, 10 s for a head, 60 s idle, 30 s in the pool.
  public static final ProxyConfig DEFAULT =
      new ProxyConfig(
          8 << 10,
          32 << 10,
          Long.MAX_VALUE,
          16 << 10,
          20_000,
          2_048,
          512,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          ClientGuards.DEFAULT,
          Http2Config.DEFAULT);

  public ProxyConfig {
    atLeast("maxLineBytes", maxLineBytes, 64);
    atLeast("maxHeaderBytes", maxHeaderBytes, 256);
    atLeast("maxBodyBytes", maxBodyBytes, 0);
    atLeast("maxReplayBytes", maxReplayBytes, 0);
    atLeast("maxConnections", maxConnections, 1);
    atLeast("maxConnectionsPerTarget", maxConnectionsPerTarget, 1);
    atLeast("maxIdlePerTarget", maxIdlePerTarget, 0);
    atLeast("headerTimeout", headerTimeout.toMillis(), 1);
    atLeast("keepAliveIdle", keepAliveIdle.toMillis(), 1);
    atLeast("clientIdle", clientIdle.toMillis(), 1);
    atLeast("poolIdle", poolIdle.toMillis(), 1);
  }

  /// The same with another limit of request bodies.
  public ProxyConfig withMaxBodyBytes(long bytes) {
    return new ProxyConfig(
        maxLineBytes,
        maxHeaderBytes,
        bytes,
        maxReplayBytes,
        maxConnections,
        maxConnectionsPerTarget,
        maxIdlePerTarget,
        headerTimeout,
        keepAliveIdle,
        clientIdle,
        poolIdle,
        guards,
        http2);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  /// The same with other patience towards clients.
  public ProxyConfig withClientTimeouts(Duration header, Duration keepAlive, Duration idle) {
    return new ProxyConfig(
        maxLineBytes,
        maxHeaderBytes,
        maxBodyBytes,
        maxReplayBytes,
        maxConnections,
        maxConnectionsPerTarget,
        maxIdlePerTarget,
        header,
        keepAlive,
        idle,
        poolIdle,
        guards,
        http2);
  }

  /// The same with other limits for clients.
  ///
  /// @param connections open client connections
  public ProxyConfig withClients(int connections, ClientGuards limits) {
    return new ProxyConfig(
        maxLineBytes,
        maxHeaderBytes,
        maxBodyBytes,
        maxReplayBytes,
        connections,
        maxConnectionsPerTarget,
        maxIdlePerTarget,
        headerTimeout,
        keepAliveIdle,
        clientIdle,
        poolIdle,
        limits,
        http2);
  }

  /// The same with other bounds of HTTP/2.
  public ProxyConfig withHttp2(Http2Config bounds) {
    return new ProxyConfig(
        maxLineBytes,
        maxHeaderBytes,
        maxBodyBytes,
        maxReplayBytes,
        maxConnections,
        maxConnectionsPerTarget,
        maxIdlePerTarget,
        headerTimeout,
        keepAliveIdle,
        clientIdle,
        poolIdle,
        guards,
        bounds);
  }
}

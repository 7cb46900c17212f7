package io.skein.proxy.http;

import io.skein.routing.pace.Pace;

/// What a client may do to us. Heads have `ProxyConfig.headerTimeout`, silence has `clientIdle`;
/// these are against those who move just enough to be neither, and those who are many.
///
/// @param body least pace of a request's body in HTTP/1.1; slower: 408. Streams of HTTP/2 and what
///   peers forward are not measured: they may pause
/// @param answer least pace at which an answer is taken; slower: cut off
/// @param connectionsPerAddress open connections from one address, at least 0; beyond: closed at
///   once; 0: no limit but `ProxyConfig.maxConnections`. Behind another proxy all clients have one
///   address.
public record ClientGuards(Pace body, Pace answer, int connectionsPerAddress) {
  /// 240 bytes a second either way over 10 s; no limit by address.
  public static final ClientGuards DEFAULT = new ClientGuards(Pace.DEFAULT, Pace.DEFAULT, 0);

  public ClientGuards {
    if (connectionsPerAddress < 0) {
      throw new IllegalArgumentException(
          "connectionsPerAddress: " + connectionsPerAddress + " (expected: >= 0)");
    }
  }
}

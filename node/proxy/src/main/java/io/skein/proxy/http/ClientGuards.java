package io.skein.proxy.http;

import io.skein.routing.pace.Pace;
import java.util.concurrent.TimeUnit;

/// What a client may do to us. Heads have `ProxyConfig.headerTimeout`, silence has `clientIdle`;
/// these are against those who move just enough to be neither, and those who are many.
///
/// @param body least pace of a request's body; slower: 408. gRPC calls and what peers forward are
///   not measured: they may pause
/// @param answer least pace at which an answer is taken; slower: cut off. gRPC calls are not
///   measured
/// @param connectionsPerAddress open connections from one address, at least 0; beyond: closed at
///   once; 0: no limit but `ProxyConfig.maxConnections`. Behind another proxy all clients have one
///   address.
/// @param requestsPerConnection after which a connection ends, at least 0; 0: never
/// @param connectionAgeNanos after which a connection ends between two answers, less up to a tenth;
///   0: never. Without it, clients behind an L4 balancer stay where they are when nodes are added.
///   Peers' connections stay
public record ClientGuards(
    Pace body,
    Pace answer,
    int connectionsPerAddress,
    int requestsPerConnection,
    long connectionAgeNanos) {
  /// 240 bytes a second either way over 10 s; no limit by address; an hour.
  public static final ClientGuards DEFAULT =
      new ClientGuards(Pace.DEFAULT, Pace.DEFAULT, 0, 0, TimeUnit.HOURS.toNanos(1));

  public ClientGuards {
    atLeast0("connectionsPerAddress", connectionsPerAddress);
    atLeast0("requestsPerConnection", requestsPerConnection);
    atLeast0("connectionAgeNanos", connectionAgeNanos);
  }

  private static void atLeast0(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }
}

package io.skein.proxy.resilience;

/// What the relayed connections of one service may do: TCP, TLS passthrough, WebSockets. Immutable;
/// any thread.
///
/// @param connections open at once through this node, at least 0; beyond: refused; 0: no limit but
///   the node's. Each holds two sockets and up to two buffers, for as long as it likes
/// @param connectionsPerAddress of those, from one client address; 0: no limit of its own
/// @param idleNanos silence on both sides after which it is reset; 0: as its listener has it
/// @param halfClosedNanos silence after which it is reset once one side has said all; 0: as
///   `idleNanos`. Lower: sides that never answer an end are gone sooner; those that compute for
///   long after the last byte are, too
/// @param lifetimeNanos how long it may last at most; 0: as long as it likes. With it, connections
///   come to new endpoints and nodes some day
public record RelayRules(
    int connections,
    int connectionsPerAddress,
    long idleNanos,
    long halfClosedNanos,
    long lifetimeNanos) {
  /// Nothing limited.
  public static final RelayRules NONE = new RelayRules(0, 0, 0, 0, 0);

  public RelayRules {
    atLeast0("connections", connections);
    atLeast0("connectionsPerAddress", connectionsPerAddress);
    atLeast0("idleNanos", idleNanos);
    atLeast0("halfClosedNanos", halfClosedNanos);
    atLeast0("lifetimeNanos", lifetimeNanos);
  }

  private static void atLeast0(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }

  /// How long a connection may be silent.
  ///
  /// @param listenerNanos what its listener says
  public long idleOr(long listenerNanos) {
    return idleNanos == 0 ? listenerNanos : idleNanos;
  }
}

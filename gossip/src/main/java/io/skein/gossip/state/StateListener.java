package io.skein.gossip.state;

import io.skein.gossip.transport.PeerId;

/// What a [StateExchange] tells; called from within its methods, on the caller's thread. Must not
/// call back into the exchange.
public interface StateListener {
  /// A peer's value is new or newer. Own values are not reported.
  void changed(PeerId owner, String key, StateEntry entry);

  /// Nothing of `owner` is held any more: it was away for too long, or it restarted and its new
  /// values follow.
  default void forgotten(PeerId owner) {}

  /// A digest went to `peer` and its answer came back. The time includes the waiting of both nodes
  /// for their own threads.
  default void roundTrip(PeerId peer, long rttNanos, long nowNanos) {}
}

package io.skein.gossip.state;

import io.skein.gossip.transport.PeerId;

/// Where a [StateExchange] puts what it wants sent: best effort, at most [StateConfig#messageBytes]
/// bytes a message.
@FunctionalInterface
public interface StateOutbox {
  /// Sends `message`, which belongs to the callee.
  void send(PeerId to, byte[] message);
}

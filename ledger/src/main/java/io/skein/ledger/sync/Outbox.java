package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;

/// Where messages for peers are put. Sending never blocks and may lose, delay, reorder or repeat a
/// message; bytes are not altered.
@FunctionalInterface
public interface Outbox {
  /// Sends `message` to one peer, or drops it.
  void send(NodeId to, byte[] message);
}

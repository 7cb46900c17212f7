package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.SignedRecord;

/// Sees what happens in a node, for whoever checks it.
interface Watch {
  /// A record has become durable and counts.
  void visible(SignedRecord record);

  /// A reconciler's message has come in; `handle` hands it over, and must be called.
  default void handling(NodeLife node, NodeId from, byte[] message, Runnable handle) {
    handle.run();
  }
}

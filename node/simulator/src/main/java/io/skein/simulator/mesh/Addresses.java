package io.skein.simulator.mesh;

import io.skein.gossip.transport.PeerId;
import io.skein.ledger.key.NodeId;
import java.util.Map;
import java.util.TreeMap;

/// Who answers at which address. A node's address is its identity; a cloned machine has the same
/// identity at another address.
final class Addresses {
  private final Map<PeerId, NodeId> clones = new TreeMap<>();

  static PeerId of(NodeId node) {
    return new PeerId(node.high(), node.low());
  }

  /// An address for a clone of `node`.
  PeerId ofClone(NodeId node) {
    PeerId address = new PeerId(~node.high(), node.low());
    clones.put(address, node);
    return address;
  }

  boolean isClone(PeerId address) {
    return clones.containsKey(address);
  }

  NodeId who(PeerId address) {
    return clones.getOrDefault(address, new NodeId(address.high(), address.low()));
  }
}

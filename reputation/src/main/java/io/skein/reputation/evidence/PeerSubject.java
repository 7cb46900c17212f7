package io.skein.reputation.evidence;

import io.skein.ledger.key.NodeId;

/// A node, as a forwarder of its peers' requests.
///
/// @param node its identity
public record PeerSubject(NodeId node) implements Subject {
  @Override
  public String text() {
    return node.toString();
  }

  @Override
  public String kind() {
    return "peer";
  }

  @Override
  public String toString() {
    return "peer " + node;
  }
}

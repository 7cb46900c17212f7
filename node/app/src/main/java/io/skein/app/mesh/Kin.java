package io.skein.app.mesh;

import io.skein.ledger.key.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which nodes count as one: the branches of those that are there. Confined to the mesh thread.
final class Kin {
  private final NodeId self;
  private final Peers peers;
  private final Function<Set<NodeId>, Map<NodeId, NodeId>> branches;

  /// @param branches those of some nodes who are members, and the branch of each
  Kin(NodeId self, Peers peers, Function<Set<NodeId>, Map<NodeId, NodeId>> branches) {
    this.self = self;
    this.peers = peers;
    this.branches = branches;
  }

  /// The branches of this node and of these peers, without those who are no members.
  Map<NodeId, NodeId> among(Predicate<Peers.Peer> which) {
    Set<NodeId> nodes = new TreeSet<>();
    nodes.add(self);
    peers.all().stream().filter(which).map(Peers.Peer::id).forEach(nodes::add);
    return branches.apply(nodes);
  }
}

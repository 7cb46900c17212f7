package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who counts as one where nodes are counted: a member together with all whom it let in, by itself
/// or through those it let in. So nobody becomes a majority by inviting.
///
/// The founder and each of its guests begin a branch, however many came by one invite: an invite's
/// uses are the founder's own word for so many nodes. Where that makes fewer than [#LEAST]
/// branches, as in a mesh whose founder invited one node and that one the others, those who came
/// through one invite more begin them, and so on; and where there never are so many, each node is a
/// branch of its own. A mesh in which the founder alone invites has as many branches as nodes.
///
/// The price: the nodes that one member invited are one, however honest.
public final class Branches {
  /// Branches that are enough: of three, two are a majority without the third.
  public static final int LEAST = 3;

  private Branches() {}

  /// The branch of each node, by the member that begins it, who need not be one of `nodes`, nor a
  /// member still. Left out is who is no member now; before the genesis is known nobody is, and
  /// each is a branch of its own.
  ///
  /// The same for the same roster and nodes. Costs a pass over the nodes, [Descent#MOST] at most.
  public static SortedMap<NodeId, NodeId> of(RosterSnapshot roster, Collection<NodeId> nodes) {
    SortedMap<NodeId, NodeId> alone = new TreeMap<>();
    for (NodeId node : nodes) {
      if (roster.mesh().isEmpty() || roster.member(node).filter(Member::active).isPresent()) {
        alone.put(node, node);
      }
    }
    for (int depth = 1; depth < Descent.MOST; depth++) {
      SortedMap<NodeId, NodeId> branches = at(depth, roster, alone.keySet());
      if (new TreeSet<>(branches.values()).size() >= LEAST) {
        return Collections.unmodifiableSortedMap(branches);
      }
    }
    return Collections.unmodifiableSortedMap(alone);
  }

  /// Of how many branches these are if the founder and each of its guests begin one, whoever else
  /// there may be.
  public static int ofFoundersGuests(RosterSnapshot roster, Collection<NodeId> nodes) {
    return new TreeSet<>(at(1, roster, nodes).values()).size();
  }

  private static SortedMap<NodeId, NodeId> at(
      int depth, RosterSnapshot roster, Collection<NodeId> nodes) {
    SortedMap<NodeId, NodeId> branches = new TreeMap<>();
    for (NodeId node : nodes) {
      List<NodeId> cameBy = roster.cameBy(node);
      branches.put(node, cameBy.size() > depth ? cameBy.get(depth) : node);
    }
    return branches;
  }
}

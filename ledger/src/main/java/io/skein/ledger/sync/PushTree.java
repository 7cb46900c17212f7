package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// To whom a node passes on an author's new records: its children in a tree that everybody who sees
/// the same members computes alike.
///
/// The author is the root; the others follow in the order of a hash of author and member, so that
/// each author has a tree of its own and inner places go round. The node at place `i` passes on to
/// places `k·i + 1` to `k·i + k`: every member is reached once, in ⌈log_k n⌉ hops. Where views
/// differ for a while a record comes twice or not at all; announcements and digests mend that.
///
/// Plumtree (J. Leitão, J. Pereira, L. Rodrigues, *Epidemic Broadcast Trees*, SRDS 2007) grows such
/// a tree by pruning links that bring duplicates. Here the view is known, so nothing has to be
/// learnt; what is kept of it is the lazy announcement and the graft after a delay.
final class PushTree {
  private PushTree() {}

  /// The members that `self` passes `author`'s records on to.
  ///
  /// @param peers the live peers, with or without author and self
  /// @param fanOut most children, 1 or more
  static List<NodeId> children(NodeId author, NodeId self, Collection<NodeId> peers, int fanOut) {
    TreeSet<NodeId> members = new TreeSet<>(peers);
    members.add(self);
    members.remove(author);
    List<NodeId> order = new ArrayList<>(members);
    order.sort(
        Comparator.comparingLong((NodeId member) -> mix(author, member)).thenComparing(it -> it));
    int place = self.equals(author) ? 0 : order.indexOf(self) + 1;
    List<NodeId> children = new ArrayList<>();
    for (long i = (long) place * fanOut + 1; i <= (long) place * fanOut + fanOut; i++) {
      if (i <= order.size()) {
        children.add(order.get((int) i - 1));
      }
    }
    return children;
  }

  /// The finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood 2014) over both identities.
  private static long mix(NodeId author, NodeId member) {
    long z = author.high() ^ Long.rotateLeft(author.low(), 17);
    for (long part : new long[] {member.high(), member.low()}) {
      z = (z ^ part) + 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      z ^= z >>> 31;
    }
    return z;
  }
}

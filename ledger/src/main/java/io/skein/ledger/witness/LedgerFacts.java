package io.skein.ledger.witness;

import io.skein.ledger.admission.Branches;
import io.skein.ledger.admission.Member;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// What this package asks of the ledger it works for. On the ledger's thread.
public final class LedgerFacts {
  private final Ledger ledger;
  private Optional<RosterSnapshot> known = Optional.empty();
  private long knownForks;
  private SortedSet<NodeId> members = Collections.emptySortedSet();
  private SortedMap<NodeId, NodeId> branches = Collections.emptySortedMap();

  public LedgerFacts(Ledger ledger) {
    this.ledger = ledger;
  }

  /// The mesh.
  public Hash meshId() {
    return ledger.meshId();
  }

  /// The tree over a feed's durable records; empty if the feed is not held.
  public Optional<TreeHashes> tree(FeedId feed) {
    return ledger.tree(feed);
  }

  /// The key of anybody who is or was a member.
  public Optional<PublicKey> keyOf(NodeId node) {
    return ledger.roster().keyOf(node);
  }

  /// The members whose word counts now: neither revoked nor forked. The same set for the same
  /// records.
  public SortedSet<NodeId> members() {
    look();
    return members;
  }

  /// The branch of each of these.
  SortedMap<NodeId, NodeId> branches() {
    look();
    return branches;
  }

  private void look() {
    RosterSnapshot roster = ledger.roster().snapshot();
    if (known.isEmpty() || known.get() != roster || knownForks != ledger.forks()) {
      known = Optional.of(roster);
      knownForks = ledger.forks();
      TreeSet<NodeId> active = new TreeSet<>();
      roster.members().stream().filter(Member::active).map(Member::id).forEach(active::add);
      ledger.feeds().stream().filter(ledger::frozen).forEach(feed -> active.remove(feed.author()));
      members = Collections.unmodifiableSortedSet(active);
      branches = Branches.of(roster, active);
    }
  }

  /// Whether a fork has frozen the feed.
  public boolean frozen(FeedId feed) {
    return ledger.frozen(feed);
  }

  /// How many records of a feed a cut covers: of these only those that stay are shown; 0 if it is
  /// not cut.
  public long cutSize(FeedId feed) {
    return ledger.cut(feed).map(FeedCut::size).orElse(0L);
  }
}

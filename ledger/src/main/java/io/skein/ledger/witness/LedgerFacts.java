package io.skein.ledger.witness;

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
import java.util.SortedSet;
import java.util.TreeSet;

/// A ledger's own answers.
public final class LedgerFacts implements MeshFacts {
  private final Ledger ledger;
  private Optional<RosterSnapshot> known = Optional.empty();
  private long knownForks;
  private SortedSet<NodeId> members = Collections.emptySortedSet();

  public LedgerFacts(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Hash meshId() {
    return ledger.meshId();
  }

  @Override
  public Optional<TreeHashes> tree(FeedId feed) {
    return ledger.tree(feed);
  }

  @Override
  public Optional<PublicKey> keyOf(NodeId node) {
    return ledger.roster().keyOf(node);
  }

  @Override
  public SortedSet<NodeId> members() {
    RosterSnapshot roster = ledger.roster().snapshot();
    if (known.isEmpty() || known.get() != roster || knownForks != ledger.forks()) {
      known = Optional.of(roster);
      knownForks = ledger.forks();
      TreeSet<NodeId> active = new TreeSet<>();
      roster.members().stream().filter(Member::active).map(Member::id).forEach(active::add);
      ledger.feeds().stream().filter(ledger::frozen).forEach(feed -> active.remove(feed.author()));
      members = Collections.unmodifiableSortedSet(active);
    }
    return members;
  }

  @Override
  public boolean frozen(FeedId feed) {
    return ledger.frozen(feed);
  }

  @Override
  public long cutSize(FeedId feed) {
    return ledger.cut(feed).map(FeedCut::size).orElse(0L);
  }
}

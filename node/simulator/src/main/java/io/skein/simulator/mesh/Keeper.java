package io.skein.simulator.mesh;

import io.skein.ledger.admission.Member;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.retention.Retention;
import io.skein.ledger.retention.RetentionLimits;
import io.skein.ledger.retention.SnapshotTurn;
import java.util.Optional;
import java.util.TreeSet;

/// Lets a node's old records go as a real node does: proposes a snapshot when it is its turn among
/// the live, and cuts one feed a second where a snapshot and the limits allow it and every live
/// peer is known to have the checkpoint behind the cut.
final class Keeper {
  /// Hears of each cut when it stands.
  interface Listener {
    /// `node` has let go what may go of the first `size` records of `feed`.
    void cut(NodeLife node, FeedId feed, long size);
  }

  /// A look is a second.
  private static final int LOOKS_EACH_RANK = 5;

  private final NodeLife node;
  private final SnapshotTurn turn = new SnapshotTurn(LOOKS_EACH_RANK);
  private final Retention retention;
  private final boolean hasty;
  private final Listener listener;

  /// @param hasty whether it cuts without asking who has the records: a broken node
  Keeper(NodeLife node, RetentionLimits limits, boolean hasty, Listener listener) {
    this.node = node;
    this.retention = new Retention(limits);
    this.hasty = hasty;
    this.listener = listener;
  }

  void apply(SignedRecord record) {
    Ledger ledger = node.ledger();
    boolean heeded = ledger.roster().member(record.author()).map(Member::active).orElse(false);
    retention.apply(record, heeded);
    ledger.cut(record.feed()).ifPresent(cut -> retention.cut(record.feed(), cut.size()));
  }

  void forget() {
    retention.forget();
  }

  void second() {
    Ledger ledger = node.ledger();
    if (ledger.storageFailure().isPresent() || ledger.uncommitted() > 0) {
      return;
    }
    long held = 0;
    for (FeedId feed : ledger.heads().keySet()) {
      held += ledger.bytes(feed);
    }
    long scored = node.scoredMillis();
    TreeSet<NodeId> live = new TreeSet<>(node.reachable());
    live.add(ledger.self());
    Optional<Body.Snapshot> proposal =
        ledger.writable() ? retention.proposal(node.nowMillis(), scored, held) : Optional.empty();
    if (turn.look(live.headSet(ledger.self()).size(), proposal.isPresent())) {
      proposal.ifPresent(node::write);
    }
    for (Cut cut : retention.due(node.nowMillis(), scored, held)) {
      boolean everywhere = hasty || node.reconciler().everywhere(cut.feed(), cut.size() + 1);
      if (everywhere && ledger.prune(cut.feed(), cut.size()) > 0) {
        retention.cut(cut.feed(), cut.size());
        listener.cut(node, cut.feed(), cut.size());
        return;
      }
    }
  }
}

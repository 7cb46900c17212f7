package io.skein.ledger.sync;

import io.skein.ledger.admission.Member;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Recovery;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Decides when a reopened ledger may be written again.
///
/// A peer's word counts if it answers a question of this run and names a feed of this node: a peer
/// that never heard of the node knows nothing of its head. Where this ledger itself knows no feed
/// of the node, as at the first start after a rotation, every answer counts: nobody can name what
/// was never written. After the first word the others get a little time for theirs, because one may
/// know more than another; then everything told has to be fetched. If no word comes in time, or
/// what was told cannot be had, the ledger begins a new epoch. The time is that of [Attention].
final class OwnHeads {
  /// So many own feeds may there be of a node that begins another for a member's silence alone.
  static final int DOUBTFUL_EPOCHS = 32;

  private final Ledger ledger;
  private final ReconcilerConfig config;
  private boolean waiting;
  private long sinceNanos;
  private boolean heard;
  private long heardNanos;

  OwnHeads(Ledger ledger, ReconcilerConfig config) {
    this.ledger = ledger;
    this.config = config;
  }

  /// @return the outcome, once, when the wait ends
  Optional<Recovery> decide(Collection<PeerView> peers, long nowNanos) {
    if (!ledger.own().awaitsPeers()) {
      return Optional.empty();
    }
    if (!waiting) {
      waiting = true;
      sinceNanos = nowNanos;
    }
    if (!heard && peers.stream().anyMatch(this::counts)) {
      heard = true;
      heardNanos = nowNanos;
    }
    boolean enough =
        heard && (everybody(peers) || nowNanos - heardNanos >= config.answerPatience().toNanos());
    if (enough && peers.stream().anyMatch(this::counts) && caughtUp(peers)) {
      boolean doubt = ledger.own().outdated() || ownFeeds() < DOUBTFUL_EPOCHS;
      return Optional.of(end(doubt && !everybody(peers) ? Recovery.UNSURE : Recovery.ANSWERED));
    }
    return nowNanos - sinceNanos >= config.recoveryPatience().toNanos()
        ? Optional.of(end(Recovery.NO_ANSWER))
        : Optional.empty();
  }

  private Recovery end(Recovery outcome) {
    waiting = false;
    heard = false;
    ledger.own().recovered(outcome);
    return outcome;
  }

  private boolean counts(PeerView peer) {
    return peer.answered
        && (!ledger.own().known()
            || peer.heads().keySet().stream()
                .anyMatch(feed -> feed.author().equals(ledger.self())));
  }

  /// Whether every other member has answered.
  private boolean everybody(Collection<PeerView> peers) {
    Set<NodeId> silent = new HashSet<>();
    ledger.roster().members().stream().filter(Member::active).map(Member::id).forEach(silent::add);
    silent.remove(ledger.self());
    peers.stream().filter(peer -> peer.answered).map(peer -> peer.id).forEach(silent::remove);
    return silent.isEmpty();
  }

  private long ownFeeds() {
    return ledger.heads().keySet().stream()
        .filter(feed -> feed.author().equals(ledger.self()))
        .count();
  }

  private boolean caughtUp(Collection<PeerView> peers) {
    return peers.stream()
        .flatMap(peer -> peer.heads().entrySet().stream())
        .filter(entry -> entry.getKey().author().equals(ledger.self()))
        .allMatch(entry -> ledger.acceptedSeq(entry.getKey()) >= entry.getValue().seq());
  }
}

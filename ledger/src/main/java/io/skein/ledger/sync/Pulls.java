package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.sync.SyncMessage.Want;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

/// Asks peers for what they have and the ledger lacks: one request at a time to each peer, each
/// feed from one peer at a time, the next after the last was committed.
///
/// A peer that does not answer, or answers with little though it said that it has more, is left
/// alone for a while, twice as long each time, and another is asked. Nobody is asked, or held to
/// account, while the ledger [cannot write][Ledger#storageFailure]: whatever came would be refused,
/// and that is not the peers' fault. The commit that succeeds again goes on at once, and with
/// everybody. All times here are those of [Attention]: nor is anybody held to account for what this
/// node could not hear.
final class Pulls {
  /// So few records may be under way as a push.
  private static final int FEW = 64;

  /// An answer of so many bytes is worth having, whatever was promised.
  private static final int WORTHWHILE_BYTES = 64 << 10;

  private final Ledger ledger;
  private final Mail mail;
  private final ReconcilerConfig config;
  private final Lags lags;
  private final Accusations accusations;
  private final Map<NodeId, PeerView> peers;
  private final Reentry reentry;
  private final Map<FeedId, NodeId> pulledFrom = new TreeMap<>();
  private boolean mends = true;
  private long lastPull;

  Pulls(
      Ledger ledger,
      Mail mail,
      ReconcilerConfig config,
      Lags lags,
      Accusations accusations,
      Map<NodeId, PeerView> peers,
      Reentry reentry) {
    this.ledger = ledger;
    this.mail = mail;
    this.config = config;
    this.lags = lags;
    this.accusations = accusations;
    this.peers = peers;
    this.reentry = reentry;
  }

  void retain(Set<NodeId> live) {
    pulledFrom.values().retainAll(live);
  }

  /// Whether to ask for what is no longer readable.
  void mends(boolean now) {
    mends = now;
  }

  void expire(PeerView peer, long nowNanos) {
    peer.pending()
        .filter(pull -> nowNanos - pull.deadlineNanos() >= 0)
        .ifPresent(pull -> {
          finish(peer, pull);
          peer.failed(nowNanos, config.pullTimeout().toNanos());
        });
    if (ledger.storageFailure().isPresent()) {
      peer.excused();
    }
  }

  private void finish(PeerView peer, PeerView.Pending pull) {
    peer.pulled();
    pull.wants().forEach(want -> pulledFrom.remove(want.feed(), peer.id));
  }

  /// Whether records with that id answer a pull that waits; if so, it no longer does.
  Optional<PeerView.Pending> answered(PeerView peer, long id) {
    Optional<PeerView.Pending> pull = peer.pending().filter(pending -> pending.id() == id);
    pull.ifPresent(pending -> finish(peer, pending));
    return pull;
  }

  /// A feed is not asked of a peer for a while, as what came of it could not be taken; unless that
  /// is because the ledger cannot write.
  void hold(PeerView peer, FeedId feed, long nowNanos) {
    if (ledger.storageFailure().isEmpty()) {
      peer.hold(feed, nowNanos, config.pullTimeout().toNanos());
    }
  }

  /// Judges an answer after its records were offered to the ledger.
  ///
  /// @param grew whether any was new
  void judge(PeerView peer, PeerView.Pending pull, boolean grew, long bytes, long nowNanos) {
    peer.searches.values().removeIf(ForkSearch::over);
    if (ledger.storageFailure().isPresent()) {
      return;
    }
    boolean kept =
        bytes >= WORTHWHILE_BYTES
            || pull.heads().entrySet().stream()
                .allMatch(told ->
                    ledger.acceptedSeq(told.getKey()) >= told.getValue().seq()
                        || ledger.frozen(told.getKey()));
    if (grew) {
      peer.delivered();
    } else {
      pull.wants().stream()
          .filter(want -> !had(want))
          .forEach(want -> hold(peer, want.feed(), nowNanos));
    }
    if (!kept && bytes < WORTHWHILE_BYTES && grew) {
      peer.failed(nowNanos, config.pullTimeout().toNanos());
    }
  }

  /// Whether what was asked for is there by now, whoever brought it.
  private boolean had(Want want) {
    SortedSet<Long> unreadable = ledger.unreadable().get(want.feed());
    return ledger.acceptedSeq(want.feed()) >= want.fromSeq()
        && (unreadable == null || !unreadable.contains(want.fromSeq()));
  }

  /// Takes a part of a cut feed that answers a pull.
  ///
  /// @return whether it cannot be true
  boolean take(PeerView peer, SyncMessage.Pruned part, long nowNanos) {
    peer.searches.remove(part.feed()); // where it was cut nothing can be found
    switch (reentry.take(peer.id, part, nowNanos)) {
      case MORE -> {
        peer.delivered();
        pull(peer, nowNanos);
      }
      case ADOPTED -> peer.delivered();
      case UNWRITTEN -> {
        // The disk's matter, not the peer's.
      }
      case LATER -> hold(peer, part.feed(), nowNanos);
      case FALSE -> {
        hold(peer, part.feed(), nowNanos);
        peer.failed(nowNanos, config.pullTimeout().toNanos());
        return true;
      }
    }
    return false;
  }

  /// Whether all that is missing of a feed was brought and waits for the disk.
  boolean unwritten() {
    return reentry.unwritten();
  }

  /// Offers the ledger what its disk refused, if the disk may take it now.
  void writeAgain(long nowNanos) {
    if (ledger.storageFailure().isEmpty()) {
      reentry.again(nowNanos);
    }
  }

  void pull(PeerView peer, long nowNanos) {
    if (!peer.mayPull(nowNanos) || ledger.storageFailure().isPresent()) {
      return;
    }
    List<Want> wants = new ArrayList<>();
    Map<FeedId, Head> told = new LinkedHashMap<>();
    peer.searches.forEach((feed, search) -> {
      if (wants.size() < SyncMessage.MAX_WANTS && accusations.mayLower(feed)) {
        wants.add(new Want(feed, search.next(config.batchRecords())));
      }
    });
    lacking(peer, wants, told, nowNanos);
    List<Want> again = mends ? unreadable(peer, told.keySet(), nowNanos) : List.of();
    wants.addAll(again.subList(0, Math.min(again.size(), SyncMessage.MAX_WANTS - wants.size())));
    if (!wants.isEmpty()) {
      lastPull++;
      long deadline = nowNanos + config.pullTimeout().toNanos();
      peer.pulling(new PeerView.Pending(lastPull, List.copyOf(wants), told, deadline));
      told.keySet().forEach(feed -> pulledFrom.putIfAbsent(feed, peer.id));
      again.forEach(want -> pulledFrom.putIfAbsent(want.feed(), peer.id));
      mail.send(peer.id, new SyncMessage.Pull(lastPull, wants));
    }
  }

  /// What the peer has and the ledger lacks, as far as it may be asked for now.
  ///
  /// @param wants takes what to ask for
  /// @param told takes what the peer told of these feeds
  private void lacking(PeerView peer, List<Want> wants, Map<FeedId, Head> told, long nowNanos) {
    Set<Map.Entry<FeedId, Head>> ahead = peer.ahead(ledger::acceptedSeq);
    // Most of it is under way, and the order costs a look at all that the peer ever told.
    List<Map.Entry<FeedId, Head>> some =
        wants.size() + ahead.size() > SyncMessage.MAX_WANTS
            ? List.copyOf(ahead)
            : ahead.stream().filter(it -> due(peer, it, nowNanos)).toList();
    for (Map.Entry<FeedId, Head> entry : some.size() < 2 ? some : peer.inOrder(some)) {
      if (wants.size() == SyncMessage.MAX_WANTS) {
        return;
      }
      FeedId feed = entry.getKey();
      if (due(peer, entry, nowNanos)) {
        Optional<Long> from = reentry.from(feed, peer.id, nowNanos);
        if (from.isPresent()) {
          Want want = new Want(feed, from.get());
          if (reentry.collects(feed)) {
            wants.addFirst(want); // the first is what is answered in parts
          } else {
            wants.add(want);
          }
          told.put(feed, entry.getValue());
        }
      }
    }
  }

  /// Whether what the peer has more of a feed may be asked of it now.
  private boolean due(PeerView peer, Map.Entry<FeedId, Head> ahead, long nowNanos) {
    FeedId feed = ahead.getKey();
    return lacks(feed, ledger.acceptedSeq(feed), ahead.getValue(), nowNanos)
        && !pulledFrom.containsKey(feed)
        && !peer.held(feed, nowNanos);
  }

  /// What was held and cannot be read any more, from the first such record of each feed on.
  private List<Want> unreadable(PeerView peer, Set<FeedId> asked, long nowNanos) {
    List<Want> wants = new ArrayList<>();
    ledger
        .unreadable()
        .forEach((feed, seqs) -> {
          Head head = peer.heads().get(feed);
          if (head != null
              && head.seq() >= seqs.first()
              && !asked.contains(feed)
              && !pulledFrom.containsKey(feed)
              && !peer.held(feed, nowNanos)) {
            wants.add(new Want(feed, seqs.first()));
          }
        });
    return wants;
  }

  private boolean lacks(FeedId feed, long accepted, Head head, long nowNanos) {
    if (accepted + 1 >= ledger.frozenAt(feed).orElse(Long.MAX_VALUE)) {
      return false;
    }
    if (accepted == 0 || head.seq() - accepted > FEW) {
      return true;
    }
    OptionalLong since = lags.sinceNanos(feed);
    if (since.isEmpty()) {
      lags.told(feed, head.seq(), nowNanos);
    }
    return since.isPresent() && nowNanos - since.getAsLong() >= config.graftAfter().toNanos();
  }
}

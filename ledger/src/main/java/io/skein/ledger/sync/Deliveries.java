package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.util.Map;
import java.util.Optional;

/// Takes what peers send of feeds, and draws what follows for them: what they have, where their
/// branch is another, what they are not asked for again, what is garbage.
final class Deliveries {
  private final Ledger ledger;
  private final Intake intake;
  private final Attention attention;
  private final Lags lags;
  private final Arrears arrears;
  private final Pushes pushes;
  private final Accusations accusations;
  private final Pulls pulls;
  private final Map<NodeId, PeerView> peers;
  private final ReconcilerListener listener;

  Deliveries(
      Ledger ledger,
      Intake intake,
      Attention attention,
      Lags lags,
      Arrears arrears,
      Pushes pushes,
      Accusations accusations,
      Pulls pulls,
      Map<NodeId, PeerView> peers,
      ReconcilerListener listener) {
    this.ledger = ledger;
    this.intake = intake;
    this.attention = attention;
    this.lags = lags;
    this.arrears = arrears;
    this.pushes = pushes;
    this.accusations = accusations;
    this.pulls = pulls;
    this.peers = peers;
    this.listener = listener;
  }

  /// Takes records that were pulled or pushed.
  void take(PeerView peer, SyncMessage.Records message, long nowNanos) {
    Optional<PeerView.Pending> pull = pulls.answered(peer, message.id());
    long bytes = message.records().stream().mapToLong(record -> record.length).sum();
    if (pull.isPresent()) {
      peer.heard.refund(bytes); // it was asked for
    }
    Intake.Runs runs = pull.isPresent() ? feed -> arrears.allowed(feed, peer.id) : Intake.Runs.NONE;
    boolean grew = false;
    long mended = ledger.mended();
    for (Intake.Offer offer : intake.prepare(message.records(), runs)) {
      if (peer.silenced(nowNanos)) {
        break;
      }
      grew |= take(peer, offer, pull.isPresent(), nowNanos);
    }
    grew |= ledger.mended() > mended;
    if (pull.isPresent()) {
      arrears.busy(nowNanos);
      pulls.judge(peer, pull.get(), grew, bytes, attention.at(nowNanos));
    }
  }

  /// Takes a part of what a cut has left of a feed.
  void take(PeerView peer, SyncMessage.Pruned part, long nowNanos) {
    if (pulls.answered(peer, part.id()).isEmpty()) {
      return;
    }
    peer.heard.refund(
        part.hashes().length + part.kept().stream().mapToLong(record -> record.length).sum());
    if (pulls.take(peer, part, attention.at(nowNanos))) {
      garbage(peer, peer.id, nowNanos);
    }
  }

  private boolean take(PeerView peer, Intake.Offer offer, boolean pulled, long nowNanos) {
    if (!(offer.decoded() instanceof Decoded.Valid(SignedRecord record))) {
      if (ledger.accept(offer.decoded(), offer.signer()) instanceof Acceptance.Refused refused) {
        refused(peer, refused, nowNanos);
      }
      return false;
    }
    FeedId feed = record.feed();
    if (!accusations.mayLower(feed)) {
      return false;
    }
    Acceptance acceptance =
        offer.vouched()
            ? ledger.vouch(record, offer.signer().orElseThrow())
            : ledger.accept(record, offer.signer());
    switch (acceptance) {
      case Acceptance.Accepted _ -> {
        peer.release(feed);
        if (offer.vouched()) {
          arrears.took(feed, record.seq(), peer.id, nowNanos);
        }
        pushes.shared(peer, record);
        if (!pulled) {
          pushes.pushed(record, peer.id);
        }
        if (record.body() instanceof Body.Genesis
            || record.body() instanceof Body.Invite
            || record.body() instanceof Body.Join) {
          peers.values().forEach(PeerView::releaseAll);
        }
        return true;
      }
      case Acceptance.Duplicate _ -> {
        pushes.shared(peer, record);
        Optional.ofNullable(peer.searches.get(feed)).ifPresent(it -> it.same(record.seq()));
      }
      case Acceptance.Gap _ -> noticed(peer, record, nowNanos);
      case Acceptance.NotYet notYet -> {
        noticed(peer, record, nowNanos);
        if (!notYet.ownDisk()) {
          pulls.hold(peer, feed, attention.at(nowNanos));
        }
      }
      case Acceptance.Refused refused -> {
        if (refused.reason() == Refusal.BROKEN_CHAIN) {
          peer.searches.putIfAbsent(feed, new ForkSearch(ledger.acceptedSeq(feed)));
        }
        if (refused.reason() != Refusal.FROZEN) {
          pulls.hold(peer, feed, attention.at(nowNanos));
        }
        refused(peer, refused, nowNanos);
      }
      case Acceptance.Forked(SignedRecord held, SignedRecord other) -> {
        ForkSearch search = peer.searches.computeIfAbsent(feed, _ -> new ForkSearch(other.seq()));
        search.differs(other.seq());
        if (held.prev().equals(other.prev())) {
          search.same(other.seq() - 1);
        }
      }
    }
    return false;
  }

  private void refused(PeerView peer, Acceptance.Refused refused, long nowNanos) {
    listener.refused(peer.id, refused);
    if (refused.reason().blamesTheSender()) {
      garbage(peer, peer.id, nowNanos);
    }
  }

  /// Whoever sends a record has it, and all before it.
  private void noticed(PeerView peer, SignedRecord record, long nowNanos) {
    peer.has(record.feed(), record.seq(), record.hash());
    lags.told(record.feed(), record.seq(), attention.at(nowNanos));
  }

  /// A record that was taken on the word of a later one is not signed by its author: whoever sent
  /// it is to blame.
  void wrong(Arrears.Wrong wrong, long nowNanos) {
    Acceptance.Refused refused =
        new Acceptance.Refused(
            Refusal.BAD_SIGNATURE,
            wrong.feed() + "#" + wrong.seq() + " is not signed by its author");
    wrong
        .from()
        .flatMap(from -> Optional.ofNullable(peers.get(from)))
        .ifPresent(peer -> {
          pulls.hold(peer, wrong.feed(), attention.at(nowNanos));
          refused(peer, refused, nowNanos);
        });
  }

  /// Somebody sent something worthless, and `payer` pays for it.
  void garbage(PeerView payer, NodeId from, long nowNanos) {
    if (payer.sentGarbage(nowNanos)) {
      listener.silenced(from);
    }
  }
}

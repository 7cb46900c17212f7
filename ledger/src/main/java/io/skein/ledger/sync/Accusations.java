package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Conviction;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Spreads proofs of forks. Who finds one tells every live peer at once; everyone to whom it is
/// news passes it on once, to a few; and whoever shows a head of a feed that it does not know to be
/// frozen is answered with the proof.
///
/// A cheat could lower the cut of one feed place by place, and have every node write a proof and
/// build its state anew each time. So after the first proof against a feed further ones are taken
/// at a limited rate; what is left out comes again with the next exchange of heads.
final class Accusations {
  private static final long AGAIN_NANOS = 1_000_000_000L;
  private static final int LOWERINGS = 8;
  private static final int LOWERINGS_PER_SECOND = 1;
  private static final int MAX_FEEDS = 1_024;

  private final Ledger ledger;
  private final Mail mail;
  private final RandomGenerator random;
  private final int relays;
  private final Map<NodeId, PeerView> peers;
  private final ReconcilerListener listener;
  private final Map<FeedId, TokenBucket> lowerings =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FeedId, TokenBucket> eldest) {
          return size() > MAX_FEEDS;
        }
      };
  private Optional<NodeId> accuser = Optional.empty();
  private long nowNanos;

  /// @param relays to how many peers another's proof is passed on
  /// @param peers the live ones; changed by the owner
  Accusations(
      Ledger ledger,
      Mail mail,
      RandomGenerator random,
      int relays,
      Map<NodeId, PeerView> peers,
      ReconcilerListener listener) {
    this.ledger = ledger;
    this.mail = mail;
    this.random = random;
    this.relays = relays;
    this.peers = peers;
    this.listener = listener;
    ledger.onProof(this::news);
  }

  void now(long nanos) {
    nowNanos = nanos;
  }

  private void news(ForkProof proof) {
    lowering(proof.feed()).take(1, nowNanos);
    List<NodeId> to = new ArrayList<>(peers.keySet());
    if (accuser.isPresent()) {
      to.remove(accuser.get());
      Collections.shuffle(to, random);
      to = to.subList(0, Math.min(relays, to.size()));
    }
    for (NodeId id : to) {
      send(Optional.ofNullable(peers.get(id)).orElseThrow(), proof);
    }
    listener.convicted(proof);
  }

  private int send(PeerView peer, ForkProof proof) {
    peer.proofSentNanos.put(proof.feed(), nowNanos);
    return mail.send(peer.id, new SyncMessage.Evidence(proof));
  }

  /// Whether a further proof against a feed may be taken in now.
  boolean mayLower(FeedId feed) {
    return !ledger.frozen(feed) || lowering(feed).any(nowNanos);
  }

  private TokenBucket lowering(FeedId feed) {
    return lowerings.computeIfAbsent(feed, _ -> new TokenBucket(LOWERINGS, LOWERINGS_PER_SECOND));
  }

  /// A peer sent a proof.
  Conviction receive(PeerView peer, ForkProof proof) {
    if (!mayLower(proof.feed())) {
      return Conviction.KNOWN;
    }
    accuser = Optional.of(peer.id);
    Conviction conviction = ledger.accept(proof);
    accuser = Optional.empty();
    if (conviction == Conviction.NEWS) {
      peer.proofSentNanos.put(proof.feed(), nowNanos);
    }
    return conviction;
  }

  /// A peer shows a feed as frozen at `frozenAt`, or not at all (0), and the ledger knows better.
  void answer(PeerView peer, FeedId feed, long frozenAt) {
    long cut = ledger.frozenAt(feed).orElse(Long.MAX_VALUE);
    if (cut >= (frozenAt == 0 ? Long.MAX_VALUE : frozenAt)) {
      return;
    }
    for (ForkProof proof : ledger.proofs(feed.author())) {
      // All that stand against the author: enough of them end it altogether.
      Long sent = peer.proofSentNanos.get(proof.feed());
      boolean due = sent == null || nowNanos - sent >= AGAIN_NANOS;
      if (due && peer.served.any(nowNanos)) {
        peer.served.take(send(peer, proof), nowNanos);
      }
    }
  }
}

package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.sync.SyncMessage.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Shows what is withheld: peers that claim to have a record and never deliver it. What this node
/// cannot get from those who claim to have it, it tells others now and then; they pass on only what
/// they hear from claimants themselves, so that a rumor does not outlive its source.
///
/// What this node's own disk refuses is withheld by nobody: while the ledger cannot write nothing
/// is waited for, and the wait begins anew when it can. Nor while a feed that was brought waits for
/// the disk: it has the place of the others that would have to be brought in that way. Nor is a
/// feed of which the disk does not give back what is there. All times here are those of
/// [Attention].
final class Withholding {
  private static final long TELL_NANOS = 5_000_000_000L;

  private final Ledger ledger;
  private final Mail mail;
  private final RandomGenerator random;
  private final ReconcilerConfig config;
  private final Lags lags;
  private final Pulls pulls;
  private final Map<NodeId, PeerView> peers;

  /// What peers could not get, as they told last; at most [SyncMessage#MAX_HEARD] of each.
  private final Map<NodeId, List<Entry>> hearsay = new TreeMap<>();

  private long toldNanos;
  private boolean told;

  /// When the ledger could last not write, as far as was looked.
  private OptionalLong refusedNanos = OptionalLong.empty();

  Withholding(
      Ledger ledger,
      Mail mail,
      RandomGenerator random,
      ReconcilerConfig config,
      Lags lags,
      Pulls pulls,
      Map<NodeId, PeerView> peers) {
    this.ledger = ledger;
    this.mail = mail;
    this.random = random;
    this.config = config;
    this.lags = lags;
    this.pulls = pulls;
    this.peers = peers;
  }

  void retain(Set<NodeId> live) {
    hearsay.keySet().retainAll(live);
  }

  void heard(NodeId from, List<Entry> entries, long nowNanos) {
    hearsay.put(from, entries);
    entries.forEach(entry -> lags.told(entry.feed(), entry.head().seq(), nowNanos));
  }

  void tick(long nowNanos) {
    if (diskRefuses()) {
      refusedNanos = OptionalLong.of(nowNanos);
    }
    if (told && nowNanos - toldNanos < TELL_NANOS) {
      return;
    }
    told = true;
    toldNanos = nowNanos;
    List<NodeId> live = List.copyOf(peers.keySet());
    List<Entry> claims = new ArrayList<>();
    claims(nowNanos)
        .forEach((feed, claim) -> {
          if (claims.size() < SyncMessage.MAX_HEARD) {
            claims.add(new Entry(feed, claim.head));
          }
        });
    if (!claims.isEmpty()) {
      mail.send(live.get(random.nextInt(live.size())), new SyncMessage.Heard(claims));
    }
  }

  private static final class Claim {
    private Head head;
    private int peers;
    private int hearsay;
    private final long forNanos;

    Claim(Head head, long forNanos) {
      this.head = head;
      this.forNanos = forNanos;
    }

    void furthest(Head other) {
      head = other.seq() > head.seq() ? other : head;
    }
  }

  /// What live peers claim to have and the ledger has waited for long enough.
  private Map<FeedId, Claim> claims(long nowNanos) {
    Map<FeedId, Claim> claims = new TreeMap<>();
    for (PeerView peer : peers.values()) {
      peer.heads()
          .forEach((feed, head) -> {
            if (head.seq() <= ledger.acceptedSeq(feed)) {
              return;
            }
            if (lags.sinceNanos(feed).isEmpty()) {
              lags.told(feed, head.seq(), nowNanos);
            }
            long waited = waitedNanos(feed, nowNanos);
            if (waited >= config.withheldAfter().toNanos()) {
              Claim claim = claims.computeIfAbsent(feed, _ -> new Claim(head, waited));
              claim.furthest(head);
              claim.peers++;
            }
          });
    }
    return claims;
  }

  private boolean diskRefuses() {
    return ledger.storageFailure().isPresent() || pulls.unwritten();
  }

  /// How long the ledger, able to write, has waited for the next record of a feed.
  private long waitedNanos(FeedId feed, long nowNanos) {
    OptionalLong since = lags.sinceNanos(feed);
    if (since.isEmpty() || diskRefuses() || ledger.unreadable().containsKey(feed)) {
      return 0;
    }
    long waited = nowNanos - since.getAsLong();
    return refusedNanos.isPresent()
        ? Math.min(waited, nowNanos - refusedNanos.getAsLong())
        : waited;
  }

  /// What is withheld now, in order of feeds.
  List<Withheld> now(long nowNanos) {
    Map<FeedId, Claim> claims = claims(nowNanos);
    hearsay.values().forEach(entries -> entries.forEach(entry -> hears(claims, entry, nowNanos)));
    List<Withheld> withheld = new ArrayList<>();
    claims.forEach((feed, claim) ->
        withheld.add(
            new Withheld(
                feed,
                ledger.acceptedSeq(feed),
                claim.head.seq(),
                claim.peers,
                claim.hearsay,
                claim.forNanos)));
    return withheld;
  }

  private void hears(Map<FeedId, Claim> claims, Entry entry, long nowNanos) {
    long waited = waitedNanos(entry.feed(), nowNanos);
    if (entry.head().seq() > ledger.acceptedSeq(entry.feed())
        && waited >= config.withheldAfter().toNanos()) {
      Claim claim = claims.computeIfAbsent(entry.feed(), _ -> new Claim(entry.head(), waited));
      claim.furthest(entry.head());
      claim.hearsay++;
    }
  }
}

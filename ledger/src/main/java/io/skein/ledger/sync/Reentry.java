package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Acceptance;
import io.skein.ledger.log.FeedCut;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Collects what is left of a feed whose first records no peer has any more: hashes, the records
/// that stay, and the author's checkpoint behind them. One feed at a time, from one peer; nothing
/// of it is believed before the ledger has checked it as a whole. If the disk refuses it then, it
/// waits here until the disk takes it, and nobody is asked for that feed meanwhile.
///
/// Memory is bounded by [#MAX_HASHES] hashes and [#MAX_KEPT_BYTES] of records.
final class Reentry {
  /// Most records that may be missing before a cut.
  static final int MAX_HASHES = 1 << 21;

  static final int MAX_KEPT_BYTES = 32 << 20;

  /// How long a peer may take for the next part before another feed or peer may have the place.
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /// Between two attempts to write what the disk refused: so long at first, up to 64 times as long.
  private static final long AGAIN_NANOS = 1_000_000_000L;

  private static final int MAX_DOUBLINGS = 6;

  /// What a part was good for.
  enum Outcome {
    /// It is to be gone on with.
    MORE,
    /// The feed was taken, and the next commit brings it.
    ADOPTED,
    /// All of it is here, and the disk refuses it for now: [#again].
    UNWRITTEN,
    /// The place is taken, or the author is not known yet: later.
    LATER,
    /// It cannot be true.
    FALSE
  }

  private final Ledger ledger;
  private @Nullable Collection current;

  Reentry(Ledger ledger) {
    this.ledger = ledger;
  }

  private static final class Collection {
    private final FeedId feed;
    private final NodeId peer;
    private final long first;
    private final List<SignedRecord> kept = new ArrayList<>();
    private byte[] hashes = new byte[64 * Hash.BYTES];
    private int count;
    private long keptBytes;
    private long seenNanos;
    private long againNanos;
    private int refused;

    Collection(FeedId feed, NodeId peer, long first) {
      this.feed = feed;
      this.peer = peer;
      this.first = first;
    }

    long next() {
      return first + count;
    }

    boolean waitsForTheDisk() {
      return refused > 0;
    }

    void refused(long nowNanos) {
      againNanos = nowNanos + (AGAIN_NANOS << Math.min(refused, MAX_DOUBLINGS));
      refused++;
    }

    void add(byte[] more) {
      int used = count * Hash.BYTES;
      if (used + more.length > hashes.length) {
        hashes = Arrays.copyOf(hashes, Math.max(used + more.length, 2 * hashes.length));
      }
      System.arraycopy(more, 0, hashes, used, more.length);
      count += more.length / Hash.BYTES;
    }
  }

  /// From which record on the feed is to be asked of the peer; empty while another peer is asked,
  /// and while all of it waits for the disk.
  Optional<Long> from(FeedId feed, NodeId peer, long nowNanos) {
    Collection now = current;
    if (now != null && !now.waitsForTheDisk() && nowNanos - now.seenNanos > PATIENCE_NANOS) {
      current = null;
      now = null;
    }
    long next = ledger.acceptedSeq(feed) + 1;
    if (now == null || !now.feed.equals(feed)) {
      return Optional.of(next);
    }
    if (now.first != next) {
      current = null; // it was had in another way
      return Optional.of(next);
    }
    return now.peer.equals(peer) && !now.waitsForTheDisk()
        ? Optional.of(now.next())
        : Optional.empty();
  }

  /// Whether a feed is being collected.
  boolean collects(FeedId feed) {
    return current != null && current.feed.equals(feed);
  }

  Outcome take(NodeId from, SyncMessage.Pruned part, long nowNanos) {
    long accepted = ledger.acceptedSeq(part.feed());
    if (part.size() <= accepted) {
      return Outcome.LATER; // nothing that is missing here
    }
    Collection now = current;
    if (now != null
        && (now.waitsForTheDisk()
            || ((!now.feed.equals(part.feed()) || !now.peer.equals(from))
                && nowNanos - now.seenNanos <= PATIENCE_NANOS))) {
      return Outcome.LATER;
    }
    if (now == null || !now.feed.equals(part.feed()) || !now.peer.equals(from)) {
      now = new Collection(part.feed(), from, accepted + 1);
    }
    current = now;
    now.seenNanos = nowNanos;
    if (part.fromSeq() != now.next() || now.first != accepted + 1) {
      current = null;
      return Outcome.LATER;
    }
    int hashes = part.hashes().length / Hash.BYTES;
    if (hashes == 0
        || part.size() - accepted > MAX_HASHES
        || part.fromSeq() + hashes - 1 > part.size()) {
      return ended(Outcome.FALSE);
    }
    now.add(part.hashes());
    for (byte[] encoded : part.kept()) {
      now.keptBytes += encoded.length;
      if (now.keptBytes > MAX_KEPT_BYTES
          || !(SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record))
          || !record.feed().equals(part.feed())
          || record.seq() < part.fromSeq()
          || record.seq() > now.next()) {
        return ended(Outcome.FALSE);
      }
      now.kept.add(record);
    }
    return now.next() <= part.size() ? Outcome.MORE : adopted(now, nowNanos);
  }

  /// Whether all that is missing of a feed is here and waits for the disk.
  boolean unwritten() {
    return current != null && current.waitsForTheDisk();
  }

  /// Offers the ledger once more what the disk refused, if it is time.
  void again(long nowNanos) {
    Collection now = current;
    if (now == null || !now.waitsForTheDisk()) {
      return;
    }
    if (now.first != ledger.acceptedSeq(now.feed) + 1) {
      current = null; // it was had in another way
    } else if (nowNanos - now.againNanos >= 0) {
      adopted(now, nowNanos);
    }
  }

  private Outcome adopted(Collection all, long nowNanos) {
    Outcome outcome = adopt(all);
    if (outcome == Outcome.UNWRITTEN) {
      all.refused(nowNanos);
      return outcome;
    }
    return ended(outcome);
  }

  private Outcome ended(Outcome outcome) {
    current = null;
    return outcome;
  }

  private Outcome adopt(Collection all) {
    long size = all.next() - 1;
    if (all.kept.isEmpty() || all.kept.getLast().seq() != size + 1) {
      return Outcome.FALSE;
    }
    SignedRecord checkpoint = all.kept.getLast();
    List<SignedRecord> kept = all.kept.subList(0, all.kept.size() - 1);
    byte[] hashes = Arrays.copyOf(all.hashes, all.count * Hash.BYTES);
    if (!(checkpoint.body() instanceof io.skein.ledger.record.Body.Checkpoint body)) {
      return Outcome.FALSE;
    }
    Hash last = Hash.of(Arrays.copyOfRange(hashes, hashes.length - Hash.BYTES, hashes.length));
    FeedCut cut = new FeedCut(all.feed, size, last, body.root());
    return switch (ledger.adopt(cut, hashes, kept, checkpoint)) {
      case Acceptance.Accepted _ -> Outcome.ADOPTED;
      case Acceptance.NotYet notYet -> notYet.ownDisk() ? Outcome.UNWRITTEN : Outcome.LATER;
      case Acceptance.Refused(var reason, _) ->
          reason.blamesTheSender() ? Outcome.FALSE : Outcome.LATER;
      case Acceptance.Duplicate _, Acceptance.Gap _, Acceptance.Forked _ -> Outcome.LATER;
    };
  }
}

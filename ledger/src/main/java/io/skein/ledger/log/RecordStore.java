package io.skein.ledger.log;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.io.Closeable;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Supplier;

/// Keeps feeds. Records are appended in the order of their feed, buffered, and durable after
/// [#sync]. A store checks that a record continues its feed's chain and nothing else: what may
/// enter is the [Ledger]'s decision.
///
/// Confined to one thread. When writing or forcing fails, [#sync] throws, [#failure] says why, and
/// nothing is lost: what is not durable stays buffered, no more is taken, and the next [#sync]
/// tries again. A record that cannot be read is [left out][#unreadable]: peers have it. Where
/// something else cannot be read whatever needs it throws [java.io.UncheckedIOException] and there
/// is a [#failure], until a [#sync] could read it.
public interface RecordStore extends Closeable {
  /// Buffers the next record of its feed. If records that waited behind a gap continue it, they
  /// rejoin the feed; [#lastSeq] tells.
  ///
  /// @throws IllegalArgumentException unless the record's seq and prev continue the feed
  /// @throws IllegalStateException if there is a [#failure]
  void append(SignedRecord record);

  /// Makes every appended record durable: one write and one force per touched feed.
  ///
  /// @throws java.io.UncheckedIOException if that fails; call it again to try again
  void sync();

  /// Why nothing is taken; empty if the last attempt to make something durable, and to read
  /// something, succeeded.
  default Optional<StorageFailure> failure() {
    return Optional.empty();
  }

  /// How often an attempt to make something durable has failed since the store was opened.
  default long failures() {
    return 0;
  }

  /// Is shown records in the order of their feed.
  @FunctionalInterface
  interface Visitor {
    /// @param outline its place and hash; another record's as soon as this returns
    /// @param record decodes it; empty if it is no longer readable. To be called before this
    ///   returns
    /// @return whether to go on
    boolean visit(RecordOutline outline, Supplier<Optional<SignedRecord>> record);
  }

  /// Shows the durable records of a feed from `fromSeq` on; those no longer readable are left out.
  /// Much faster than asking for each. Nothing may be appended meanwhile.
  void visit(FeedId feed, long fromSeq, Visitor visitor);

  /// The tree over a feed's durable records; it grows with them. Empty if nothing of the feed was
  /// ever appended.
  Optional<TreeHashes> tree(FeedId feed);

  /// The feeds with at least one readable record, buffered ones included.
  SortedSet<FeedId> feeds();

  /// Sequence number of the feed's last record, buffered ones included; 0 if there is none.
  long lastSeq(FeedId feed);

  /// The encoded record, buffered ones included; empty if it is not held or no longer readable.
  Optional<byte[]> encoded(FeedId feed, long seq);

  /// The record; empty if it is not held or no longer readable.
  Optional<SignedRecord> record(FeedId feed, long seq);

  /// Where the feed is cut; empty if all of it from the first record on is held.
  Optional<FeedCut> cut(FeedId feed);

  /// The first record from `seq` on that is held; `seq` itself behind a cut.
  long next(FeedId feed, long seq);

  /// Lets the records of a feed before one of its author's checkpoints go, but for those that
  /// [stay][io.skein.ledger.record.RecordType#stays]; the hashes of all stay. Durable when it
  /// returns: after a crash the feed is as before or as after. Reads what goes, and copies at most
  /// one segment.
  ///
  /// @param size how many records the cut covers; number `size` + 1 is a checkpoint over them
  /// @return bytes freed; 0 if the feed is not cut: it is cut there or later already, has no such
  ///   checkpoint, has records that are not durable or wait behind a gap, or is not readable
  /// @throws java.io.UncheckedIOException if writing fails: nothing is lost, it may be tried again
  long prune(FeedId feed, long size);

  /// Takes a feed that others have cut: its store has less of it than the cut covers. Durable when
  /// it returns. If writing fails there is a [#failure] and nothing is lost: it may be tried again.
  ///
  /// @param cut further than what is held
  /// @param hashes of the records from the first one that is not held to the last before the cut,
  ///   32 bytes each
  /// @param kept the records before the cut that stay, in sequence, the first one included
  /// @param checkpoint the record behind the cut, which is not appended by this
  /// @return whether all that fits together, with what is held, too: the hashes give the root that
  ///   the author signed. Nothing is changed if not, nor while there is a [#failure]
  boolean adopt(FeedCut cut, byte[] hashes, List<SignedRecord> kept, SignedRecord checkpoint);

  /// What a store notes as verified ends, for this feed, before `fromSeq`: the signatures from
  /// there on are yet to be verified, by whoever opens the store again if not before.
  ///
  /// @param fromSeq [Long#MAX_VALUE] once all are verified
  void unverified(FeedId feed, long fromSeq);

  /// Lets the records of a feed from `fromSeq` on go: they should not have been taken in. All of
  /// the feed must be durable. What a crash brings back of them is verified when the store is
  /// opened next.
  ///
  /// @param fromSeq behind the feed's cut, 2 or more
  /// @throws java.io.UncheckedIOException if its hashes cannot be read: nothing is changed
  void withdraw(FeedId feed, long fromSeq);

  /// Bytes that the feed's readable records take.
  long bytes(FeedId feed);

  /// Whether intact records of the feed wait behind a gap.
  boolean waiting(FeedId feed);

  /// What was found damaged since the store was opened, oldest first.
  List<Damage> damages();

  /// Reads about so many bytes of durable records again, from where it stopped the last time.
  ///
  /// @return whether to rest now: all of them have been read once more, or some cannot be read
  default boolean scrub(int bytes) {
    return true;
  }

  /// Durable records behind their feed's cut that were found unreadable and not [mended][#mend]
  /// since, by feed.
  default SortedMap<FeedId, SortedSet<Long>> unreadable() {
    return Collections.emptySortedMap();
  }

  /// Reads all that is durable.
  ///
  /// @throws java.io.UncheckedIOException if the disk does not give all of it back: there is a
  ///   [#failure] then
  default void readThrough() {}

  /// Puts a record that is no longer readable back in its place, durably. It is checked to be the
  /// one that was there. What was found there is kept aside.
  ///
  /// @return whether it was unreadable and no longer is
  default boolean mend(SignedRecord record) {
    return false;
  }

  /// How many records were mended since the store was opened.
  default long mended() {
    return 0;
  }

  /// How many files that the disk did not give back were made anew from others since the store was
  /// opened.
  default long remade() {
    return 0;
  }

  /// Keeps a proof that a feed was forked, durably; if that fails, there is a [#failure] and the
  /// next [#sync] tries again. A store keeps one proof per feed, the one of the lowest place:
  /// keeping a proof twice, or one of a later place, changes nothing.
  void keepFork(ForkProof proof);

  /// The proofs kept, in order of feeds. The branches that they prove are not all kept: of each
  /// forked feed the store has one branch as it took it in, and of the other the record in the
  /// proof.
  List<ForkProof> forks();

  /// Whether the store is a copy of the one that was written: its own feed may have been continued
  /// elsewhere.
  boolean copied();

  @Override
  void close();
}

package io.skein.ledger.log;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// Keeps feeds. Records are appended in the order of their feed, buffered, and durable after
/// [#sync]. A store checks that a record continues its feed's chain and nothing else: what may
/// enter is the [Ledger]'s decision.
///
/// Confined to one thread. I/O failures surface as [java.io.UncheckedIOException]; after a failed
/// force the store refuses every further append, for the system no longer says what is on disk.
public interface RecordStore extends Closeable {
  /// Buffers the next record of its feed. If records that waited behind a gap continue it, they
  /// rejoin the feed; [#lastSeq] tells.
  ///
  /// @throws IllegalArgumentException unless the record's seq and prev continue the feed
  void append(SignedRecord record);

  /// Makes every appended record durable: one write and one force per touched feed.
  void sync();

  /// The feeds with at least one readable record, buffered ones included.
  SortedSet<FeedId> feeds();

  /// Sequence number of the feed's last record, buffered ones included; 0 if there is none.
  long lastSeq(FeedId feed);

  /// The encoded record, buffered ones included; empty if it is not held or no longer readable.
  Optional<byte[]> encoded(FeedId feed, long seq);

  /// The record; empty if it is not held or no longer readable.
  Optional<SignedRecord> record(FeedId feed, long seq);

  /// Whether intact records of the feed wait behind a gap.
  boolean waiting(FeedId feed);

  /// What was found damaged since the store was opened, oldest first.
  List<Damage> damages();

  /// Keeps a proof that a feed was forked, durably, before it returns. A store keeps one proof per
  /// feed, the one of the lowest place: keeping a proof twice, or one of a later place, changes
  /// nothing.
  void keepFork(Body.ForkProof proof);

  /// The proofs kept, in order of feeds. The branches that they prove are not all kept: of each
  /// forked feed the store has one branch as it took it in, and of the other the record in the
  /// proof.
  List<Body.ForkProof> forks();

  /// Whether the store is a copy of the one that was written: its own feed may have been continued
  /// elsewhere.
  boolean copied();

  @Override
  void close();
}

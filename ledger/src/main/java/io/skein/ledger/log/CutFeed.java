package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// Checks what a cut claims, from the records kept and the hashes of all records before it.
final class CutFeed {
  private CutFeed() {}

  /// What is wrong; empty if nothing is: the kept records are the author's and those that were
  /// hashed, and the checkpoint, the author's next record, states size, root and the records that
  /// stay.
  ///
  /// @param kept in sequence; the first is the feed's first record
  /// @param checkpoint the record after the cut
  /// @param leaf the hash of the record `seq`, from 1 to the cut's size
  static Optional<String> flaw(
      FeedCut cut, List<SignedRecord> kept, SignedRecord checkpoint, LongFunction<Hash> leaf) {
    if (kept.isEmpty() || kept.getFirst().seq() != 1) {
      return Optional.of("the first record is missing");
    }
    Optional<PublicKey> key = FeedKey.of(kept.getFirst());
    if (key.isEmpty()) {
      return Optional.of("first record carries no key of its author");
    }
    long last = 0;
    for (SignedRecord record : kept) {
      if (!belongs(record, cut.feed()) || record.seq() <= last || record.seq() > cut.size()) {
        return Optional.of(record + " is out of place");
      }
      if (!RecordType.stays(record.body().type())) {
        return Optional.of(record + " is of no type that stays");
      }
      if (!leaf.apply(record.seq()).equals(record.hash()) || !record.verifies(key.get())) {
        return Optional.of(record + " is not the one that was hashed, or not its author's");
      }
      last = record.seq();
    }
    if (!proven(cut, checkpoint) || !checkpoint.verifies(key.get())) {
      return Optional.of(checkpoint + " is no checkpoint of the author over what is cut");
    }
    return incomplete(KeptRecords.of(kept), checkpoint);
  }

  /// In what the records that stay are others than those that the checkpoint behind the cut commits
  /// to; empty if they are the same.
  static Optional<String> incomplete(KeptRecords kept, SignedRecord checkpoint) {
    if (!(checkpoint.body() instanceof Body.Checkpoint stated)) {
      return Optional.of(checkpoint + " is no checkpoint");
    }
    return stated.commitsTo(kept)
        ? Optional.empty()
        : Optional.of(
            "of the records that stay there are "
                + kept.count()
                + ", and not all as their author stated (expected: "
                + stated.keptCount()
                + ")");
  }

  /// Whether a record is the checkpoint that a cut lies before; its signature is not looked at.
  static boolean proven(FeedCut cut, SignedRecord checkpoint) {
    return belongs(checkpoint, cut.feed())
        && checkpoint.seq() == cut.size() + 1
        && checkpoint.prev().equals(cut.hash())
        && checkpoint.body() instanceof Body.Checkpoint body
        && body.size() == cut.size()
        && body.root().equals(cut.root());
  }

  private static boolean belongs(SignedRecord record, FeedId feed) {
    return record.feed().equals(feed);
  }
}

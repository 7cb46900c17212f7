package io.skein.ledger.witness;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.Optional;

/// The records of one feed that stay, as far as it was shown.
///
/// Where records are missing that no cut took away (damage, until peers have sent them again)
/// nothing is known any more, and nobody is blamed, until the checkpoint behind a cut is shown:
/// what that one states was checked when the feed was cut.
final class KeptSoFar {
  private KeptRecords kept = KeptRecords.NONE;
  private boolean known = true;
  private long lastSeq;

  /// Takes in the feed's next record.
  ///
  /// @param cutSize how many records a cut covers
  void apply(SignedRecord record, long cutSize) {
    if (record.seq() <= lastSeq) {
      return;
    }
    if (record.seq() == cutSize + 1 && record.body() instanceof Body.Checkpoint behind) {
      kept = new KeptRecords(behind.keptCount(), behind.keptRoot());
      known = true;
    } else if (record.seq() > lastSeq + 1 && record.seq() > cutSize + 1) {
      known = false;
    }
    kept = kept.and(record);
    lastSeq = record.seq();
  }

  /// Empty if it is not known.
  Optional<KeptRecords> kept() {
    return known ? Optional.of(kept) : Optional.empty();
  }

  /// Those before a record that was not taken in yet; empty if that is not known, as when the
  /// record right before it could not be read.
  Optional<KeptRecords> before(SignedRecord record) {
    return record.seq() == lastSeq + 1 ? kept() : Optional.empty();
  }
}

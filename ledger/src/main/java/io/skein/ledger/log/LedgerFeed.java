package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;

/// A feed as a [Ledger] keeps it: its accepted tip and its durable head.
final class LedgerFeed {
  final FeedId id;
  final int ordinal;
  final PublicKey key;
  private long tipSeq;
  private Hash tipHash = Hash.ZERO;
  private Head head = new Head(0, Hash.ZERO);
  private boolean frozen;

  LedgerFeed(FeedId id, int ordinal, PublicKey key) {
    this.id = id;
    this.ordinal = ordinal;
    this.key = key;
  }

  void accepted(SignedRecord record) {
    tipSeq = record.seq();
    tipHash = record.hash();
  }

  void durable(SignedRecord record) {
    head = new Head(record.seq(), record.hash());
  }

  void freeze() {
    frozen = true;
  }

  boolean frozen() {
    return frozen;
  }

  /// Last accepted seq, durable or not; 0 before the first.
  long tipSeq() {
    return tipSeq;
  }

  Hash tipHash() {
    return tipHash;
  }

  Head head() {
    return head;
  }

  /// A record that was durable when the ledger was opened.
  void held(long seq, Hash hash) {
    tipSeq = seq;
    tipHash = hash;
    head = new Head(seq, hash);
  }
}

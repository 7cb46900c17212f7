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
  private long firstHlc;
  private long lastHlc;

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
    if (record.seq() == 1) {
      firstHlc = record.hlc();
    }
    lastHlc = Math.max(lastHlc, record.hlc());
  }

  /// Hybrid-clock time of the first durable record.
  long firstHlc() {
    return firstHlc;
  }

  /// The latest hybrid-clock time of any durable record.
  long lastHlc() {
    return lastHlc;
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

  /// Goes on behind a cut: what comes next continues the record `seq`.
  void skip(long seq, Hash hash) {
    tipSeq = seq;
    tipHash = hash;
  }

  /// A record that was durable when the ledger was opened.
  void held(long seq, Hash hash, long hlc) {
    tipSeq = seq;
    tipHash = hash;
    head = new Head(seq, hash);
    if (seq == 1) {
      firstHlc = hlc;
    }
    lastHlc = Math.max(lastHlc, hlc);
  }
}

package io.skein.ledger.log;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;

/// A feed as a [Ledger] keeps it: its accepted tip, its durable head, and the tree over the durable
/// records.
final class LedgerFeed {
  final FeedId id;
  final int ordinal;
  final PublicKey key;
  private final FeedTree tree = new FeedTree();
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
    tree.add(record.hash());
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

  FeedTree tree() {
    return tree;
  }
}

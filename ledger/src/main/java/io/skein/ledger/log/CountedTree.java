package io.skein.ledger.log;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Hash;

/// The tree over the records of a feed that count: a forked feed's store holds more.
///
/// @param size records that count
record CountedTree(TreeHashes all, long size) implements TreeHashes {
  @Override
  public Hash subtree(int level, long index) {
    return all.subtree(level, index);
  }
}

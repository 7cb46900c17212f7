package io.skein.ledger.proof;

import io.skein.ledger.record.Hash;

/// The hashes of one feed's RFC 9162 tree. It only grows: a hash once given never changes.
///
/// Confined to the thread of its ledger.
public interface TreeHashes {
  /// Leaves: records of the feed that are durable.
  long size();

  /// The root of a complete subtree: of the leaves from `index · 2^level` to before `(index + 1) ·
  /// 2^level`, all of them within [#size]. At level 0 it is the leaf, the hash of record `index +
  /// 1`.
  Hash subtree(int level, long index);
}

package io.skein.ledger.log;

import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The Merkle tree over a feed's records, as far as its root needs it: the peaks.
///
/// RFC 9162 §2.1.1 hashes a leaf as SHA-256(0x00 ‖ entry) and a node as SHA-256(0x01 ‖ left ‖
/// right), and splits n leaves at the largest power of two below n. A record's hash is a leaf hash
/// already (SHA-256 over 0x00 and what is signed). So a tree of n leaves is a row of perfect trees,
/// one for each bit of n, whose roots are the peaks; the root folds them from the right. Adding a
/// leaf costs one hash on average, the root one for each peak; both in O(log n) space.
final class FeedTree {
  private final List<Hash> peaks = new ArrayList<>();
  private long size;

  /// Adds the next record by its hash.
  void add(Hash leaf) {
    Hash right = leaf;
    for (long bits = size; (bits & 1) == 1; bits >>>= 1) {
      right = node(peaks.removeLast(), right);
    }
    peaks.add(right);
    size++;
  }

  long size() {
    return size;
  }

  /// The root; empty for no records.
  Optional<Hash> root() {
    if (peaks.isEmpty()) {
      return Optional.empty();
    }
    Hash root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = node(peaks.get(i), root);
    }
    return Optional.of(root);
  }

  private static Hash node(Hash left, Hash right) {
    return Sha256.of(new byte[] {1}, left.toBytes(), right.toBytes());
  }
}

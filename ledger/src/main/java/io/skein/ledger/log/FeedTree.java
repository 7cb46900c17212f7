package io.skein.ledger.log;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Hash;
import java.util.Optional;

/// The root of the Merkle tree over a feed's records.
///
/// RFC 9162 §2.1.1 hashes a leaf as SHA-256(0x00 ‖ entry) and a node as SHA-256(0x01 ‖ left ‖
/// right), and splits n leaves at the largest power of two below n. A record's hash is a leaf hash
/// already (SHA-256 over 0x00 and what is signed). So a tree of n leaves is a row of perfect trees,
/// one for each bit of n; the root folds their roots from the right.
final class FeedTree {
  private FeedTree() {}

  /// The root; empty for no records.
  static Optional<Hash> root(TreeHashes tree) {
    Optional<Hash> root = Optional.empty();
    long end = tree.size();
    for (int level = 0; end > 0; level++) {
      if ((end >>> level & 1) == 1) {
        Hash left = tree.subtree(level, (end >>> level) - 1);
        root = Optional.of(root.map(right -> node(left, right)).orElse(left));
        end -= 1L << level;
      }
    }
    return root;
  }

  private static Hash node(Hash left, Hash right) {
    return Sha256.of(new byte[] {1}, left.toBytes(), right.toBytes());
  }
}

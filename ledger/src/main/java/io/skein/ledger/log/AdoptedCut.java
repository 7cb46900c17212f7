package io.skein.ledger.log;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Checks a cut that comes from elsewhere against what a store holds.
final class AdoptedCut {
  private AdoptedCut() {}

  /// Whether the hashes go on where `held` ends and give the root that the checkpoint's author
  /// signed, and the kept records are those hashed.
  ///
  /// @param held the tree over the records held
  /// @param last the last record held
  static boolean fits(
      FeedCut cut,
      TreeHashes held,
      long last,
      byte[] hashes,
      List<SignedRecord> kept,
      SignedRecord checkpoint) {
    long size = held.size();
    if (last != size
        || cut.size() <= size
        || hashes.length % Hash.BYTES != 0
        || hashes.length / Hash.BYTES != cut.size() - size) {
      return false;
    }
    FeedHashes tree = over(held, hashes);
    return tree.subtree(0, cut.size() - 1).equals(cut.hash())
        && FeedTree.root(tree).equals(Optional.of(cut.root()))
        && CutFeed.flaw(cut, kept, checkpoint, seq -> tree.subtree(0, seq - 1)).isEmpty();
  }

  /// The tree over what is held and the hashes after it.
  static FeedHashes over(TreeHashes held, byte[] hashes) {
    long size = held.size();
    FeedHashes.Leaves leaves =
        (from, count, into) -> {
          for (int i = 0; i < count; i++) {
            long index = from + i;
            if (index < size) {
              System.arraycopy(
                  held.subtree(0, index).toBytes(), 0, into, i * Hash.BYTES, Hash.BYTES);
            } else {
              int at = Math.toIntExact((index - size) * Hash.BYTES);
              System.arraycopy(hashes, at, into, i * Hash.BYTES, Hash.BYTES);
            }
          }
        };
    FeedHashes tree =
        held instanceof FeedHashes known ? new FeedHashes(known, leaves) : new FeedHashes(leaves);
    for (long index = tree.size(); index < size; index++) {
      tree.add(held.subtree(0, index).toBytes());
    }
    for (int at = 0; at < hashes.length; at += Hash.BYTES) {
      tree.add(Arrays.copyOfRange(hashes, at, at + Hash.BYTES));
    }
    return tree;
  }
}

package io.skein.ledger.proof;

import io.skein.ledger.record.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Roots and proofs of a feed's Merkle tree, as RFC 9162 §2.1 defines them.
///
/// A tree of n leaves splits at the largest power of two below n; a node is SHA-256(0x01 ‖ left ‖
/// right). So every subtree that a proof needs is a row of complete subtrees, which [TreeHashes]
/// knows, folded from the right. A proof among n leaves takes O(log n) of them.
///
/// Stateless; called on the thread that owns the tree.
public final class TreeProofs {
  private TreeProofs() {}

  /// Hash of an inner node.
  public static Hash node(Hash left, Hash right) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) 1);
      digest.update(left.toBytes());
      return Hash.of(digest.digest(right.toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The root over the first `size` leaves.
  ///
  /// @throws IllegalArgumentException unless 1 ≤ `size` ≤ the tree's size
  public static Hash root(TreeHashes tree, long size) {
    within(tree, size);
    return range(tree, 0, size);
  }

  /// Proves that a leaf is in the tree over the first `size` leaves (RFC 9162 §2.1.3.1).
  ///
  /// @param index the leaf's place from 0: the record's `seq` − 1
  /// @throws IllegalArgumentException unless 0 ≤ `index` < `size` ≤ the tree's size
  public static InclusionProof inclusion(TreeHashes tree, long index, long size) {
    within(tree, size);
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("index: " + index + " (expected: 0 to " + size + " - 1)");
    }
    List<Hash> fromTop = new ArrayList<>();
    long low = 0;
    long high = size;
    while (high - low > 1) {
      long middle = low + split(high - low);
      if (index < middle) {
        fromTop.add(range(tree, middle, high));
        high = middle;
      } else {
        fromTop.add(range(tree, low, middle));
        low = middle;
      }
    }
    Collections.reverse(fromTop);
    return new InclusionProof(index, size, fromTop);
  }

  /// Proves that the tree over the first `to` leaves only adds to the one over the first `from`
  /// (RFC 9162 §2.1.4.1).
  ///
  /// @throws IllegalArgumentException unless 1 ≤ `from` ≤ `to` ≤ the tree's size
  public static ConsistencyProof consistency(TreeHashes tree, long from, long to) {
    within(tree, to);
    if (from < 1 || from > to) {
      throw new IllegalArgumentException("from: " + from + " (expected: 1 to " + to + ")");
    }
    List<Hash> fromTop = new ArrayList<>();
    long low = 0;
    long high = to;
    while (from != high) {
      long middle = low + split(high - low);
      if (from <= middle) {
        fromTop.add(range(tree, middle, high));
        high = middle;
      } else {
        fromTop.add(range(tree, low, middle));
        low = middle;
      }
    }
    // Without a step to the right the subtree left over is the old tree, whose root is known.
    if (low != 0) {
      fromTop.add(range(tree, low, high));
    }
    Collections.reverse(fromTop);
    return new ConsistencyProof(from, to, fromTop);
  }

  /// Root over the leaves from `low` to before `high`, `low` being a multiple of a power of two
  /// that is not below their number, as in all ranges a split yields.
  private static Hash range(TreeHashes tree, long low, long high) {
    List<Hash> peaks = new ArrayList<>();
    long at = low;
    for (long left = high - low; left > 0; left -= Long.highestOneBit(left)) {
      int level = 63 - Long.numberOfLeadingZeros(left);
      peaks.add(tree.subtree(level, at >>> level));
      at += 1L << level;
    }
    Hash root = peaks.getLast();
    for (int i = peaks.size() - 2; i >= 0; i--) {
      root = node(peaks.get(i), root);
    }
    return root;
  }

  /// The largest power of two below `leaves`, which is 2 or more.
  private static long split(long leaves) {
    return Long.highestOneBit(leaves - 1);
  }

  private static void within(TreeHashes tree, long size) {
    if (size < 1 || size > tree.size()) {
      throw new IllegalArgumentException("size: " + size + " (expected: 1 to " + tree.size() + ")");
    }
  }
}

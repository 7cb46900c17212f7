package io.skein.ledger.vectors;

import io.skein.ledger.record.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// RFC 9162 §2.1 word for word, over leaves that are hashed already. Slow and plain, to compare the
/// real one with.
final class Tree {
  private Tree() {}

  /// §2.1.1. At least one leaf.
  static Hash root(List<Hash> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = split(leaves.size());
    return node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
  }

  /// §2.1.3.1: PATH(m, D_n).
  static List<Hash> inclusion(int m, List<Hash> leaves) {
    if (leaves.size() == 1) {
      return List.of();
    }
    int k = split(leaves.size());
    List<Hash> left = leaves.subList(0, k);
    List<Hash> right = leaves.subList(k, leaves.size());
    return m < k
        ? with(inclusion(m, left), root(right))
        : with(inclusion(m - k, right), root(left));
  }

  /// §2.1.4.1: PROOF(m, D_n).
  static List<Hash> consistency(int m, List<Hash> leaves) {
    return m == leaves.size() ? List.of() : subproof(m, leaves, true);
  }

  private static List<Hash> subproof(int m, List<Hash> leaves, boolean whole) {
    if (m == leaves.size()) {
      return whole ? List.of() : List.of(root(leaves));
    }
    int k = split(leaves.size());
    List<Hash> left = leaves.subList(0, k);
    List<Hash> right = leaves.subList(k, leaves.size());
    return m <= k
        ? with(subproof(m, left, whole), root(right))
        : with(subproof(m - k, right, false), root(left));
  }

  private static int split(int n) {
    return Integer.highestOneBit(n - 1);
  }

  private static List<Hash> with(List<Hash> path, Hash last) {
    List<Hash> all = new ArrayList<>(path);
    all.add(last);
    return all;
  }

  private static Hash node(Hash left, Hash right) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) 1);
      digest.update(left.toBytes());
      return Hash.of(digest.digest(right.toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

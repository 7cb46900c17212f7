package io.skein.ledger.proof;

import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/// The definitions of RFC 9162 §2.1 as they are written there: recursive, over lists.
final class Trees {
  private Trees() {}

  static Hash leaf(long number) {
    return sha(ByteBuffer.allocate(9).put((byte) 0).putLong(number).array());
  }

  static List<Hash> leaves(int size) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(leaf(i));
    }
    return leaves;
  }

  static MemoryTree tree(List<Hash> leaves) {
    MemoryTree tree = new MemoryTree();
    leaves.forEach(tree::add);
    return tree;
  }

  static Hash root(List<Hash> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = split(leaves.size());
    Hash left = root(leaves.subList(0, k));
    Hash right = root(leaves.subList(k, leaves.size()));
    return sha(
        ByteBuffer.allocate(65).put((byte) 1).put(left.toBytes()).put(right.toBytes()).array());
  }

  static List<Hash> path(int m, List<Hash> leaves) {
    if (leaves.size() == 1) {
      return List.of();
    }
    int k = split(leaves.size());
    List<Hash> left = leaves.subList(0, k);
    List<Hash> right = leaves.subList(k, leaves.size());
    return m < k ? and(path(m, left), root(right)) : and(path(m - k, right), root(left));
  }

  static List<Hash> consistency(int m, List<Hash> leaves, boolean known) {
    if (m == leaves.size()) {
      return known ? List.of() : List.of(root(leaves));
    }
    int k = split(leaves.size());
    List<Hash> left = leaves.subList(0, k);
    List<Hash> right = leaves.subList(k, leaves.size());
    return m <= k
        ? and(consistency(m, left, known), root(right))
        : and(consistency(m - k, right, false), root(left));
  }

  private static List<Hash> and(List<Hash> path, Hash last) {
    List<Hash> all = new ArrayList<>(path);
    all.add(last);
    return all;
  }

  private static int split(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }

  static Hash sha(byte[] bytes) {
    try {
      return Hash.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

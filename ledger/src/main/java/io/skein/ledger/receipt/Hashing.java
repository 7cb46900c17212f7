package io.skein.ledger.receipt;

import io.skein.ledger.record.Hash;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 of leaves and nodes (RFC 9162 §2.1.1), from array to array. One thread.
final class Hashing {
  private final MessageDigest digest;
  private final byte[] node = new byte[1 + 2 * Hash.BYTES];

  Hashing() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    node[0] = 1;
  }

  /// The hash of a leaf.
  ///
  /// @param bytes zero, then the leaf, from 0 to before `end`
  void leaf(byte[] bytes, int end, byte[] into) {
    hash(bytes, end, into);
  }

  /// The hash of a leaf.
  Hash leaf(byte[] leaf) {
    digest.update((byte) 0);
    digest.update(leaf);
    return Hash.of(digest.digest());
  }

  /// The hash over two others; `right` and `into` may be the same.
  void node(byte[] left, int leftAt, byte[] right, byte[] into) {
    System.arraycopy(left, leftAt, node, 1, Hash.BYTES);
    System.arraycopy(right, 0, node, 1 + Hash.BYTES, Hash.BYTES);
    hash(node, node.length, into);
  }

  private void hash(byte[] bytes, int end, byte[] into) {
    digest.update(bytes, 0, end);
    try {
      digest.digest(into, 0, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("32 bytes are enough for SHA-256", e);
    }
  }
}

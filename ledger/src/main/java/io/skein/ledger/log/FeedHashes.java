package io.skein.ledger.log;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.record.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The hashes of one feed's RFC 9162 tree (§2.1.1): leaves where they are kept, the roots of
/// complete subtrees of 2⁸, 2¹², 2¹⁶, 2²⁰ and 2²⁴ leaves in memory, everything between computed
/// when asked.
///
/// A subtree of up to 2²⁸ leaves costs at most 127 hashes and one read of 4 KiB; the heap holds 34
/// bytes for every 256 records and the leaves of the last, unfinished 256. An inclusion proof asks
/// for one subtree on each level, together some 300 hashes.
final class FeedHashes implements TreeHashes {
  /// Where leaves are read, at most [#SPAN] at a time.
  interface Leaves {
    /// Copies the hashes of records `from + 1` to `from + count` to the start of `into`.
    void read(long from, int count, byte[] into);
  }

  static final int SPAN = 256;

  /// The level of the tree on which a span is one hash; it is in memory.
  static final int SPAN_LEVEL = 8;

  private static final int FIRST_STORED = SPAN_LEVEL;
  private static final int STEP = 4;
  private static final int ROWS = 5;

  private final Leaves leaves;
  private final MessageDigest digest = sha256();
  private final List<Row> rows = new ArrayList<>();
  private byte[] last = new byte[4 * Hash.BYTES];
  private long size;

  /// As `other`, with leaves from elsewhere.
  FeedHashes(FeedHashes other, Leaves leaves) {
    this(leaves);
    other.rows.forEach(row -> rows.add(new Row(row)));
    last = other.last.clone();
    size = other.size;
  }

  FeedHashes(Leaves leaves) {
    this.leaves = leaves;
  }

  /// Roots of subtrees of one size, in order.
  private static final class Row {
    private byte[] bytes = new byte[4 * Hash.BYTES];
    private int count;

    Row() {}

    Row(Row other) {
      bytes = other.bytes.clone();
      count = other.count;
    }

    void add(byte[] hash) {
      if ((count + 1) * Hash.BYTES > bytes.length) {
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
      }
      System.arraycopy(hash, 0, bytes, count++ * Hash.BYTES, Hash.BYTES);
    }

    byte[] range(long from, int hashes) {
      int start = Math.toIntExact(from * Hash.BYTES);
      return Arrays.copyOfRange(bytes, start, start + hashes * Hash.BYTES);
    }
  }

  /// Adds the next record's hash: the 32 bytes at the start of `leaf`.
  void add(byte[] leaf) {
    int at = (int) (size % SPAN) * Hash.BYTES;
    if (at == last.length) {
      last = Arrays.copyOf(last, last.length * 2);
    }
    System.arraycopy(leaf, 0, last, at, Hash.BYTES);
    size++;
    if (size % SPAN == 0) {
      grow(0, root(last.clone(), SPAN));
    }
  }

  /// Forgets all but the first `records`.
  void cut(long records) {
    long from = records - records % SPAN;
    last = Arrays.copyOf(leaves(from, (int) (records - from)), SPAN * Hash.BYTES);
    size = records;
    for (int above = 0; above < rows.size(); above++) {
      rows.get(above).count = (int) (records >>> FIRST_STORED + STEP * above);
    }
  }

  private void grow(int above, byte[] hash) {
    if (above == ROWS) {
      return;
    }
    if (above == rows.size()) {
      rows.add(new Row());
    }
    Row row = rows.get(above);
    row.add(hash);
    int span = 1 << STEP;
    if (row.count % span == 0) {
      grow(above + 1, root(row.range(row.count - span, span), span));
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Hash subtree(int level, long index) {
    if (level < 0 || level > 40 || index < 0 || index >= size >>> level) {
      throw new IllegalArgumentException(
          "subtree: level "
              + level
              + " index "
              + index
              + " (expected: within "
              + size
              + " leaves)");
    }
    int row = level < FIRST_STORED ? -1 : Math.min((level - FIRST_STORED) / STEP, ROWS - 1);
    int rest = row < 0 ? level : level - FIRST_STORED - row * STEP;
    int count = 1 << rest;
    long from = index << rest;
    return Hash.of(root(row < 0 ? leaves(from, count) : rows.get(row).range(from, count), count));
  }

  private byte[] leaves(long from, int count) {
    long unfinished = size - size % SPAN;
    if (from >= unfinished) {
      int start = (int) (from - unfinished) * Hash.BYTES;
      return Arrays.copyOfRange(last, start, start + count * Hash.BYTES);
    }
    byte[] read = new byte[count * Hash.BYTES];
    leaves.read(from, count, read);
    return read;
  }

  /// The root of the complete tree over `count` hashes, a power of two; overwrites them.
  private byte[] root(byte[] hashes, int count) {
    try {
      for (int width = count; width > 1; width /= 2) {
        for (int i = 0; i < width / 2; i++) {
          digest.update((byte) 1);
          digest.update(hashes, 2 * i * Hash.BYTES, 2 * Hash.BYTES);
          digest.digest(hashes, i * Hash.BYTES, Hash.BYTES);
        }
      }
    } catch (java.security.DigestException e) {
      throw new IllegalStateException("32 bytes hold a SHA-256 digest", e);
    }
    return Arrays.copyOf(hashes, Hash.BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

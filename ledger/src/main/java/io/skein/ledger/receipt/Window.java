package io.skein.ledger.receipt;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Hash;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// One window's [Leaves] and their tree. Confined to one thread; its memory is given back by
/// [#forget].
///
/// Of the tree only the hashes of complete subtrees of 16 leaves and more are kept, four bytes a
/// leaf; what is below them is made again from the leaves when a proof asks for it. So a receipt
/// costs its leaf and about six bytes outside the heap, and five more once one of its window was
/// looked for.
///
/// The root follows from the peaks alone (one hash for each bit of the count), so that a window
/// whose leaves are [forgotten][#forget] still gets its root.
final class Window implements TreeHashes {
  private static final int BLOCK_LEVEL = 4;
  private static final int BASE_BYTES = 1_024;
  private static final OffHeap[] NO_ROWS = {};

  private final long number;
  private final Hashing hashing;
  private final OffHeap.Room room;
  private final byte[] peaks = new byte[Long.SIZE * Hash.BYTES];
  private final byte[] carry = new byte[Hash.BYTES];
  private long count;
  private boolean kept = true;

  private @Nullable Leaves leaves;
  private OffHeap[] rows = NO_ROWS;
  private int[] rowLengths = {};
  private Optional<Hash> root = Optional.empty();
  private Optional<Hash> record = Optional.empty();

  Window(long number, Hashing hashing, OffHeap.Room room) {
    this.number = number;
    this.hashing = hashing;
    this.room = room;
  }

  long number() {
    return number;
  }

  @Override
  public long size() {
    return count;
  }

  /// Whether its leaves are still there.
  boolean kept() {
    return kept;
  }

  /// Whether no leaf can be added any more.
  boolean sealed() {
    return root.isPresent();
  }

  Optional<Hash> record() {
    return record;
  }

  void recorded(Hash hash) {
    record = Optional.of(hash);
  }

  /// Bytes its leaves take, with all that is needed to find and prove them.
  long bytes() {
    long bytes = BASE_BYTES + peaks.length;
    if (leaves != null) {
      bytes += leaves.bytes();
    }
    for (OffHeap row : rows) {
      bytes += row.size();
    }
    return bytes;
  }

  /// Adds a leaf.
  void add(Leaf leaf) {
    if (kept && leaves != null && leaves.full()) {
      forget();
    }
    if (kept) {
      keep(leaf);
    }
    hashing.leaf(leaf.bytes, leaf.length() + 1, carry);
    int level = 0;
    for (; (count >>> level & 1) == 1; level++) {
      if (kept && level >= BLOCK_LEVEL) {
        append(level - BLOCK_LEVEL);
      }
      hashing.node(peaks, level * Hash.BYTES, carry, carry);
    }
    if (kept && level >= BLOCK_LEVEL) {
      append(level - BLOCK_LEVEL);
    }
    System.arraycopy(carry, 0, peaks, level * Hash.BYTES, Hash.BYTES);
    count++;
  }

  private void keep(Leaf leaf) {
    try {
      Leaves its = leaves;
      if (its == null) {
        its = new Leaves(room);
        leaves = its;
      }
      its.add(leaf);
    } catch (OutOfMemoryError _) {
      // The system gives no more: as if beyond the budget.
      forget();
    }
  }

  private void append(int row) {
    try {
      grow(row);
    } catch (OutOfMemoryError _) {
      forget();
    }
  }

  private void grow(int row) {
    if (row == rows.length) {
      OffHeap another = new OffHeap(room, 4 * Hash.BYTES);
      rows = Arrays.copyOf(rows, row + 1);
      rowLengths = Arrays.copyOf(rowLengths, row + 1);
      rows[row] = another;
    }
    if (rowLengths[row] == rows[row].size()) {
      int more = rowLengths[row] / Hash.BYTES + 1 >> 1;
      rows[row].resize(rowLengths[row] + more * Hash.BYTES);
    }
    rows[row].put(rowLengths[row], carry, 0, Hash.BYTES);
    rowLengths[row] += Hash.BYTES;
  }

  /// No leaf comes any more; lets go of what was in reserve.
  ///
  /// @return the root over all leaves, of which there must be one or more
  Hash seal() {
    Hash sealed = fold();
    root = Optional.of(sealed);
    try {
      if (leaves != null) {
        leaves.seal();
      }
      for (int row = 0; row < rows.length; row++) {
        rows[row].resize(rowLengths[row]);
      }
    } catch (OutOfMemoryError _) {
      forget();
    }
    return sealed;
  }

  Optional<Hash> root() {
    return root;
  }

  private Hash fold() {
    byte[] folded = new byte[Hash.BYTES];
    int lowest = Long.numberOfTrailingZeros(count);
    System.arraycopy(peaks, lowest * Hash.BYTES, folded, 0, Hash.BYTES);
    for (int level = lowest + 1; level < Long.SIZE; level++) {
      if ((count >>> level & 1) == 1) {
        hashing.node(peaks, level * Hash.BYTES, folded, folded);
      }
    }
    return Hash.of(folded);
  }

  /// Lets go of the leaves; the root goes on growing.
  void forget() {
    kept = false;
    if (leaves != null) {
      leaves.close();
      leaves = null;
    }
    for (OffHeap row : rows) {
      row.close();
    }
    rows = NO_ROWS;
    rowLengths = new int[0];
  }

  // ---- what was added

  /// The place of the leaf with that id, from 0.
  OptionalInt find(ReceiptId id) {
    return leaves == null ? OptionalInt.empty() : leaves.find(id);
  }

  /// The encoded leaf at a place.
  byte[] leaf(int index) {
    if (leaves == null) {
      throw new IllegalStateException("the leaves are forgotten");
    }
    return leaves.leaf(index);
  }

  @Override
  public Hash subtree(int level, long index) {
    if (level >= BLOCK_LEVEL) {
      return Hash.of(rows[level - BLOCK_LEVEL].get(index * Hash.BYTES, Hash.BYTES));
    }
    if (level > 0) {
      return TreeProofs.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
    }
    return hashing.leaf(leaf(Math.toIntExact(index)));
  }
}

package io.skein.ledger.receipt;

import io.skein.ledger.proof.TreeHashes;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One window's leaves and their tree. Confined to one thread.
///
/// Leaves lie one after the other in slabs, each behind its length. Of the tree only the hashes of
/// complete subtrees of 16 leaves and more are kept, four bytes a leaf; what is below them is made
/// again from the leaves when a proof asks for it. An open-addressed table leads from the id to the
/// leaf's place. So a receipt costs its leaf and about eleven bytes.
///
/// The root follows from the peaks alone (one hash for each bit of the count), so that a window
/// whose leaves are [forgotten][#forget] still gets its root.
final class Window implements TreeHashes {
  private static final int SLAB_BYTES = 1 << 16;
  private static final int LENGTH_BYTES = 2;
  private static final int BLOCK_LEVEL = 4;
  private static final int BLOCK = 1 << BLOCK_LEVEL;
  private static final int BASE_BYTES = 1_024;

  /// So that places fit into an int.
  private static final int MAX_SLABS = 1 << 15;

  private final long number;
  private final Hashing hashing;
  private final byte[] peaks = new byte[Long.SIZE * Hash.BYTES];
  private final byte[] carry = new byte[Hash.BYTES];
  private long count;
  private boolean kept = true;

  private final List<byte[]> slabs = new ArrayList<>();
  private int used = SLAB_BYTES;
  private long slabBytes;
  private int[] blocks = new int[8];
  private byte[][] rows = {};
  private int[] rowLengths = {};
  private int[] places = new int[16];
  private Optional<Hash> root = Optional.empty();
  private Optional<Hash> record = Optional.empty();

  Window(long number, Hashing hashing) {
    this.number = number;
    this.hashing = hashing;
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
    if (!kept) {
      return BASE_BYTES + peaks.length;
    }
    long rowBytes = 0;
    for (byte[] row : rows) {
      rowBytes += row.length;
    }
    return BASE_BYTES
        + peaks.length
        + slabBytes
        + rowBytes
        + (long) Integer.BYTES * (blocks.length + places.length);
  }

  /// Adds a leaf.
  void add(Leaf leaf) {
    if (kept && slabs.size() == MAX_SLABS) {
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
    int length = leaf.length();
    if (used + LENGTH_BYTES + length > SLAB_BYTES) {
      slabs.add(new byte[SLAB_BYTES]);
      slabBytes += SLAB_BYTES;
      used = 0;
    }
    if ((count & BLOCK - 1) == 0) {
      int block = (int) (count >>> BLOCK_LEVEL);
      if (block == blocks.length) {
        blocks = Arrays.copyOf(blocks, block + (block >> 1));
      }
      blocks[block] = slabs.size() - 1 << 16 | used;
    }
    byte[] slab = slabs.getLast();
    slab[used++] = (byte) (length >>> 8);
    slab[used++] = (byte) length;
    System.arraycopy(leaf.bytes, 1, slab, used, length);
    used += length;
    if ((count + 1) * 5 > places.length * 4L) {
      index(places.length * 2);
    }
    put(leaf.idHigh(), leaf.idLow(), (int) count);
  }

  private void append(int row) {
    if (row == rows.length) {
      rows = Arrays.copyOf(rows, row + 1);
      rowLengths = Arrays.copyOf(rowLengths, row + 1);
      rows[row] = new byte[4 * Hash.BYTES];
    }
    if (rowLengths[row] == rows[row].length) {
      int more = rowLengths[row] / Hash.BYTES + 1 >> 1;
      rows[row] = Arrays.copyOf(rows[row], rowLengths[row] + more * Hash.BYTES);
    }
    System.arraycopy(carry, 0, rows[row], rowLengths[row], Hash.BYTES);
    rowLengths[row] += Hash.BYTES;
  }

  /// No leaf comes any more; lets go of what was in reserve.
  ///
  /// @return the root over all leaves, of which there must be one or more
  Hash seal() {
    Hash sealed = fold();
    root = Optional.of(sealed);
    if (kept) {
      slabs.set(slabs.size() - 1, Arrays.copyOf(slabs.getLast(), used));
      slabBytes -= SLAB_BYTES - used;
      blocks = Arrays.copyOf(blocks, (int) (count + BLOCK - 1 >>> BLOCK_LEVEL));
      for (int row = 0; row < rows.length; row++) {
        rows[row] = Arrays.copyOf(rows[row], rowLengths[row]);
      }
      index((int) Math.min(Integer.MAX_VALUE, count * 5 / 4 + 1));
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
    slabs.clear();
    slabBytes = 0;
    blocks = new int[0];
    rows = new byte[0][];
    rowLengths = new int[0];
    places = new int[0];
  }

  // ---- leaves by id

  /// The place of the leaf with that id, from 0.
  OptionalInt find(ReceiptId id) {
    if (!kept) {
      return OptionalInt.empty();
    }
    Place at = new Place();
    for (int slot = slot(id.high(), id.low()); places[slot] != 0; slot = next(slot)) {
      at.seek(places[slot] - 1);
      if (at.idHigh() == id.high() && at.idLow() == id.low()) {
        return OptionalInt.of(places[slot] - 1);
      }
    }
    return OptionalInt.empty();
  }

  /// The encoded leaf at a place.
  byte[] leaf(int index) {
    Place at = new Place();
    at.seek(index);
    return Arrays.copyOfRange(at.slab, at.begin, at.begin + at.length);
  }

  private void index(int slots) {
    places = new int[slots];
    Place at = new Place();
    for (int i = 0; i < count; i++) {
      if (i == 0) {
        at.seek(0);
      } else {
        at.next();
      }
      put(at.idHigh(), at.idLow(), i);
    }
  }

  private void put(long high, long low, int index) {
    int slot = slot(high, low);
    while (places[slot] != 0) {
      slot = next(slot);
    }
    places[slot] = index + 1;
  }

  private int slot(long high, long low) {
    // Ids are random: 32 of their bits, scaled to the table's length, spread evenly.
    return (int) ((high + low & 0xffff_ffffL) * places.length >>> 32);
  }

  private int next(int slot) {
    return slot + 1 == places.length ? 0 : slot + 1;
  }

  /// Where a leaf lies.
  private final class Place {
    private byte[] slab = {};
    private int slabIndex;
    private int begin;
    private int length;

    void seek(int index) {
      int place = blocks[index >>> BLOCK_LEVEL];
      at(place >>> 16, place & 0xffff);
      for (int i = index & BLOCK - 1; i > 0; i--) {
        next();
      }
    }

    void next() {
      int end = begin + length;
      boolean more = end + LENGTH_BYTES <= slab.length && (slab[end] | slab[end + 1]) != 0;
      if (more) {
        at(slabIndex, end);
      } else {
        at(slabIndex + 1, 0);
      }
    }

    private void at(int index, int offset) {
      slabIndex = index;
      slab = slabs.get(index);
      begin = offset + LENGTH_BYTES;
      length = (slab[offset] & 0xff) << 8 | slab[offset + 1] & 0xff;
    }

    long idHigh() {
      return number(begin + Leaf.ID_AT);
    }

    long idLow() {
      return number(begin + Leaf.ID_AT + Long.BYTES);
    }

    private long number(int from) {
      long value = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        value = value << 8 | slab[from + i] & 0xff;
      }
      return value;
    }
  }

  // ---- the tree

  @Override
  public Hash subtree(int level, long index) {
    if (level >= BLOCK_LEVEL) {
      byte[] row = rows[level - BLOCK_LEVEL];
      int at = Math.toIntExact(index * Hash.BYTES);
      return Hash.of(Arrays.copyOfRange(row, at, at + Hash.BYTES));
    }
    if (level > 0) {
      return TreeProofs.node(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
    }
    Place at = new Place();
    at.seek(Math.toIntExact(index));
    return hashing.leaf(at.slab, at.begin, at.length);
  }
}

package io.skein.ledger.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// One window's leaves, and where each of them is. Confined to one thread; closed by whoever
/// forgets them.
///
/// Leaves lie one after the other in slabs outside the heap, each behind its length. Only every
/// sixteenth place is kept, the others are counted from it. An open-addressed table leads from the
/// id to the leaf's place; since few receipts are ever asked for, it is made, or brought up to
/// date, when one is.
final class Leaves implements AutoCloseable {
  private static final int SLAB_BYTES = 1 << 16;
  private static final int LENGTH_BYTES = 2;
  private static final int BLOCK_LEVEL = 4;
  private static final int BLOCK = 1 << BLOCK_LEVEL;
  private static final int LEAST_SLOTS = 16;

  /// So that places fit into an int.
  private static final int MAX_SLABS = 1 << 15;

  private final List<OffHeap> slabs = new ArrayList<>();
  private final OffHeap.Room room;
  private final OffHeap blocks;
  private OffHeap places;
  private int slots = LEAST_SLOTS;
  private int used = SLAB_BYTES;
  private int count;
  private int indexed;
  private boolean sealed;

  /// @throws OutOfMemoryError if there is no room
  Leaves(OffHeap.Room room) {
    this.room = room;
    this.blocks = new OffHeap(room, 8 * Integer.BYTES);
    try {
      this.places = new OffHeap(room, LEAST_SLOTS * Integer.BYTES);
    } catch (OutOfMemoryError e) {
      blocks.close();
      throw e;
    }
  }

  /// Whether it takes no more.
  boolean full() {
    return slabs.size() == MAX_SLABS;
  }

  /// Bytes it takes, with all that is needed to find a leaf.
  long bytes() {
    long slabBytes =
        slabs.isEmpty() ? 0 : (slabs.size() - 1L) * SLAB_BYTES + slabs.getLast().size();
    return slabBytes + blocks.size() + places.size();
  }

  /// @throws OutOfMemoryError if there is no room; then nothing but [#close] can be done with it
  void add(Leaf leaf) {
    int length = leaf.length();
    if (used + LENGTH_BYTES + length > SLAB_BYTES) {
      slabs.add(new OffHeap(room, SLAB_BYTES));
      used = 0;
    }
    if ((count & BLOCK - 1) == 0) {
      int block = count >>> BLOCK_LEVEL;
      if ((long) block * Integer.BYTES == blocks.size()) {
        blocks.resize(block + (block >> 1) << 2);
      }
      blocks.putInt(block, slabs.size() - 1 << 16 | used);
    }
    OffHeap slab = slabs.getLast();
    slab.putShort(used, length);
    slab.put(used + LENGTH_BYTES, leaf.bytes, 1, length);
    used += LENGTH_BYTES + length;
    count++;
  }

  /// No leaf comes any more; lets go of what was in reserve.
  void seal() {
    slabs.getLast().resize(used);
    blocks.resize((long) Integer.BYTES * (count + BLOCK - 1 >>> BLOCK_LEVEL));
    clear(LEAST_SLOTS);
    sealed = true;
  }

  @Override
  public void close() {
    slabs.forEach(OffHeap::close);
    slabs.clear();
    blocks.close();
    places.close();
  }

  /// The place of the leaf with that id, from 0. The first time that takes some tens of
  /// milliseconds for a million leaves.
  OptionalInt find(ReceiptId id) {
    try {
      index();
    } catch (OutOfMemoryError _) {
      return search(id);
    }
    Place at = new Place();
    for (int slot = slot(id.high(), id.low()); places.getInt(slot) != 0; slot = next(slot)) {
      at.seek(places.getInt(slot) - 1);
      if (at.idHigh() == id.high() && at.idLow() == id.low()) {
        return OptionalInt.of(places.getInt(slot) - 1);
      }
    }
    return OptionalInt.empty();
  }

  private OptionalInt search(ReceiptId id) {
    Place at = new Place();
    for (int i = 0; i < count; i++) {
      at.to(i);
      if (at.idHigh() == id.high() && at.idLow() == id.low()) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /// The encoded leaf at a place.
  byte[] leaf(int index) {
    Place at = new Place();
    at.seek(index);
    return at.slab.get(at.begin, at.length);
  }

  private void index() {
    if (count * 5L > slots * 4L) {
      long enough = count * 5L / 4 + 1;
      clear((int) Math.min(Integer.MAX_VALUE, sealed ? enough : 2 * enough));
    }
    Place at = new Place();
    for (; indexed < count; indexed++) {
      at.to(indexed);
      put(at.idHigh(), at.idLow(), indexed);
    }
  }

  private void clear(int slots) {
    OffHeap none = new OffHeap(room, (long) Integer.BYTES * slots);
    places.close();
    places = none;
    this.slots = slots;
    indexed = 0;
  }

  private void put(long high, long low, int index) {
    int slot = slot(high, low);
    while (places.getInt(slot) != 0) {
      slot = next(slot);
    }
    places.putInt(slot, index + 1);
  }

  private int slot(long high, long low) {
    // Ids are random: 32 of their bits, scaled to the table's length, spread evenly.
    return (int) ((high + low & 0xffff_ffffL) * slots >>> 32);
  }

  private int next(int slot) {
    return slot + 1 == slots ? 0 : slot + 1;
  }

  /// Where a leaf lies.
  private final class Place {
    private OffHeap slab = blocks;
    private int slabIndex;
    private int begin;
    private int length;

    void seek(int index) {
      int place = blocks.getInt(index >>> BLOCK_LEVEL);
      at(place >>> 16, place & 0xffff);
      for (int i = index & BLOCK - 1; i > 0; i--) {
        next();
      }
    }

    /// To a place that follows the last one, or to any if there was none.
    void to(int index) {
      if (length == 0) {
        seek(index);
      } else {
        next();
      }
    }

    void next() {
      int end = begin + length;
      boolean more = end + LENGTH_BYTES <= slab.size() && slab.getShort(end) != 0;
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
      length = slab.getShort(offset);
    }

    long idHigh() {
      return slab.getLong(begin + Leaf.ID_AT);
    }

    long idLow() {
      return slab.getLong(begin + Leaf.ID_AT + Long.BYTES);
    }
  }
}

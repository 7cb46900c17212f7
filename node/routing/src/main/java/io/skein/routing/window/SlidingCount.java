package io.skein.routing.window;

import java.util.concurrent.atomic.AtomicLongArray;

/// Counts events of the last while. Any thread; no locks, no allocation.
///
/// A ring of slots, each one 64-bit word: the slot's number in time above, its count below, changed
/// together, so that a slot that time has passed by is reused by whoever comes first and is not
/// counted by those who read it late. A sum covers the current slot so far and the `slots` − 1
/// before it.
public final class SlidingCount {
  private static final long COUNT_MASK = 0xffff_ffffL;

  private final long slotNanos;
  private final AtomicLongArray ring;

  /// @param windowNanos how far back counts reach, at least `slots`
  /// @param slots how finely the window moves, at least 1
  public SlidingCount(long windowNanos, int slots) {
    if (slots < 1 || windowNanos < slots) {
      throw new IllegalArgumentException(
          "slots: " + slots + " (expected: 1..windowNanos = " + windowNanos + ")");
    }
    this.slotNanos = windowNanos / slots;
    this.ring = new AtomicLongArray(slots);
  }

  /// Adds `delta`, which may be negative to take back what was added at the same `nowNanos`. A
  /// count never falls below 0.
  public void add(int delta, long nowNanos) {
    int slot = slot(nowNanos);
    int at = Math.floorMod(slot, ring.length());
    long old;
    long next;
    do {
      old = ring.get(at);
      long count = old & COUNT_MASK;
      int stamp = (int) (old >>> 32);
      // An empty slot has no time. A slot ahead of us: our clock reading is late, and ours is gone.
      if (count == 0 || slot - stamp > 0) {
        count = 0;
        stamp = slot;
      }
      next = (long) stamp << 32 | Math.clamp(count + delta, 0, COUNT_MASK);
    } while (!ring.compareAndSet(at, old, next));
  }

  /// Events in the window that ends now.
  public long sum(long nowNanos) {
    int slot = slot(nowNanos);
    long sum = 0;
    for (int i = 0; i < ring.length(); i++) {
      long word = ring.get(i);
      if (slot - (int) (word >>> 32) < ring.length()) {
        sum += word & COUNT_MASK;
      }
    }
    return sum;
  }

  /// Forgets everything.
  public void clear() {
    for (int i = 0; i < ring.length(); i++) {
      ring.set(i, 0);
    }
  }

  private int slot(long nowNanos) {
    return (int) Math.floorDiv(nowNanos, slotNanos);
  }
}

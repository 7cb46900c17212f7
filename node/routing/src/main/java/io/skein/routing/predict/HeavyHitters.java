package io.skein.routing.predict;

import java.util.Arrays;

/// Which of a stream of hashes are frequent, in bounded room: Space-Saving (the package names the
/// paper). A hash that is not counted takes the place of the one with the least count and inherits
/// it as its error: counts are never too low, and too high by the error at most. Every hash with
/// more than a `room`-th of the stream is among the counted. One thread; the same stream gives the
/// same counts.
///
/// Finding the least is a walk over all counters; it happens for hashes that are not counted only.
final class HeavyHitters {
  /// No place.
  static final int NONE = -1;

  private final long[] hashes;
  private final long[] counts;
  private final long[] errors;
  private final int[] index;
  private int used;
  private int least;

  /// @param room how many hashes are counted, at least 1
  HeavyHitters(int room) {
    if (room < 1) {
      throw new IllegalArgumentException("room: " + room + " (expected: >= 1)");
    }
    hashes = new long[room];
    counts = new long[room];
    errors = new long[room];
    index = new int[Integer.highestOneBit(room) * 4];
    Arrays.fill(index, NONE);
  }

  /// Counts one.
  ///
  /// @return the place of its counter
  int add(long hash) {
    int place = find(hash);
    if (place == NONE) {
      if (used < hashes.length) {
        place = used++;
      } else {
        place = findLeast();
        errors[place] = counts[place];
        remove(hashes[place]);
      }
      hashes[place] = hash;
      insert(hash, place);
    }
    counts[place]++;
    return place;
  }

  /// The place of a hash's counter, or [#NONE].
  int find(long hash) {
    for (int slot = slot(hash); index[slot] != NONE; slot = slot + 1 & index.length - 1) {
      if (hashes[index[slot]] == hash) {
        return index[slot];
      }
    }
    return NONE;
  }

  /// How many hashes are counted.
  int size() {
    return used;
  }

  long hash(int place) {
    return hashes[place];
  }

  /// How often it came at least.
  long atLeast(int place) {
    return counts[place] - errors[place];
  }

  /// How often it came at most.
  long atMost(int place) {
    return counts[place];
  }

  /// Halves all counts, so that what was frequent long ago gives way.
  void halve() {
    for (int i = 0; i < used; i++) {
      counts[i] >>= 1;
      errors[i] >>= 1;
    }
  }

  // The one found last is most often still the least, or next to it.
  private int findLeast() {
    int best = least;
    for (int i = 0; i < used; i++) {
      if (counts[i] < counts[best]) {
        best = i;
      }
    }
    least = best + 1 < used ? best + 1 : 0;
    return best;
  }

  private int slot(long hash) {
    return (int) (hash * 0x9E37_79B9_7F4A_7C15L >>> 40) & index.length - 1;
  }

  private void insert(long hash, int place) {
    int slot = slot(hash);
    while (index[slot] != NONE) {
      slot = slot + 1 & index.length - 1;
    }
    index[slot] = place;
  }

  // Linear probing: what follows moves up.
  private void remove(long hash) {
    int slot = slot(hash);
    while (hashes[index[slot]] != hash) {
      slot = slot + 1 & index.length - 1;
    }
    int hole = slot;
    for (int next = slot + 1 & index.length - 1;
        index[next] != NONE;
        next = next + 1 & index.length - 1) {
      int home = slot(hashes[index[next]]);
      if ((next - home & index.length - 1) >= (next - hole & index.length - 1)) {
        index[hole] = index[next];
        hole = next;
      }
    }
    index[hole] = NONE;
  }
}

package io.skein.app.mesh;

import java.util.ArrayList;
import java.util.List;

/// Time, type and length of consecutive records, in chunks, so that taking one in never copies
/// many.
final class DenseColumns {
  private static final int CHUNK_BITS = 8;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private final long first;
  private final List<long[]> times = new ArrayList<>();
  private final List<char[]> codes = new ArrayList<>();
  private final List<char[]> lengths = new ArrayList<>();
  private long count;

  /// @param first the first record to come
  DenseColumns(long first) {
    this.first = first;
  }

  void add(long millis, int type, int length) {
    int at = (int) (count & (CHUNK - 1));
    if (at == 0) {
      times.add(new long[CHUNK]);
      codes.add(new char[CHUNK]);
      lengths.add(new char[CHUNK]);
    }
    times.getLast()[at] = millis;
    codes.getLast()[at] = (char) type;
    lengths.getLast()[at] = (char) (length - 1); // 1 to 65,536
    count++;
  }

  long first() {
    return first;
  }

  /// One less than the first if there is none.
  long last() {
    return first + count - 1;
  }

  long millis(long seq) {
    return times.get(chunk(seq))[place(seq)];
  }

  int type(long seq) {
    return codes.get(chunk(seq))[place(seq)];
  }

  int length(long seq) {
    return lengths.get(chunk(seq))[place(seq)] + 1;
  }

  private int chunk(long seq) {
    return (int) (seq - first >>> CHUNK_BITS);
  }

  private int place(long seq) {
    return (int) (seq - first & (CHUNK - 1));
  }

  /// The first that is not older than `millis`; one more than the last if all are.
  long from(long millis) {
    long low = first;
    long high = last() + 1;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (millis(middle) < millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

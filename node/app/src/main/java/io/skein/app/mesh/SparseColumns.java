package io.skein.app.mesh;

import java.util.Arrays;

/// Place, time, type and length of records with others missing between them.
final class SparseColumns {
  private long[] seqs = new long[4];
  private long[] times = new long[4];
  private char[] codes = new char[4];
  private char[] lengths = new char[4];
  private int count;

  void add(long seq, long millis, int type, int length) {
    if (count == seqs.length) {
      int room = count + (count >> 1);
      seqs = Arrays.copyOf(seqs, room);
      times = Arrays.copyOf(times, room);
      codes = Arrays.copyOf(codes, room);
      lengths = Arrays.copyOf(lengths, room);
    }
    seqs[count] = seq;
    times[count] = millis;
    codes[count] = (char) type;
    lengths[count++] = (char) (length - 1); // 1 to 65,536
  }

  int count() {
    return count;
  }

  long seq(int index) {
    return seqs[index];
  }

  long millis(int index) {
    return times[index];
  }

  int type(int index) {
    return codes[index];
  }

  int length(int index) {
    return lengths[index] + 1;
  }

  /// Index of the first record that is `seq` or later; [#count] if there is none.
  int from(long seq) {
    int at = Arrays.binarySearch(seqs, 0, count, seq);
    return at >= 0 ? at : -at - 1;
  }

  /// Index of the first record that is not older than `millis`; [#count] if all are.
  int fromMillis(long millis) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] < millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

package io.skein.ledger.log;

import java.nio.file.Path;
import java.util.Arrays;

/// The records before a cut that stay, and where their frames lie in the cut's file. 16 bytes of
/// heap a record.
final class Kept {
  final Path file;
  private long[] seqs = new long[8];
  private int[] offsets = new int[8];
  private int[] lengths = new int[8];
  private int count;

  Kept(Path file) {
    this.file = file;
  }

  void add(long seq, int offset, int frameBytes) {
    if (count == seqs.length) {
      seqs = Arrays.copyOf(seqs, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    seqs[count] = seq;
    offsets[count] = offset;
    lengths[count++] = frameBytes;
  }

  int count() {
    return count;
  }

  /// Index of the first record that is `seq` or later; [#count] if there is none.
  int from(long seq) {
    int at = Arrays.binarySearch(seqs, 0, count, seq);
    return at >= 0 ? at : -at - 1;
  }

  boolean holds(long seq) {
    int at = from(seq);
    return at < count && seqs[at] == seq;
  }

  long seq(int index) {
    return seqs[index];
  }

  int offset(int index) {
    return offsets[index];
  }

  int frameBytes(int index) {
    return lengths[index];
  }
}

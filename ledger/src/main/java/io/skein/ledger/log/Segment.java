package io.skein.ledger.log;

import java.nio.file.Path;
import java.util.Arrays;

/// One file of a feed and where its records start. Four bytes of heap a record.
final class Segment {
  final Path file;
  final long firstSeq;
  private int[] offsets = new int[16];
  private int count;
  private int sizeBytes;

  Segment(Path file, long firstSeq) {
    this.file = file;
    this.firstSeq = firstSeq;
  }

  /// Notes the next record's frame, which follows the last one.
  void add(int frameBytes) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count + (count >> 1));
    }
    offsets[count++] = sizeBytes;
    sizeBytes += frameBytes;
  }

  /// Forgets the records after `seq`.
  void cut(long seq) {
    if (seq < lastSeq()) {
      int kept = (int) Math.max(0, seq - firstSeq + 1);
      sizeBytes = offsets[kept];
      count = kept;
    }
  }

  int count() {
    return count;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  long lastSeq() {
    return firstSeq + count - 1;
  }

  int offset(long seq) {
    return offsets[index(seq)];
  }

  int frameBytes(long seq) {
    int i = index(seq);
    return (i + 1 < count ? offsets[i + 1] : sizeBytes) - offsets[i];
  }

  private int index(long seq) {
    if (seq < firstSeq || seq > lastSeq()) {
      throw new IllegalArgumentException(
          "seq: " + seq + " (expected: " + firstSeq + " to " + lastSeq() + ")");
    }
    return (int) (seq - firstSeq);
  }
}

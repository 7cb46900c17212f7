package io.skein.ledger.log;

import io.skein.ledger.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads a segment through a window that moves forward, so that a segment of any size takes the
/// same small piece of heap.
final class SegmentReader {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int LONGEST_FRAME = Frame.HEADER_BYTES + Frame.MAX_CONTENT_BYTES;

  private final DiskFile file;
  private final int sizeBytes;
  private ByteBuffer window = ByteBuffer.allocate(0);
  private int start;

  SegmentReader(DiskFile file, String name) throws IOException {
    long size = file.size();
    if (size > Integer.MAX_VALUE) {
      throw new IOException("segment " + name + " has " + size + " bytes (expected: < 2 GiB)");
    }
    this.file = file;
    this.sizeBytes = (int) size;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  /// The content length of an intact frame at `offset`, or −1.
  int intactLength(int offset) throws IOException {
    load(offset);
    return Frame.intactLength(window, offset - start);
  }

  /// Why the frame at `offset` is not intact, for people.
  String flaw(int offset) throws IOException {
    load(offset);
    return Frame.flaw(window, offset - start);
  }

  /// The content of the frame at `offset`, as a copy.
  byte[] content(int offset, int length) {
    byte[] content = new byte[length];
    window.get(offset - start + Frame.HEADER_BYTES, content);
    return content;
  }

  /// Where in [#array] the content of the frame at `offset` begins, after [#intactLength] was asked
  /// for it.
  int contentStart(int offset) {
    return offset - start + Frame.HEADER_BYTES;
  }

  /// The window's bytes, until the next [#intactLength].
  byte[] array() {
    return window.array();
  }

  /// Makes the longest frame possible at `offset` lie within the window.
  private void load(int offset) throws IOException {
    int wanted = Math.min(offset + LONGEST_FRAME, sizeBytes);
    if (offset >= start && wanted <= start + window.limit()) {
      return;
    }
    start = offset;
    int length = Math.min(WINDOW_BYTES, sizeBytes - offset);
    if (window.capacity() < length) {
      window = ByteBuffer.allocate(length);
    }
    window.clear().limit(length);
    file.read(window, offset);
    window.flip();
  }
}

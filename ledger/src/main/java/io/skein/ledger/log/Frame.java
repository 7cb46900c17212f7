package io.skein.ledger.log;

import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// One frame of a segment: `length (4, big endian) | CRC32C of length and content (4) | content`.
/// The checksum covers the length, so that no flipped bit of a frame goes unseen.
final class Frame {
  static final int HEADER_BYTES = 8;

  /// Longest content. A length above it is damage, whatever follows.
  static final int MAX_CONTENT_BYTES = SignedRecord.MAX_BYTES;

  private Frame() {}

  static int bytes(byte[] content) {
    return HEADER_BYTES + content.length;
  }

  static void put(ByteBuffer out, byte[] content) {
    out.putInt(content.length).putInt(checksum(ByteBuffer.wrap(content))).put(content);
  }

  /// The content length of an intact frame at `offset`, or −1.
  static int intactLength(ByteBuffer in, int offset) {
    if (offset > in.limit() - HEADER_BYTES) {
      return -1;
    }
    int length = in.getInt(offset);
    if (length < 1
        || length > MAX_CONTENT_BYTES
        || length > in.limit() - HEADER_BYTES - offset
        || checksum(in.slice(offset + HEADER_BYTES, length)) != in.getInt(offset + 4)) {
      return -1;
    }
    return length;
  }

  /// Why the frame at `offset` is not intact, for people.
  static String flaw(ByteBuffer in, int offset) {
    int left = in.limit() - offset;
    if (left < HEADER_BYTES) {
      return "frame header cut short";
    }
    int length = in.getInt(offset);
    if (length < 1 || length > MAX_CONTENT_BYTES) {
      return "impossible frame length " + Integer.toUnsignedString(length);
    }
    return length > left - HEADER_BYTES ? "frame cut short" : "checksum mismatch";
  }

  private static int checksum(ByteBuffer content) {
    CRC32C crc = new CRC32C();
    int length = content.remaining();
    crc.update(length >>> 24);
    crc.update(length >>> 16);
    crc.update(length >>> 8);
    crc.update(length);
    crc.update(content);
    return (int) crc.getValue();
  }
}

package io.skein.gossip.directory;

import io.skein.gossip.transport.PeerId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One value of the directory with the version that decides between two of them: of two entries
/// with one key the later by clock, then by author, then by content stands, so that the result does
/// not depend on the order in which they came.
///
/// As bytes: format (1) ‖ clock (8) ‖ author (16) ‖ content ‖ CRC32C of all before it (4).
///
/// @param clock the author's clock when it said so, unsigned
/// @param author who said so
/// @param content what was said, at most [#MAX_CONTENT_BYTES]; neither copied nor changed
public record DirectoryEntry(long clock, PeerId author, byte[] content)
    implements Comparable<DirectoryEntry> {
  /// Longest content.
  public static final int MAX_CONTENT_BYTES = 65_536;

  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 1 + Long.BYTES + PeerId.BYTES;
  private static final int CHECK_BYTES = Integer.BYTES;

  /// @throws IllegalArgumentException if the content is too long
  public DirectoryEntry {
    if (content.length > MAX_CONTENT_BYTES) {
      throw new IllegalArgumentException(
          "content: " + content.length + " bytes (expected: <= " + MAX_CONTENT_BYTES + ")");
    }
  }

  /// Reads what [#toBytes] wrote; empty if `bytes` are anything else.
  public static Optional<DirectoryEntry> read(byte[] bytes) {
    int contentBytes = bytes.length - HEAD_BYTES - CHECK_BYTES;
    if (contentBytes < 0 || contentBytes > MAX_CONTENT_BYTES || bytes[0] != FORMAT) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(bytes.length - CHECK_BYTES) != check(bytes, bytes.length - CHECK_BYTES)) {
      return Optional.empty();
    }
    return Optional.of(
        new DirectoryEntry(
            buffer.getLong(1),
            PeerId.fromBytes(bytes, 1 + Long.BYTES),
            Arrays.copyOfRange(bytes, HEAD_BYTES, HEAD_BYTES + contentBytes)));
  }

  /// The entry as it lies in the cache. Equal entries have equal bytes.
  public byte[] toBytes() {
    byte[] bytes = new byte[HEAD_BYTES + content.length + CHECK_BYTES];
    ByteBuffer.wrap(bytes).put(FORMAT).putLong(clock).put(author.toBytes()).put(content);
    ByteBuffer.wrap(bytes).putInt(bytes.length - CHECK_BYTES, check(bytes, bytes.length - 4));
    return bytes;
  }

  private static int check(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  @Override
  public int compareTo(DirectoryEntry other) {
    int order = Long.compareUnsigned(clock, other.clock);
    if (order == 0) {
      order = author.compareTo(other.author);
    }
    return order != 0 ? order : Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DirectoryEntry entry && compareTo(entry) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(clock) + author.hashCode()) + Arrays.hashCode(content);
  }
}

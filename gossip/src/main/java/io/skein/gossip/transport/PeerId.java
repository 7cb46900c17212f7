package io.skein.gossip.transport;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A node as its peers address it: 128 bits that outlive restarts.
///
/// What the bits mean is the caller's affair. Ordered as unsigned bytes.
///
/// @param high bytes 0–7, big endian
/// @param low bytes 8–15, big endian
public record PeerId(long high, long low) implements Comparable<PeerId> {
  /// Length of the binary form.
  public static final int BYTES = 16;

  /// Reads 16 bytes at `offset`.
  ///
  /// @throws IndexOutOfBoundsException if there are fewer
  public static PeerId fromBytes(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    return new PeerId(buffer.getLong(), buffer.getLong());
  }

  /// The 16 bytes.
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  @Override
  public int compareTo(PeerId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  /// 32 hexadecimal digits.
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}

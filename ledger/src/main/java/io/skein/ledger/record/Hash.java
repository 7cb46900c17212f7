package io.skein.ledger.record;

import java.util.Arrays;
import java.util.HexFormat;

/// A SHA-256 digest: 32 bytes, immutable, ordered as unsigned bytes. Text form: hexadecimal.
public final class Hash implements Comparable<Hash> {
  /// Length of a digest.
  public static final int BYTES = 32;

  /// 32 zero bytes: the `prev` of a feed's first record and the mesh id inside genesis.
  public static final Hash ZERO = new Hash(new byte[BYTES]);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies a digest.
  ///
  /// @throws IllegalArgumentException unless there are 32 bytes
  public static Hash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("hash: " + bytes.length + " bytes (expected: 32)");
    }
    return new Hash(bytes.clone());
  }

  /// Parses 64 hexadecimal digits.
  ///
  /// @throws IllegalArgumentException if `hex` is anything else
  public static Hash parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /// A copy of the 32 bytes.
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public int compareTo(Hash other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}

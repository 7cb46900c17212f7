package io.skein.ledger.key;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A node's identity: the first 16 bytes of SHA-256 over its 32-byte Ed25519 public key.
///
/// The text form is RFC 4648 base32 in lower case without padding, 26 characters. Ordered as
/// unsigned bytes, so that sorted identities look sorted in either form.
///
/// @param high bytes 0–7, big endian
/// @param low bytes 8–15, big endian
public record NodeId(long high, long low) implements Comparable<NodeId> {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int TEXT_LENGTH = 26;

  /// Length of the binary form.
  public static final int BYTES = 16;

  /// The identity of the holder of `key`.
  public static NodeId of(PublicKey key) {
    return key.nodeId();
  }

  static NodeId of(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return fromBytes(digest, 0);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Reads 16 bytes at `offset`.
  ///
  /// @throws IndexOutOfBoundsException if there are fewer
  public static NodeId fromBytes(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    return new NodeId(buffer.getLong(), buffer.getLong());
  }

  /// Parses the text form.
  ///
  /// @throws IllegalArgumentException if `text` is not 26 base32 characters naming 128 bits
  public static NodeId parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      throw new IllegalArgumentException("node id: " + text + " (expected: 26 base32 characters)");
    }
    byte[] bytes = new byte[BYTES];
    int buffer = 0;
    int bits = 0;
    int at = 0;
    for (int i = 0; i < TEXT_LENGTH; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException(
            "node id: " + text + " (expected: characters a-z and 2-7)");
      }
      buffer = (buffer << 5) | digit;
      bits += 5;
      if (bits >= 8 && at < BYTES) {
        bits -= 8;
        bytes[at++] = (byte) (buffer >>> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    if (buffer != 0) {
      throw new IllegalArgumentException("node id: " + text + " (expected: unused bits are zero)");
    }
    return fromBytes(bytes, 0);
  }

  /// The 16 bytes.
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  @Override
  public int compareTo(NodeId other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  // What a record gets by itself is generated when it is first called, at each start anew: no
  // start-up cache holds it.
  @Override
  public boolean equals(Object other) {
    return other instanceof NodeId that && high == that.high && low == that.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high) * 31 + Long.hashCode(low);
  }

  @Override
  public String toString() {
    byte[] bytes = toBytes();
    StringBuilder text = new StringBuilder(TEXT_LENGTH);
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = (buffer << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt((buffer >>> bits) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    return text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31)).toString();
  }
}

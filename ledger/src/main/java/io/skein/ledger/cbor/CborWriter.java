package io.skein.ledger.cbor;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes deterministic CBOR (RFC 8949 §4.2.1): shortest heads, definite lengths, integers, byte
/// strings, UTF-8 text, arrays and booleans. No maps, no floats, no tags, no null.
///
/// The caller writes as many items after [#array] as it announced. One thread at a time.
public final class CborWriter {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int FALSE = 0xf4;
  static final int TRUE = 0xf5;

  private byte[] buffer;
  private int length;

  /// An empty writer.
  public CborWriter() {
    this(256);
  }

  /// An empty writer with room for `bytes`; it grows by itself.
  ///
  /// @throws IllegalArgumentException if `bytes` is negative
  public CborWriter(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
    buffer = new byte[Math.max(16, bytes)];
  }

  /// An integer of 64 bits with sign.
  public CborWriter integer(long value) {
    return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, ~value);
  }

  /// An integer of 64 bits without sign: `value` is read as unsigned.
  public CborWriter unsigned(long value) {
    return head(UNSIGNED, value);
  }

  /// A boolean.
  public CborWriter bool(boolean value) {
    room(1);
    buffer[length++] = (byte) (value ? TRUE : FALSE);
    return this;
  }

  /// A byte string.
  public CborWriter bytes(byte[] value) {
    return head(BYTES, value.length).raw(value);
  }

  /// A text.
  ///
  /// @throws IllegalArgumentException if `value` has an unpaired surrogate
  public CborWriter text(String value) {
    if (ascii(value)) {
      return head(TEXT, value.length()).raw(value.getBytes(StandardCharsets.US_ASCII));
    }
    byte[] utf8 = utf8(value);
    return head(TEXT, utf8.length).raw(utf8);
  }

  /// The head of an array; `count` items follow.
  ///
  /// @throws IllegalArgumentException if `count` is negative
  public CborWriter array(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
    }
    return head(ARRAY, count);
  }

  /// One item that is already encoded. The caller vouches that it is deterministic, as what
  /// [CborReader#item] returns is.
  public CborWriter item(byte[] encoded) {
    return raw(encoded);
  }

  /// What was written so far, as a copy.
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  /// Bytes written so far.
  public int length() {
    return length;
  }

  /// The text's UTF-8 bytes.
  ///
  /// @throws IllegalArgumentException if `value` has an unpaired surrogate
  public static byte[] utf8(String value) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text: unpaired surrogate (expected: Unicode)", e);
    }
  }

  /// Most texts are: names and addresses. They need no encoder.
  private static boolean ascii(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private CborWriter raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
    return this;
  }

  private CborWriter head(int major, long argument) {
    room(9);
    int top = major << 5;
    if (argument >= 0 && argument < 24) {
      buffer[length++] = (byte) (top | (int) argument);
      return this;
    }
    int width = width(argument);
    buffer[length++] = (byte) (top | (24 + Integer.numberOfTrailingZeros(width)));
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (argument >>> shift);
    }
    return this;
  }

  /// Bytes that the shortest head of an argument of 24 or more takes after its first byte.
  static int width(long argument) {
    if (argument >>> 8 == 0) {
      return 1;
    }
    if (argument >>> 16 == 0) {
      return 2;
    }
    return argument >>> 32 == 0 ? 4 : 8;
  }

  private void room(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}

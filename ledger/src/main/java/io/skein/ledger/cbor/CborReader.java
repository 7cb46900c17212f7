package io.skein.ledger.cbor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Reads what [CborWriter] writes and refuses everything else with a [CborException]: other types,
/// heads that are not the shortest, indefinite lengths, bad UTF-8, lengths past the end, input
/// beyond the [CborLimits]. Nothing is allocated on the word of a length that the input does not
/// hold. No input makes it throw anything unchecked. One thread at a time.
public final class CborReader {
  private final byte[] input;
  private final CborLimits limits;
  private final int end;
  private final int[] open;
  private int depth;
  private int position;
  private int items;

  /// Reads `input`, which must not change meanwhile, from its start.
  ///
  /// @throws CborException if it is longer than the limits allow
  public CborReader(byte[] input, CborLimits limits) throws CborException {
    this(input, 0, input.length, limits);
  }

  /// Reads `length` bytes of `input` from `offset`.
  ///
  /// @throws CborException if that is longer than the limits allow
  /// @throws IndexOutOfBoundsException if `input` has no such range
  public CborReader(byte[] input, int offset, int length, CborLimits limits) throws CborException {
    Objects.checkFromIndexSize(offset, length, input.length);
    if (length > limits.maxBytes()) {
      throw new CborException(length + " bytes (expected: at most " + limits.maxBytes() + ")");
    }
    this.input = input;
    this.limits = limits;
    this.position = offset;
    this.end = offset + length;
    this.open = new int[limits.maxDepth()];
  }

  /// A signed integer.
  ///
  /// @throws CborException if the next item is none, or exceeds 64 bits with sign
  public long integer() throws CborException {
    int major = startItem();
    if (major != CborWriter.UNSIGNED && major != CborWriter.NEGATIVE) {
      throw expected("an integer");
    }
    long argument = argument();
    if (argument < 0) {
      throw expected("an integer of 64 bits with sign");
    }
    return major == CborWriter.UNSIGNED ? argument : ~argument;
  }

  /// A signed integer from `min` to `max`.
  ///
  /// @throws CborException if the next item is none, or out of range
  public long integer(long min, long max) throws CborException {
    long value = integer();
    if (value < min || value > max) {
      throw expected("an integer from " + min + " to " + max);
    }
    return value;
  }

  /// An integer of 64 bits without sign.
  ///
  /// @throws CborException if the next item is none
  public long unsigned() throws CborException {
    if (startItem() != CborWriter.UNSIGNED) {
      throw expected("an unsigned integer");
    }
    return argument();
  }

  /// A boolean.
  ///
  /// @throws CborException if the next item is none
  public boolean bool() throws CborException {
    startItem();
    int head = input[position++] & 0xff;
    if (head != CborWriter.FALSE && head != CborWriter.TRUE) {
      throw expected("a boolean");
    }
    return head == CborWriter.TRUE;
  }

  /// A byte string of at most `max` bytes.
  ///
  /// @throws CborException if the next item is none, or longer
  public byte[] bytes(int max) throws CborException {
    if (startItem() != CborWriter.BYTES) {
      throw expected("a byte string");
    }
    int length = length(max);
    position += length;
    return Arrays.copyOfRange(input, position - length, position);
  }

  /// A byte string of exactly `length` bytes.
  ///
  /// @throws CborException if the next item is none, or of another length
  public byte[] bytesOf(int length) throws CborException {
    byte[] value = bytes(length);
    if (value.length != length) {
      throw expected("a byte string of " + length + " bytes");
    }
    return value;
  }

  /// A text of at most `maxBytes` UTF-8 bytes.
  ///
  /// @throws CborException if the next item is none, longer, or not UTF-8
  public String text(int maxBytes) throws CborException {
    if (startItem() != CborWriter.TEXT) {
      throw expected("a text");
    }
    return utf8(length(maxBytes));
  }

  /// The head of an array of at most `max` items; returns how many follow.
  ///
  /// @throws CborException if the next item is none, has more, or lies too deep
  public int array(int max) throws CborException {
    if (startItem() != CborWriter.ARRAY) {
      throw expected("an array");
    }
    // Each item takes a byte at least, so that a count beyond the input is refused here.
    int count = length(max);
    enter(count);
    return count;
  }

  /// The head of an array of exactly `count` items.
  ///
  /// @throws CborException if the next item is none, or of another count
  public void arrayOf(int count) throws CborException {
    if (array(count) != count) {
      throw expected("an array of " + count + " items");
    }
  }

  /// Whatever item comes next, checked as deeply as all others, in its encoded form.
  ///
  /// @throws CborException if it is not of the subset
  public byte[] item() throws CborException {
    int start = position;
    int base = depth;
    skip();
    while (depth > base) {
      skip();
    }
    return Arrays.copyOfRange(input, start, position);
  }

  /// Whether all input was read.
  public boolean atEnd() {
    return position == end;
  }

  /// Makes sure that all input was read.
  ///
  /// @throws CborException if bytes are left
  public void end() throws CborException {
    if (position != end) {
      throw expected("the end of the input");
    }
  }

  private void skip() throws CborException {
    int major = startItem();
    switch (major) {
      case CborWriter.UNSIGNED -> argument();
      case CborWriter.NEGATIVE -> {
        if (argument() < 0) {
          throw expected("an integer of 64 bits with sign");
        }
      }
      case CborWriter.BYTES -> {
        int length = length(limits.maxBytes());
        position += length;
      }
      case CborWriter.TEXT -> utf8(length(limits.maxBytes()));
      case CborWriter.ARRAY -> enter(length(limits.maxItems()));
      default -> {
        int head = input[position++] & 0xff;
        if (head != CborWriter.FALSE && head != CborWriter.TRUE) {
          throw expected("an item of the deterministic subset");
        }
      }
    }
  }

  /// Counts an item and returns its major type without moving on. Arrays that are complete before
  /// it are closed here, so that `depth` is that of the item.
  private int startItem() throws CborException {
    if (position >= end) {
      throw expected("more input");
    }
    if (++items > limits.maxItems()) {
      throw expected("at most " + limits.maxItems() + " items");
    }
    if (depth > 0) {
      open[depth - 1]--;
    }
    int major = (input[position] & 0xff) >>> 5;
    if (major != CborWriter.ARRAY) {
      close();
    }
    return major;
  }

  private void enter(int count) throws CborException {
    if (depth == open.length) {
      throw expected("arrays at most " + open.length + " deep");
    }
    open[depth++] = count;
    close();
  }

  private void close() {
    while (depth > 0 && open[depth - 1] == 0) {
      depth--;
    }
  }

  private int length(int max) throws CborException {
    long argument = argument();
    if (argument < 0 || argument > max) {
      throw expected("a length or count of at most " + max);
    }
    if (argument > end - position) {
      throw expected("as much input as a length announces");
    }
    return (int) argument;
  }

  private long argument() throws CborException {
    int info = input[position++] & 0x1f;
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw expected("a definite length");
    }
    int width = 1 << (info - 24);
    if (end - position < width) {
      throw expected("more input");
    }
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = (value << 8) | (input[position++] & 0xff);
    }
    boolean shortest = width == 1 ? value >= 24 : CborWriter.width(value) == width;
    if (!shortest) {
      throw expected("the shortest form of a number");
    }
    return value;
  }

  private String utf8(int length) throws CborException {
    if (ascii(length)) {
      position += length;
      return new String(input, position - length, length, StandardCharsets.US_ASCII);
    }
    try {
      String value =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(input, position, length))
              .toString();
      position += length;
      return value;
    } catch (CharacterCodingException _) {
      throw expected("UTF-8");
    }
  }

  private boolean ascii(int length) {
    for (int i = position; i < position + length; i++) {
      if (input[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private CborException expected(String what) {
    return new CborException("expected " + what + " at or before byte " + position);
  }
}

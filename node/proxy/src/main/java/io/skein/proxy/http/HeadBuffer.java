package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where heads are put together before they are copied into a network buffer in one go. One per
/// event loop, used for one head at a time.
///
/// Text is Latin-1: a head's bytes come out exactly as they came in.
final class HeadBuffer {
  private byte[] bytes = new byte[4096];
  private int length;

  HeadBuffer clear() {
    length = 0;
    return this;
  }

  int length() {
    return length;
  }

  @SuppressWarnings("deprecation") // the one way to copy a Latin-1 string without a charset encoder
  HeadBuffer add(CharSequence text) {
    int count = text.length();
    reserve(count);
    if (text instanceof String string) {
      string.getBytes(0, count, bytes, length);
    } else if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, count);
    } else {
      for (int i = 0; i < count; i++) {
        bytes[length + i] = (byte) text.charAt(i);
      }
    }
    length += count;
    return this;
  }

  HeadBuffer add(byte[] raw) {
    reserve(raw.length);
    System.arraycopy(raw, 0, bytes, length, raw.length);
    length += raw.length;
    return this;
  }

  HeadBuffer add(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  HeadBuffer number(long value) {
    return value < 10 && value >= 0 ? add((char) ('0' + value)) : add(Long.toString(value));
  }

  HeadBuffer field(CharSequence name, CharSequence value) {
    int count = name.length() + value.length() + 4;
    reserve(count);
    add(name);
    bytes[length++] = ':';
    bytes[length++] = ' ';
    add(value);
    return line();
  }

  HeadBuffer line() {
    reserve(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  void copyTo(ByteBuf out) {
    out.writeBytes(bytes, 0, length);
  }

  /// What was added behind the first `from` bytes.
  byte[] toBytes(int from) {
    return Arrays.copyOfRange(bytes, from, length);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}

package io.skein.proxy.tls;

import java.util.Arrays;

/// Reads DER (X.690) one element after the other: enough for the structures of OCSP. Every length
/// is checked against what is there; whatever does not fit is a [Malformed].
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int ENUMERATED = 0x0a;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;

  private final byte[] bytes;
  private final int end;
  private int at;

  /// These bytes are not what they should be.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  Der(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Der(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean isEmpty() {
    return at >= end;
  }

  /// The next element's tag; -1 at the end. Tags of more than one byte are in nothing that is read.
  int tag() {
    return at < end ? bytes[at] & 0xff : -1;
  }

  /// The content of the next element, which must have that tag.
  Der next(int tag) throws Malformed {
    if (tag() != tag) {
      throw new Malformed("tag " + tag() + " where " + tag + " was expected");
    }
    return next();
  }

  /// The content of the next element.
  Der next() throws Malformed {
    int[] place = measure();
    at = place[1];
    return new Der(bytes, place[0], place[1]);
  }

  /// The next element as it is, with tag and length.
  byte[] whole() throws Malformed {
    int from = at;
    at = measure()[1];
    return Arrays.copyOfRange(bytes, from, at);
  }

  /// What is left.
  byte[] content() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /// Where the next element's content begins and ends.
  private int[] measure() throws Malformed {
    if (end - at < 2) {
      throw new Malformed("cut short");
    }
    int from = at + 2;
    int length = bytes[at + 1] & 0xff;
    if (length >= 0x80) {
      int count = length & 0x7f;
      if (count == 0 || count > 3 || count > end - from) {
        throw new Malformed("a length of " + count + " bytes");
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = length << 8 | (bytes[from++] & 0xff);
      }
    }
    if (length > end - from) {
      throw new Malformed("cut short");
    }
    return new int[] {from, from + length};
  }
}

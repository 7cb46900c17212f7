package io.skein.ledger.receipt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where leaves are encoded one after the other without leaving garbage behind. One thread.
///
/// The leaf stands behind one zero byte, which RFC 9162 puts before what a leaf's hash is of.
public final class Leaf {
  private static final int BEGIN = 1;
  private static final int MAX_IMMEDIATE = 23;
  private static final int UNSIGNED = 0x00;
  private static final int BYTES = 0x40;
  private static final int TEXT = 0x60;
  private static final int ARRAY = 0x80;

  /// Where the id stands in a leaf: behind the heads of array, version and byte string.
  static final int ID_AT = 3;

  /// Zero, then the leaf.
  final byte[] bytes = new byte[BEGIN + Receipt.MAX_BYTES];

  private int end = BEGIN;
  private long idHigh;
  private long idLow;

  /// Encodes a receipt in place of the one before; the parameters are [Receipt]'s components. What
  /// is below 0 counts as 0, what is above its range as its greatest value; a name of more than 255
  /// bytes is left out.
  public Leaf write(
      long high,
      long low,
      long startMicros,
      String service,
      int method,
      String endpoint,
      String peer,
      int outcome,
      int status,
      long latencyMicros,
      int tries,
      long bytesIn,
      long bytesOut) {
    idHigh = high;
    idLow = low;
    end = BEGIN;
    bytes[end++] = (byte) (ARRAY | Receipt.ITEMS);
    bytes[end++] = Receipt.VERSION;
    bytes[end++] = (byte) (BYTES | ReceiptId.BYTES);
    bigEndian(high, Long.BYTES);
    bigEndian(low, Long.BYTES);
    number(startMicros, Long.MAX_VALUE);
    text(service);
    number(method, MethodClass.OTHER.ordinal());
    text(endpoint);
    text(peer);
    number(outcome, Receipt.MAX_OUTCOME);
    number(status, Receipt.MAX_STATUS);
    number(latencyMicros, Long.MAX_VALUE);
    number(tries, Receipt.MAX_TRIES);
    number(bytesIn, Long.MAX_VALUE);
    number(bytesOut, Long.MAX_VALUE);
    return this;
  }

  /// Length of the leaf.
  int length() {
    return end - BEGIN;
  }

  long idHigh() {
    return idHigh;
  }

  long idLow() {
    return idLow;
  }

  byte[] toBytes() {
    return Arrays.copyOfRange(bytes, BEGIN, end);
  }

  private void number(long value, long most) {
    head(UNSIGNED, Math.clamp(value, 0, most));
  }

  private void text(String text) {
    int length = text.length();
    if (length > Receipt.MAX_NAME_BYTES) {
      head(TEXT, 0);
      return;
    }
    int begin = end;
    head(TEXT, length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        end = begin;
        utf8(text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[end++] = (byte) c;
    }
  }

  private void utf8(byte[] text) {
    int length = text.length > Receipt.MAX_NAME_BYTES ? 0 : text.length;
    head(TEXT, length);
    System.arraycopy(text, 0, bytes, end, length);
    end += length;
  }

  /// The shortest head of a type and its argument, 0 or more.
  private void head(int type, long argument) {
    if (argument <= MAX_IMMEDIATE) {
      bytes[end++] = (byte) (type | argument);
    } else if (argument <= 0xff) {
      bytes[end++] = (byte) (type | 24);
      bigEndian(argument, Byte.BYTES);
    } else if (argument <= 0xffff) {
      bytes[end++] = (byte) (type | 25);
      bigEndian(argument, Short.BYTES);
    } else if (argument <= 0xffff_ffffL) {
      bytes[end++] = (byte) (type | 26);
      bigEndian(argument, Integer.BYTES);
    } else {
      bytes[end++] = (byte) (type | 27);
      bigEndian(argument, Long.BYTES);
    }
  }

  private void bigEndian(long value, int count) {
    for (int shift = 8 * count - 8; shift >= 0; shift -= 8) {
      bytes[end++] = (byte) (value >>> shift);
    }
  }
}

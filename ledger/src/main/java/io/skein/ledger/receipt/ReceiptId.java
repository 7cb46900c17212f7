package io.skein.ledger.receipt;

import java.util.Optional;

/// A receipt's name: 128 bits that the node drew by chance. Text form: RFC 4648 base32 in lower
/// case without padding, 26 characters.
///
/// @param high bytes 0–7, big endian
/// @param low bytes 8–15, big endian
public record ReceiptId(long high, long low) {
  /// Length of the binary form.
  public static final int BYTES = 16;

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int DIGITS = 26;

  /// Parses the text form; empty for anything else.
  public static Optional<ReceiptId> parse(String text) {
    if (text.length() != DIGITS) {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < DIGITS; i++) {
      long digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      // The last digit has three bits only; its other two are zero.
      int bits = i < DIGITS - 1 ? 5 : 3;
      high = high << bits | low >>> 64 - bits;
      low = low << bits | digit >>> 5 - bits;
    }
    ReceiptId id = new ReceiptId(high, low);
    return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(DIGITS);
    for (int i = 0; i < DIGITS; i++) {
      int shift = 123 - 5 * i;
      long bits;
      if (shift >= 64) {
        bits = high >>> shift - 64;
      } else if (shift >= 0) {
        bits = high << 64 - shift | low >>> shift;
      } else {
        bits = low << -shift;
      }
      text.append(ALPHABET.charAt((int) bits & 31));
    }
    return text.toString();
  }
}

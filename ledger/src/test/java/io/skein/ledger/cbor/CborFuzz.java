package io.skein.ledger.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.skein.ledger.fuzz.Allocation;

/// Items from any bytes: what is read must be written back the same.
public final class CborFuzz {
  private static final CborLimits LIMITS = CborLimits.RECORD;

  private CborFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    byte[] written =
        Allocation.bounded(
            input,
            64,
            () -> {
              try {
                CborReader reader = new CborReader(input, LIMITS);
                CborWriter writer = new CborWriter();
                while (!reader.atEnd()) {
                  writer.item(reader.item());
                }
                return writer.toBytes();
              } catch (CborException _) {
                return new byte[0];
              }
            });
    if (written.length > 0) {
      assertArrayEquals(input, written);
      CborWriter writer = new CborWriter();
      CborReader reader = new CborReader(input, LIMITS);
      for (int at = 0; at < input.length; at = writer.length()) {
        copy((input[at] & 0xff) >>> 5, reader, writer);
      }
      reader.end();
      assertArrayEquals(input, writer.toBytes());
    }
  }

  /// Reads the next item by its own method; an array's items come as items of their own.
  private static void copy(int major, CborReader reader, CborWriter writer) throws CborException {
    switch (major) {
      case CborWriter.UNSIGNED -> writer.unsigned(reader.unsigned());
      case CborWriter.NEGATIVE -> writer.integer(reader.integer());
      case CborWriter.BYTES -> writer.bytes(reader.bytes(LIMITS.maxBytes()));
      case CborWriter.TEXT -> writer.text(reader.text(LIMITS.maxBytes()));
      case CborWriter.ARRAY -> writer.array(reader.array(LIMITS.maxItems()));
      default -> writer.bool(reader.bool());
    }
  }
}

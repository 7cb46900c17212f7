package io.skein.ledger.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CborPropertyTest {
  private static final CborLimits LIMITS = new CborLimits(4_096, 8, 1_000);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverIsReadIsWrittenBackTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] input = new byte[random.nextInt(1, 24)];
      random.nextBytes(input);
      if (random.nextBoolean()) {
        input[0] = (byte) (0x80 | random.nextInt(4));
      }
      try {
        CborReader reader = new CborReader(input, LIMITS);
        CborWriter writer = new CborWriter();
        while (!reader.atEnd()) {
          copy(new CborReader(reader.item(), LIMITS), writer);
        }
        assertArrayEquals(input, writer.toBytes());
        read++;
      } catch (CborException _) {
        // Refused: the only other outcome there may be.
      }
    }
    if (read < 100) {
      throw new AssertionError("only " + read + " inputs were well-formed");
    }
  }

  private static void copy(CborReader reader, CborWriter writer) throws CborException {
    while (!reader.atEnd()) {
      byte[] rest = reader.item();
      CborReader again = new CborReader(rest, LIMITS);
      switch ((rest[0] & 0xff) >>> 5) {
        case CborWriter.UNSIGNED -> writer.unsigned(again.unsigned());
        case CborWriter.NEGATIVE -> writer.integer(again.integer());
        case CborWriter.BYTES -> writer.bytes(again.bytes(4_096));
        case CborWriter.TEXT -> writer.text(again.text(4_096));
        case CborWriter.ARRAY -> {
          writer.array(again.array(4_096));
          copy(again, writer);
        }
        default -> writer.bool(again.bool());
      }
    }
  }
}

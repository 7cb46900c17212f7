package io.skein.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceiptTest {
  private static final Receipt USUAL =
      new Receipt(
          new ReceiptId(0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L),
          1_790_000_000_000_000L,
          "orders",
          MethodClass.SAFE,
          "orders/eu-1",
          "",
          3000,
          200,
          1_234,
          1,
          0,
          1_024);

  @Test
  void theUsualLeafIsTheseBytes() {
    assertEquals(
        "8d01500123456789abcdeffedcba98765432101b00065bfeda25e000666f7264657273006b6f72646572732f"
            + "65752d3160190bb818c81904d20100190400",
        HexFormat.of().formatHex(USUAL.encode()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsEncodedComesBackAndIsWhatTheGeneralWriterMakes(long seed) throws CborException {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      Receipt receipt =
          new Receipt(
              new ReceiptId(random.nextLong(), random.nextLong()),
              number(random, Long.MAX_VALUE),
              name(random),
              MethodClass.values()[random.nextInt(3)],
              name(random),
              name(random),
              (int) number(random, 65_535),
              (int) number(random, 999),
              number(random, Long.MAX_VALUE),
              (int) number(random, 255),
              number(random, Long.MAX_VALUE),
              number(random, Long.MAX_VALUE));
      byte[] leaf = receipt.encode();
      assertTrue(leaf.length <= Receipt.MAX_BYTES);
      assertEquals(receipt, Receipt.decode(leaf));
      assertArrayEquals(byTheGeneralWriter(receipt), leaf);
    }
  }

  private static byte[] byTheGeneralWriter(Receipt receipt) {
    return new CborWriter()
        .array(13)
        .integer(1)
        .bytes(
            ByteBuffer.allocate(16)
                .putLong(receipt.id().high())
                .putLong(receipt.id().low())
                .array())
        .integer(receipt.startMicros())
        .text(receipt.service())
        .integer(receipt.method().ordinal())
        .text(receipt.endpoint())
        .text(receipt.peer())
        .integer(receipt.outcome())
        .integer(receipt.status())
        .integer(receipt.latencyMicros())
        .integer(receipt.tries())
        .integer(receipt.bytesIn())
        .integer(receipt.bytesOut())
        .toBytes();
  }

  private static long number(SplittableRandom random, long most) {
    return Math.min(most, random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
  }

  private static String name(SplittableRandom random) {
    String letters = "abc-/1é€";
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(80); left > 0; left--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  @Test
  void noOtherBytesAreALeafOfTheSameReceipt() throws CborException {
    byte[] leaf = USUAL.encode();
    for (int length = 0; length < leaf.length; length++) {
      byte[] cut = Arrays.copyOf(leaf, length);
      assertThrows(CborException.class, () -> Receipt.decode(cut));
    }
    byte[] longer = Arrays.copyOf(leaf, leaf.length + 1);
    assertThrows(CborException.class, () -> Receipt.decode(longer));
    for (int at = 0; at < leaf.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = leaf.clone();
        changed[at] ^= (byte) (1 << bit);
        Receipt read;
        try {
          read = Receipt.decode(changed);
        } catch (CborException e) {
          continue;
        }
        assertTrue(!read.equals(USUAL));
        assertArrayEquals(changed, read.encode());
      }
    }
  }

  @Test
  void namesAreBoundedAndNumbersClamped() throws CborException {
    Leaf leaf = new Leaf();
    String most = "x".repeat(255);
    leaf.write(1, 2, -5, most, 9, "x".repeat(256), "é".repeat(128), 70_000, -1, -1, 300, -1, -1);
    Receipt read = Receipt.decode(leaf.toBytes());
    assertEquals(most, read.service());
    assertEquals("", read.endpoint());
    assertEquals("", read.peer());
    assertEquals(MethodClass.OTHER, read.method());
    assertEquals(65_535, read.outcome());
    assertEquals(255, read.tries());
    assertEquals(0, read.startMicros() + read.status() + read.latencyMicros() + read.bytesIn());
  }

  @Test
  void anIdHasOneTextForm() {
    assertEquals("aerukz4jvpg677w4xkmhmvbsca", USUAL.id().toString());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1_000; i++) {
      ReceiptId id = new ReceiptId(random.nextLong(), random.nextLong());
      assertEquals(Optional.of(id), ReceiptId.parse(id.toString()));
    }
    assertEquals(Optional.empty(), ReceiptId.parse("aerukz4jvpg677w4xkmhmvbscb"));
    assertEquals(Optional.empty(), ReceiptId.parse("AERUKZ4JVPG677W4XKMHMVBSCA"));
    assertEquals(Optional.empty(), ReceiptId.parse("aerukz4jvpg677w4xkmhmvbsc"));
    assertEquals(Optional.empty(), ReceiptId.parse("1".repeat(26)));
  }
}

package io.skein.ledger.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CborTest {
  private static final CborLimits LIMITS = new CborLimits(1_000, 4, 100);

  /// RFC 8949, appendix A.
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "23, 17",
    "24, 1818",
    "100, 1864",
    "255, 18ff",
    "256, 190100",
    "1000, 1903e8",
    "65535, 19ffff",
    "65536, 1a00010000",
    "1000000, 1a000f4240",
    "4294967295, 1affffffff",
    "4294967296, 1b0000000100000000",
    "1000000000000, 1b000000e8d4a51000",
    "9223372036854775807, 1b7fffffffffffffff",
    "-1, 20",
    "-24, 37",
    "-25, 3818",
    "-100, 3863",
    "-1000, 3903e7",
    "-9223372036854775808, 3b7fffffffffffffff",
  })
  void writesAndReadsIntegersInTheirShortestForm(long value, String hex) throws CborException {
    assertEquals(hex, hex(new CborWriter().integer(value)));
    assertEquals(value, reader(hex).integer());
  }

  @Test
  void carriesUnsignedIntegersOfAllSixtyFourBits() throws CborException {
    assertEquals("1bffffffffffffffff", hex(new CborWriter().unsigned(-1)));
    assertEquals(-1, reader("1bffffffffffffffff").unsigned());
    assertThrows(CborException.class, () -> reader("1bffffffffffffffff").integer());
  }

  @Test
  void writesAndReadsOtherItems() throws CborException {
    CborWriter writer =
        new CborWriter(0)
            .array(5)
            .bool(true)
            .bool(false)
            .text("ü水𐅑")
            .bytes(new byte[] {1, 2, 3, 4})
            .array(0);
    assertEquals("85f5f469c3bce6b0b4f0908591440102030480", hex(writer));
    CborReader reader = new CborReader(writer.toBytes(), LIMITS);
    reader.arrayOf(5);
    assertTrue(reader.bool());
    assertEquals(false, reader.bool());
    assertEquals("ü水𐅑", reader.text(9));
    assertArrayEquals(new byte[] {1, 2, 3, 4}, reader.bytesOf(4));
    assertEquals(0, reader.array(0));
    assertTrue(reader.atEnd());
    reader.end();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1800", // one byte where none is needed
        "1817",
        "190018", // two bytes where one is enough
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "5800", // the same for lengths
        "780161",
        "9800",
        "1c", // reserved widths
        "5f4101ff", // indefinite lengths
        "7f6161ff",
        "9fff",
        "ff",
        "a0", // maps
        "a10101",
        "c000", // tags
        "d81200",
        "f6", // null, undefined, simple values, floats
        "f7",
        "f0",
        "f8ff",
        "f90000",
        "fa00000000",
        "fb0000000000000000",
        "61ff", // not UTF-8
        "62c0af",
        "63eda080",
        "6261", // lengths past the end
        "4201",
        "820000ff",
        "8200",
        "19",
        "1903",
        "5bffffffffffffffff",
        "9bffffffffffffffff",
        "3bffffffffffffffff", // beyond 64 bits with sign
        "",
      })
  void refusesWhatIsNotDeterministic(String hex) {
    assertThrows(
        CborException.class,
        () -> {
          CborReader reader = reader(hex);
          reader.item();
          reader.end();
        });
  }

  @Test
  void boundsDepthItemsAndBytes() throws CborException {
    reader("8181818100").item();
    assertThrows(CborException.class, () -> reader("818181818100").item());
    // Depth is that of the nesting, not the number of arrays.
    reader("8881808180818081808180818081808180").item();
    CborLimits few = new CborLimits(1_000, 4, 3);
    new CborReader(bytes("820000"), few).item();
    assertThrows(CborException.class, () -> new CborReader(bytes("83000000"), few).item());
    assertThrows(CborException.class, () -> new CborReader(new byte[5], new CborLimits(4, 1, 1)));
  }

  @Test
  void refusesOtherTypesAndRanges() {
    assertThrows(CborException.class, () -> reader("6161").bytes(10));
    assertThrows(CborException.class, () -> reader("4161").text(10));
    assertThrows(CborException.class, () -> reader("00").array(10));
    assertThrows(CborException.class, () -> reader("80").integer());
    assertThrows(CborException.class, () -> reader("20").unsigned());
    assertThrows(CborException.class, () -> reader("00").bool());
    assertThrows(CborException.class, () -> reader("05").integer(0, 4));
    assertThrows(CborException.class, () -> reader("420000").bytes(1));
    assertThrows(CborException.class, () -> reader("420000").bytesOf(3));
    assertThrows(CborException.class, () -> reader("820000").array(1));
    assertThrows(CborException.class, () -> reader("820000").arrayOf(3));
    assertThrows(CborException.class, () -> reader("0000").end());
  }

  @Test
  void refusesTextsThatAreNotUnicode() {
    assertThrows(IllegalArgumentException.class, () -> new CborWriter().text("\ud800"));
  }

  @Test
  void takesOutOneItemWhole() throws CborException {
    CborReader reader = reader("83018202820304" + "05");
    reader.arrayOf(3);
    assertEquals(1, reader.integer());
    assertEquals("8202820304", HexFormat.of().formatHex(reader.item()));
    assertEquals(5, reader.integer());
    reader.end();
  }

  private static CborReader reader(String hex) throws CborException {
    return new CborReader(bytes(hex), LIMITS);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String hex(CborWriter writer) {
    return HexFormat.of().formatHex(writer.toBytes());
  }
}

package io.skein.ledger.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.Hash;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TileTest {
  @Test
  void pathsAreThoseOfTheSpecification() {
    assertEquals("x001/x234/067", new Tile(0, 1_234_067, 256).path());
    assertEquals("000", new Tile(0, 0, 256).path());
    assertEquals("x001/000.p/7", new Tile(1, 1_000, 7).path());
    for (long index : new long[] {0, 1, 999, 1_000, 999_999, 1_000_000, 123_456_789_012_345L}) {
      for (int width : new int[] {1, 17, 255, 256}) {
        Tile tile = new Tile(0, index, width);
        assertEquals(Optional.of(tile), Tile.parse(0, tile.path()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "00",
        "0000",
        "x000/001",
        "001/002",
        "x001",
        "x001/",
        "000.p/0",
        "000.p/256",
        "000.p/01",
        "000.p/",
        "000.p",
        "-01",
        "000/",
        "/000",
        "x001/x234/067.p/1000",
        "０００",
        "x999/x999/x999/x999/x999/x999/999"
      })
  void otherPathsAreNone(String path) {
    assertEquals(Optional.empty(), Tile.parse(0, path));
  }

  @Test
  void aTreeOfSeventyThousandHasTheTilesOfTheSpecification() {
    assertTrue(new Tile(0, 272, 256).within(70_000));
    assertTrue(new Tile(0, 273, 112).within(70_000));
    assertFalse(new Tile(0, 273, 113).within(70_000));
    assertTrue(new Tile(1, 0, 256).within(70_000));
    assertTrue(new Tile(1, 1, 17).within(70_000));
    assertFalse(new Tile(1, 1, 18).within(70_000));
    assertTrue(new Tile(2, 0, 1).within(70_000));
    assertFalse(new Tile(2, 0, 2).within(70_000));
    assertFalse(new Tile(3, 0, 1).within(70_000));
    assertEquals(273L * 256, new Tile(0, 273, 112).firstLeaf());
  }

  @Test
  void tilesHoldLeavesAndRootsOfFullTilesBelow() {
    List<Hash> leaves = Trees.leaves(600);
    MemoryTree tree = Trees.tree(leaves);
    byte[] first = new Tile(0, 1, 256).hashes(tree);
    assertEquals(8_192, first.length);
    for (int i = 0; i < 256; i++) {
      assertArrayEquals(
          leaves.get(256 + i).toBytes(), Arrays.copyOfRange(first, 32 * i, 32 * i + 32));
    }
    byte[] second = new Tile(1, 0, 2).hashes(tree);
    assertArrayEquals(
        Trees.root(leaves.subList(256, 512)).toBytes(), Arrays.copyOfRange(second, 32, 64));
    assertThrows(IllegalArgumentException.class, () -> new Tile(1, 0, 3).hashes(tree));
    assertThrows(IllegalArgumentException.class, () -> new Tile(8, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Tile(0, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Tile(0, 0, 257));
  }
}

package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTreeTest {
  private final List<Hash> leaves = new ArrayList<>();
  private final FeedHashes tree =
      new FeedHashes((from, count, into) -> {
        for (int i = 0; i < count; i++) {
          System.arraycopy(
              leaves.get((int) from + i).toBytes(), 0, into, i * Hash.BYTES, Hash.BYTES);
        }
      });

  private void add(int number) {
    Hash leaf = Sha256.of(ByteBuffer.allocate(5).putInt(1, number).array());
    leaves.add(leaf);
    tree.add(leaf.toBytes());
  }

  @Test
  void hasTheRootThatTheDefinitionGives() {
    assertTrue(FeedTree.root(tree).isEmpty());
    for (int i = 0; i < 1_100; i++) {
      add(i);
      assertEquals(i + 1, tree.size());
      if (i < 70 || i % 97 == 0 || i % 256 < 2) {
        assertEquals(defined(leaves), FeedTree.root(tree).orElseThrow());
      }
    }
  }

  @Test
  void hasEverySubtreeOfEveryLevel() {
    for (int i = 0; i < (1 << 16) + 300; i++) {
      add(i);
    }
    for (int level = 0; level <= 16; level++) {
      long last = (tree.size() >>> level) - 1;
      for (long index : new long[] {0, last / 2, last}) {
        List<Hash> below = leaves.subList((int) (index << level), (int) ((index + 1) << level));
        assertEquals(defined(below), tree.subtree(level, index), "level " + level + " of " + index);
      }
    }
  }

  @Test
  void refusesSubtreesThatAreNotComplete() {
    for (int i = 0; i < 5; i++) {
      add(i);
    }
    assertThrows(IllegalArgumentException.class, () -> tree.subtree(2, 1));
    assertThrows(IllegalArgumentException.class, () -> tree.subtree(0, 5));
    assertThrows(IllegalArgumentException.class, () -> tree.subtree(3, 0));
    assertThrows(IllegalArgumentException.class, () -> tree.subtree(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> tree.subtree(0, -1));
  }

  /// MTH of RFC 9162 §2.1.1, word for word.
  private static Hash defined(List<Hash> leaves) {
    int n = leaves.size();
    if (n == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(n - 1);
    return Sha256.of(
        new byte[] {1},
        defined(leaves.subList(0, k)).toBytes(),
        defined(leaves.subList(k, n)).toBytes());
  }
}

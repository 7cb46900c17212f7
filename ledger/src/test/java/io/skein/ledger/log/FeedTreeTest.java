package io.skein.ledger.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTreeTest {
  @Test
  void hasTheRootThatTheDefinitionGives() {
    FeedTree tree = new FeedTree();
    assertTrue(tree.root().isEmpty());
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      Hash leaf = Sha256.of(new byte[] {0, (byte) i});
      leaves.add(leaf);
      tree.add(leaf);
      assertEquals(defined(leaves), tree.root().orElseThrow());
      assertEquals(i + 1, tree.size());
    }
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

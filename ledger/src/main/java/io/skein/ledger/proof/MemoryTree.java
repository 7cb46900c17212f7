package io.skein.ledger.proof;

import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.List;

/// A tree in memory: about two hashes a leaf. Confined to one thread.
public final class MemoryTree implements TreeHashes {
  private final List<List<Hash>> levels = new ArrayList<>();

  /// An empty tree.
  public MemoryTree() {
    levels.add(new ArrayList<>());
  }

  /// Adds the next record by its hash.
  public void add(Hash leaf) {
    Hash complete = leaf;
    for (int level = 0; ; level++) {
      if (level == levels.size()) {
        levels.add(new ArrayList<>());
      }
      List<Hash> row = levels.get(level);
      row.add(complete);
      if ((row.size() & 1) == 1) {
        return;
      }
      complete = TreeProofs.node(row.get(row.size() - 2), complete);
    }
  }

  @Override
  public long size() {
    return levels.getFirst().size();
  }

  /// @throws IndexOutOfBoundsException if there is no such complete subtree
  @Override
  public Hash subtree(int level, long index) {
    return levels.get(level).get(Math.toIntExact(index));
  }
}

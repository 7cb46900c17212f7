package io.skein.ledger.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TreeProofsPropertyTest {
  private static final int ALL = 70;

  @Test
  void rootsAndInclusionProofsOfAllSmallTreesAreTheDefinitions() {
    List<Hash> leaves = Trees.leaves(ALL);
    MemoryTree tree = Trees.tree(leaves);
    for (int size = 1; size <= ALL; size++) {
      List<Hash> held = leaves.subList(0, size);
      Hash root = Trees.root(held);
      assertEquals(root, TreeProofs.root(tree, size));
      for (int index = 0; index < size; index++) {
        InclusionProof proof = TreeProofs.inclusion(tree, index, size);
        assertEquals(Trees.path(index, held), proof.hashes(), index + " in " + size);
        assertTrue(proof.proves(held.get(index), root));
        for (int other = 0; other < size; other++) {
          assertEquals(other == index, proof.proves(held.get(other), root));
        }
      }
    }
  }

  @Test
  void consistencyProofsOfAllSmallTreesAreTheDefinition() {
    List<Hash> leaves = Trees.leaves(ALL);
    MemoryTree tree = Trees.tree(leaves);
    List<Hash> roots = new ArrayList<>();
    for (int size = 1; size <= ALL; size++) {
      roots.add(Trees.root(leaves.subList(0, size)));
    }
    for (int to = 1; to <= ALL; to++) {
      for (int from = 1; from <= to; from++) {
        ConsistencyProof proof = TreeProofs.consistency(tree, from, to);
        assertEquals(
            Trees.consistency(from, leaves.subList(0, to), true), proof.hashes(), from + ".." + to);
        assertTrue(proof.proves(roots.get(from - 1), roots.get(to - 1)));
        for (int other = 1; other <= to; other++) {
          assertEquals(
              other == from, proof.proves(roots.get(other - 1), roots.get(to - 1)), "" + other);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void largeTreesProveAsWell(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int size = random.nextInt(1_000, 40_000);
    MemoryTree tree = Trees.tree(Trees.leaves(size));
    for (int i = 0; i < 200; i++) {
      int to = random.nextInt(1, size + 1);
      int from = random.nextInt(1, to + 1);
      int index = random.nextInt(to);
      Hash root = TreeProofs.root(tree, to);
      InclusionProof inclusion = TreeProofs.inclusion(tree, index, to);
      assertTrue(inclusion.hashes().size() <= 64 - Long.numberOfLeadingZeros(to - 1));
      assertTrue(inclusion.proves(Trees.leaf(index), root));
      assertFalse(inclusion.proves(Trees.leaf(size), root));
      ConsistencyProof consistency = TreeProofs.consistency(tree, from, to);
      assertTrue(consistency.proves(TreeProofs.root(tree, from), root));
    }
  }

  @Test
  void everyChangedByteMissingHashAndAddedHashIsRefused() {
    MemoryTree tree = Trees.tree(Trees.leaves(ALL));
    for (int size : new int[] {2, 3, 7, 8, 21, 64, 70}) {
      Hash root = TreeProofs.root(tree, size);
      for (int at = 1; at < size; at += 5) {
        InclusionProof inclusion = TreeProofs.inclusion(tree, at, size);
        for (List<Hash> changed : changes(inclusion.hashes())) {
          assertFalse(new InclusionProof(at, size, changed).proves(Trees.leaf(at), root));
        }
        ConsistencyProof consistency = TreeProofs.consistency(tree, at, size);
        Hash earlier = TreeProofs.root(tree, at);
        for (List<Hash> changed : changes(consistency.hashes())) {
          assertFalse(new ConsistencyProof(at, size, changed).proves(earlier, root));
        }
        for (Hash other : flips(root)) {
          assertFalse(inclusion.proves(Trees.leaf(at), other));
          assertFalse(consistency.proves(earlier, other));
        }
      }
    }
  }

  private static List<List<Hash>> changes(List<Hash> hashes) {
    List<List<Hash>> changes = new ArrayList<>();
    for (int i = 0; i < hashes.size(); i++) {
      for (Hash other : flips(hashes.get(i))) {
        List<Hash> changed = new ArrayList<>(hashes);
        changed.set(i, other);
        changes.add(changed);
      }
      List<Hash> shorter = new ArrayList<>(hashes);
      shorter.remove(i);
      changes.add(shorter);
      List<Hash> longer = new ArrayList<>(hashes);
      longer.add(i, hashes.get(i));
      changes.add(longer);
    }
    List<Hash> longer = new ArrayList<>(hashes);
    longer.add(Trees.leaf(1));
    changes.add(longer);
    return changes;
  }

  private static List<Hash> flips(Hash hash) {
    List<Hash> flips = new ArrayList<>();
    for (int at = 0; at < Hash.BYTES; at++) {
      byte[] bytes = hash.toBytes();
      bytes[at] ^= (byte) (1 << at % 8);
      flips.add(Hash.of(bytes));
    }
    return flips;
  }

  @Test
  void whatIsNotInTheTreeIsNotProved() {
    MemoryTree tree = Trees.tree(Trees.leaves(5));
    assertThrows(IllegalArgumentException.class, () -> TreeProofs.root(tree, 0));
    assertThrows(IllegalArgumentException.class, () -> TreeProofs.root(tree, 6));
    assertThrows(IllegalArgumentException.class, () -> TreeProofs.inclusion(tree, 5, 5));
    assertThrows(IllegalArgumentException.class, () -> TreeProofs.inclusion(tree, -1, 5));
    assertThrows(IllegalArgumentException.class, () -> TreeProofs.consistency(tree, 0, 5));
    assertThrows(IllegalArgumentException.class, () -> TreeProofs.consistency(tree, 5, 4));
  }
}

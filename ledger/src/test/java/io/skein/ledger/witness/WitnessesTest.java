package io.skein.ledger.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessesTest {
  private static final int CROWD = 60;

  private final Map<NodeId, NodeId> branches = new TreeMap<>();

  private static NodeId node(int number) {
    return new NodeId(number, number);
  }

  private static FeedId feed(int author) {
    return new FeedId(node(author), 77L * author);
  }

  /// Members from `first` on, all of that member's branch.
  private void members(int first, int count, int branch) {
    for (int i = first; i < first + count; i++) {
      branches.put(node(i), node(branch));
    }
  }

  /// Members from 0 on, each a branch of its own.
  private void alone(int count) {
    for (int i = 0; i < count; i++) {
      members(i, 1, i);
    }
  }

  private SortedSet<NodeId> of(int author) {
    return Witnesses.of(feed(author), branches);
  }

  private long ofBranch(int branch, Collection<NodeId> witnesses) {
    return witnesses.stream().filter(one -> node(branch).equals(branches.get(one))).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 6, 7, 12, 40})
  void whereNobodyInvitesButTheFounderTheyAreThoseWithTheGreatestHashes(int members) {
    alone(members);
    for (int author = 0; author < members; author++) {
      assertEquals(greatest(feed(author)), of(author));
    }
  }

  private SortedSet<NodeId> greatest(FeedId feed) {
    return branches.keySet().stream()
        .filter(member -> !member.equals(feed.author()))
        .sorted(Comparator.<NodeId, String>comparing(member -> hash(feed, member)).reversed())
        .limit(Witnesses.COUNT)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String hash(FeedId feed, NodeId member) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("skein witness 1\n".getBytes(StandardCharsets.US_ASCII));
      digest.update(feed.author().toBytes());
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(feed.epoch()).array());
      return HexFormat.of().formatHex(digest.digest(member.toBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theyAreTheSameEverywhereAndChangeLittle() {
    alone(12);
    SortedSet<NodeId> witnesses = of(5);
    assertEquals(Witnesses.COUNT, witnesses.size());
    assertFalse(witnesses.contains(node(5)));
    Map<NodeId, NodeId> reversed = new LinkedHashMap<>();
    List.copyOf(branches.keySet()).reversed().forEach(one -> reversed.put(one, one));
    assertEquals(witnesses, Witnesses.of(feed(5), reversed));
    branches.remove(node(11));
    SortedSet<NodeId> fewer = of(5);
    assertTrue(witnesses.stream().filter(one -> !fewer.contains(one)).count() <= 1);
  }

  @Test
  void aCrowdOfGuestsIsNoMoreThanItsHostWouldBeAmongManyBranches() {
    alone(40);
    Map<Integer, Long> before = new TreeMap<>();
    for (int author = 0; author < 40; author++) {
      before.put(author, ofBranch(39, of(author)));
    }
    members(100, CROWD, 39);
    long seats = 0;
    for (int author = 0; author < 39; author++) {
      assertEquals(Witnesses.COUNT, of(author).size());
      assertEquals(before.get(author), ofBranch(39, of(author)));
      seats += ofBranch(39, of(author));
    }
    assertTrue(seats > 0, "it still has its turn");
    assertEquals(0, ofBranch(39, of(39)), "nor does it witness its own");
    for (int guest = 100; guest < 100 + CROWD; guest++) {
      assertEquals(0, ofBranch(39, of(guest)));
    }
  }

  @Test
  void aCrowdOfGuestsIsNoQuorumWhereThreeBranchesAreBesideItsAndTheAuthors() {
    alone(5);
    members(100, CROWD, 4);
    for (int author = 0; author < 4; author++) {
      assertEquals(Witnesses.COUNT, of(author).size());
      assertTrue(ofBranch(4, of(author)) < Witnesses.QUORUM);
    }
    assertEquals(1, ofBranch(4, of(4)));
  }

  @Test
  void fewMembersAllWitnessEachOtherWhoeverInvitedThem() {
    alone(3);
    members(3, 3, 2);
    for (int author = 0; author < 6; author++) {
      SortedSet<NodeId> others = new TreeSet<>(branches.keySet());
      others.remove(node(author));
      assertEquals(others, of(author));
    }
  }

  /// Of any division into branches: as many witnesses as there can be; of two others' branches one
  /// has at most one more than the other, unless that has no more members; and the author's own has
  /// some only where all others have been taken.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void seatsGoRoundTheBranches(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 100; round++) {
      branches.clear();
      int count = random.nextInt(2, 30);
      int among = random.nextInt(1, count + 1);
      for (int i = 0; i < count; i++) {
        members(i, 1, random.nextInt(among));
      }
      int author = random.nextInt(count);
      SortedSet<NodeId> witnesses = of(author);
      assertEquals(Math.min(Witnesses.COUNT, count - 1), witnesses.size());
      assertFalse(witnesses.contains(node(author)));
      NodeId own = branches.getOrDefault(node(author), node(author));
      Map<NodeId, Long> seats = new TreeMap<>();
      Map<NodeId, Long> left = new TreeMap<>();
      branches.forEach((member, branch) -> {
        if (!member.equals(node(author))) {
          seats.merge(branch, witnesses.contains(member) ? 1L : 0L, Long::sum);
          left.merge(branch, witnesses.contains(member) ? 0L : 1L, Long::sum);
        }
      });
      long most =
          seats.entrySet().stream()
              .filter(it -> !it.getKey().equals(own))
              .mapToLong(Map.Entry::getValue)
              .max()
              .orElse(0);
      seats.forEach((branch, its) -> {
        if (!branch.equals(own) && left.getOrDefault(branch, 0L) > 0) {
          assertTrue(its >= most - 1, () -> branch + ": " + its + " of " + witnesses);
          assertEquals(0, seats.getOrDefault(own, 0L), () -> "its own, of " + witnesses);
        }
      });
    }
  }
}

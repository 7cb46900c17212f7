package io.skein.ledger.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.AgreedClock.Peer;
import io.skein.ledger.key.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AgreedClockTest {
  private static final long START = 1_700_000_000_000L;
  private static final long WRONG = 288_000;
  private static final NodeId SELF = new NodeId(0, 0);

  private long trueMillis = START;
  private long errorMillis;
  private AgreedClock clock = started();

  private AgreedClock started() {
    return new AgreedClock(() -> trueMillis + errorMillis, () -> trueMillis * 1_000_000);
  }

  private long off() {
    return clock.getAsLong() - trueMillis;
  }

  /// From each of the first so many peers, of all that there are; each is a branch of its own.
  private void hears(int peers, long... offsets) {
    trueMillis += 1_000;
    List<Peer> others = new ArrayList<>();
    for (int i = 0; i < peers; i++) {
      others.add(i < offsets.length ? peer(i, offsets[i]) : unheard(i));
    }
    clock.compare(SELF, others);
  }

  private void hears(List<Peer> peers) {
    clock.compare(SELF, peers);
  }

  private Peer peer(int branch, long offset) {
    return new Peer(new NodeId(1, branch), OptionalLong.of(trueMillis + offset));
  }

  private static Peer unheard(int branch) {
    return new Peer(new NodeId(1, branch), OptionalLong.empty());
  }

  /// So many of one branch.
  private List<Peer> peers(int count, int branch, long offset) {
    return Collections.nCopies(count, peer(branch, offset));
  }

  /// So many, each of its own branch, the first of that number.
  private List<Peer> alone(int count, int first, long offset) {
    return IntStream.range(first, first + count).mapToObj(it -> peer(it, offset)).toList();
  }

  @SafeVarargs
  private static List<Peer> all(List<Peer>... peers) {
    return Stream.of(peers).flatMap(List::stream).toList();
  }

  @Test
  void followsAWallClockThatIsALittleOff() {
    errorMillis = 9_000;
    assertEquals(9_000, off());
    hears(2, 0, 0);
    assertEquals(9_000, off());
    assertEquals(0, clock.correctionMillis());
  }

  @ParameterizedTest
  @ValueSource(longs = {WRONG, -WRONG})
  void aJumpMovesNothingAndIsOverWhenTheWallClockIsRightAgain(long by) {
    errorMillis = by;
    assertEquals(0, off());
    hears(2, 0, 0);
    assertEquals(0, off());
    errorMillis = 0;
    assertEquals(0, off());
    assertEquals(0, clock.correctionMillis());
  }

  @Test
  void aJumpThatMostHaveMadeTooIsFollowed() {
    errorMillis = WRONG;
    hears(2, WRONG, WRONG);
    assertEquals(WRONG, off());
    assertEquals(0, clock.correctionMillis());
  }

  @Test
  void inAMeshOfTwoThePeerDecidesWhichSideOfAJumpIsRight() {
    errorMillis = WRONG;
    hears(1, 0);
    assertEquals(0, off());
    hears(1, WRONG);
    assertEquals(WRONG, off());
  }

  @Test
  void aClockThatIsWrongFromTheStartIsSetRightByMost() {
    errorMillis = WRONG;
    clock = started();
    assertEquals(WRONG, off());
    hears(2, 300, -200);
    assertTrue(Math.abs(off()) <= 300, () -> "off by " + off());
    errorMillis = 0;
    assertTrue(Math.abs(off()) <= 300, () -> "off by " + off());
  }

  @Test
  void oneLiarOfTwoPeersMovesNothing() {
    hears(2, 0, 3_600_000);
    assertEquals(0, off());
    hears(2, 0, -3_600_000);
    assertEquals(0, off());
    hears(1, 3_600_000);
    assertEquals(0, off());
  }

  @Test
  void aMinorityMovesNothingThoughNobodyElseIsHeard() {
    hears(4, WRONG, WRONG);
    assertEquals(0, off());
    errorMillis = WRONG;
    hears(4, WRONG);
    assertEquals(0, off());
  }

  @Test
  void whoKnowsNobodyFollowsItsOwn() {
    errorMillis = WRONG;
    assertEquals(0, off());
    clock.compare(SELF, List.of());
    assertEquals(WRONG, off());
  }

  @Test
  void whomOneInvitedMoveNothingHoweverMany() {
    hears(all(alone(40, 0, 0), peers(61, 40, WRONG)));
    assertEquals(0, off());
    // Nor where few others are there.
    hears(all(alone(1, 0, 0), peers(61, 40, WRONG)));
    assertEquals(0, off());
  }

  @Test
  void whomOneInvitedDoNotKeepAWrongClockFromBeingSetRightWhileTheyAreFewerThanTheOthers() {
    errorMillis = WRONG;
    clock = started();
    hears(all(alone(40, 0, 0), peers(30, 40, WRONG)));
    assertEquals(0, off());
  }

  @Test
  void fewNodesMoveNothingThoughTheyAreMostOfTheBranches() {
    hears(all(peers(20, 0, 0), alone(3, 1, WRONG)));
    assertEquals(0, off());
  }

  @Test
  void aBranchOfWhichNobodyIsHeardCounts() {
    hears(all(alone(2, 0, WRONG), List.of(unheard(3), unheard(4))));
    assertEquals(0, off());
    errorMillis = WRONG;
    clock = started();
    hears(all(alone(4, 0, 0), List.of(unheard(4), unheard(4))));
    assertEquals(0, off());
  }

  @Test
  void thisNodesOwnClockCountsWithItsBranch() {
    errorMillis = WRONG;
    clock = started();
    Peer kin = new Peer(SELF, OptionalLong.of(trueMillis));
    hears(List.of(kin, kin, peer(1, 0), peer(2, WRONG)));
    assertEquals(0, off());
  }

  /// Whatever one branch says, of any size, where two others are right.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatABranchSaysIsWorthOneClock(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int honest = random.nextInt(2, 6);
    for (int second = 0; second < 2_000; second++) {
      trueMillis += 1_000;
      if (random.nextInt(20) == 0) {
        errorMillis = random.nextLong(-1_000_000, 1_000_001);
      }
      long lie = random.nextLong(-1_000_000, 1_000_001);
      hears(
          all(
              alone(honest, 0, random.nextLong(-1_000, 1_001)),
              peers(random.nextInt(1, 100), honest, lie)));
      assertTrue(
          Math.abs(off()) <= 2 * AgreedClock.TOLERANCE_MILLIS, () -> "off by " + off() + " ms");
    }
  }

  /// Whatever a minority of liars says and however its own clock jumps.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void staysWithinTheToleranceOfAnHonestMajority(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int peers = random.nextInt(2, 10);
    int liars = random.nextInt((peers - 1) / 2 + 1);
    for (int second = 0; second < 2_000; second++) {
      if (random.nextInt(20) == 0) {
        errorMillis = random.nextLong(-1_000_000, 1_000_001);
      }
      long[] said = new long[peers - (random.nextInt(4) == 0 ? 1 : 0)];
      for (int i = 0; i < said.length; i++) {
        said[i] =
            i < liars ? random.nextLong(-1_000_000, 1_000_001) : random.nextLong(-1_000, 1_001);
      }
      hears(peers, said);
      assertTrue(
          Math.abs(off()) <= 2 * AgreedClock.TOLERANCE_MILLIS, () -> "off by " + off() + " ms");
    }
  }
}

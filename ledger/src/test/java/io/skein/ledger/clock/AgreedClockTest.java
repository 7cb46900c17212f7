package io.skein.ledger.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AgreedClockTest {
  private static final long START = 1_700_000_000_000L;
  private static final long WRONG = 288_000;

  private long trueMillis = START;
  private long errorMillis;
  private AgreedClock clock = started();

  private AgreedClock started() {
    return new AgreedClock(() -> trueMillis + errorMillis, () -> trueMillis * 1_000_000);
  }

  private long off() {
    return clock.getAsLong() - trueMillis;
  }

  private void hears(int peers, long... offsets) {
    trueMillis += 1_000;
    List<Long> others = new ArrayList<>();
    for (long offset : offsets) {
      others.add(trueMillis + offset);
    }
    clock.compare(others, peers);
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
    clock.compare(List.of(), 0);
    assertEquals(WRONG, off());
  }

  @Test
  void hearsNoMoreThanThereAre() {
    assertThrows(IllegalArgumentException.class, () -> clock.compare(List.of(START), 0));
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

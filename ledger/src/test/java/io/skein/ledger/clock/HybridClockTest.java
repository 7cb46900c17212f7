package io.skein.ledger.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HybridClockTest {
  private long wall = 1_000_000;
  private final HybridClock clock = new HybridClock(() -> wall);

  @Test
  void followsTheWallClock() {
    assertEquals(1_000_000, HybridClock.millis(clock.now()));
    wall += 500;
    assertEquals(HybridClock.at(1_000_500), clock.now());
  }

  @Test
  void countsWithinAMillisecondAndBorrowsTheNext() {
    long first = clock.now();
    assertEquals(first + 1, clock.now());
    for (int i = 0; i < 70_000; i++) {
      clock.now();
    }
    assertEquals(first + 70_002, clock.now());
    assertEquals(1_000_001, HybridClock.millis(clock.now()));
  }

  @Test
  void isLaterThanWhatItObserved() {
    long seen = HybridClock.at(1_059_000) + 7;
    clock.observe(seen);
    assertEquals(seen + 1, clock.now());
  }

  @Test
  void ignoresTheImplausible() {
    long edge = HybridClock.at(1_060_000) + 0xffff;
    assertTrue(clock.plausible(edge));
    assertFalse(clock.plausible(edge + 1));
    assertFalse(clock.plausible(-1));
    assertTrue(clock.plausible(0));
    clock.observe(edge + 1);
    clock.observe(-1);
    clock.observe(Long.MAX_VALUE);
    assertEquals(1_000_000, HybridClock.millis(clock.now()));
  }

  @Test
  void continuesAfterItsOwnLastReadingHoweverFarAhead() {
    clock.advanceTo(HybridClock.at(9_000_000));
    assertEquals(HybridClock.at(9_000_000) + 1, clock.now());
    clock.advanceTo(0);
    assertEquals(HybridClock.at(9_000_000) + 2, clock.now());
    assertThrows(IllegalArgumentException.class, () -> clock.advanceTo(-1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void alwaysIncreasesWhateverTheWallClockDoes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long last = -1;
    for (int i = 0; i < 10_000; i++) {
      wall = random.nextInt(50) == 0 ? random.nextLong() : wall + random.nextLong(-1_000, 1_001);
      clock.observe(random.nextLong());
      long now = clock.now();
      assertTrue(now > last, () -> "ran back at wall " + wall);
      last = now;
      if (i % 1_000 == 999) {
        wall = 1_000_000;
      }
    }
  }
}

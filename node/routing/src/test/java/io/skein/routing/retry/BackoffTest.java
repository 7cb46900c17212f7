package io.skein.routing.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
  @Test
  void boundsDoubleUpToTheMost() {
    Backoff backoff = new Backoff(10, 70);
    assertEquals(10, backoff.boundNanos(1));
    assertEquals(20, backoff.boundNanos(2));
    assertEquals(40, backoff.boundNanos(3));
    assertEquals(70, backoff.boundNanos(4));
    assertEquals(70, backoff.boundNanos(1_000_000));
    assertEquals(Long.MAX_VALUE, new Backoff(Long.MAX_VALUE, Long.MAX_VALUE).boundNanos(9));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void waitsAreSpreadOverTheWholeInterval(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] tenths = new int[10];
    for (int i = 0; i < 10_000; i++) {
      long wait = new Backoff(1_000, 8_000).waitNanos(2, random);
      assertTrue(wait >= 0 && wait <= 2_000, "wait " + wait);
      tenths[(int) Math.min(9, wait / 200)]++;
    }
    for (int tenth : tenths) {
      assertEquals(1_000, tenth, 150);
    }
  }

  @Test
  void noneDoesNotWait() {
    assertEquals(0, Backoff.NONE.waitNanos(3, new SplittableRandom(1)));
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(new Backoff(25_000_000, 250_000_000), Backoff.DEFAULT);
    assertThrows(IllegalArgumentException.class, () -> new Backoff(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(2, 1));
  }
}

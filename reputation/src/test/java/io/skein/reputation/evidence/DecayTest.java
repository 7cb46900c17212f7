package io.skein.reputation.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class DecayTest {
  @Test
  void halvesAtTheHalfLives() {
    for (int halvings = 0; halvings <= 5; halvings++) {
      assertEquals(65_536 >> halvings, Decay.goodQ16(12 * halvings));
    }
    assertEquals(65_536, Decay.badQ16(0));
    assertEquals(32_768, Decay.badQ16(36));
  }

  @Test
  void entriesKnownFromElsewhere() {
    // 65536·2^(−1/12), ·2^(−7/12), ·2^(−1/36), ·2^(−63/36)
    assertEquals(61_858, Decay.goodQ16(1));
    assertEquals(43_740, Decay.goodQ16(7));
    assertEquals(64_286, Decay.badQ16(1));
    assertEquals(19_484, Decay.badQ16(63));
  }

  @Test
  void everyEntryIsTheNearestInteger() {
    for (int age = 0; age < Decay.WINDOWS; age++) {
      assertNearest(Decay.goodQ16(age), age, 12);
      assertNearest(Decay.badQ16(age), age, 36);
    }
  }

  private static void assertNearest(int entry, int age, int halfLife) {
    BigInteger whole = BigInteger.TWO.pow(17 * halfLife - age);
    BigInteger below = BigInteger.valueOf(2L * entry - 1).pow(halfLife);
    BigInteger above = BigInteger.valueOf(2L * entry + 1).pow(halfLife);
    assertTrue(below.compareTo(whole) < 0 && whole.compareTo(above) < 0, age + "/" + halfLife);
  }
}

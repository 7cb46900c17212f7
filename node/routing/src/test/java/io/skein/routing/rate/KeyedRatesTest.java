package io.skein.routing.rate;

import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedRatesTest {
  private static final Rate TWO = Rate.perSecond(1, 2);

  @Test
  void eachKeyHasItsOwnBucket() {
    KeyedRates rates = new KeyedRates(1 << 10, 42);
    for (int i = 0; i < 100; i++) {
      String key = "10.0.0." + i;
      assertEquals(Rate.ADMITTED, rates.take(key, TWO, 0));
      assertEquals(Rate.ADMITTED, rates.take(key, TWO, 0));
      assertEquals(SECOND, rates.take(key, TWO, 0));
    }
    assertEquals(100, rates.active(0));
    assertEquals(0, rates.active(2 * SECOND));
  }

  @ParameterizedTest(name = "secret {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatIsNotActiveMakesRoomAndLosesNothing(long secret) {
    KeyedRates rates = new KeyedRates(64, secret);
    // 40,000 keys pass by, at most four of which are active at once.
    for (int i = 0; i < 40_000; i++) {
      long now = i * SECOND / 2;
      assertEquals(Rate.ADMITTED, rates.take(i, TWO, now));
      assertEquals(Rate.ADMITTED, rates.take(i, TWO, now));
      assertTrue(rates.take(i, TWO, now) > 0);
    }
  }

  @Test
  void aGreedyKeyIsNotWashedOutByManyOthers() {
    KeyedRates rates = new KeyedRates(64, 7);
    Rate rate = Rate.perSecond(1, 20);
    int admitted = 0;
    for (int i = 0; i < 10_000; i++) {
      admitted += rates.take("greedy", rate, 0) == Rate.ADMITTED ? 1 : 0;
      rates.take(1_000L + i, rate, 0);
    }
    assertEquals(20, admitted);
  }

  @Test
  void moreActiveKeysThanPlacesAreServedRatherThanRefused() {
    KeyedRates rates = new KeyedRates(8, 7);
    Rate once = Rate.perSecond(1, 1);
    for (long key = 0; key < 1_000; key++) {
      assertEquals(Rate.ADMITTED, rates.take(key, once, 0));
    }
  }

  @Test
  void hasTheDocumentedLimits() {
    assertThrows(IllegalArgumentException.class, () -> new KeyedRates(7, 1));
    assertThrows(IllegalArgumentException.class, () -> new KeyedRates((1 << 24) + 1, 1));
  }
}

package io.skein.routing.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeavyHittersTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void keepsEveryFrequentHashAndBoundsItsCount(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int room = 32;
    HeavyHitters hitters = new HeavyHitters(room);
    Map<Long, Integer> truth = new HashMap<>();
    int stream = 50_000;
    for (int i = 0; i < stream; i++) {
      // Few that are frequent among many that come once.
      long hash = random.nextInt(3) == 0 ? random.nextInt(6) : random.nextLong();
      truth.merge(hash, 1, Integer::sum);
      int place = hitters.add(hash);
      assertEquals(hash, hitters.hash(place));
    }
    assertEquals(room, hitters.size());
    truth.forEach((hash, count) -> {
      int place = hitters.find(hash);
      if (count > stream / room) {
        assertNotEquals(HeavyHitters.NONE, place, () -> hash + " came " + count + " times");
      }
      if (place != HeavyHitters.NONE) {
        assertTrue(hitters.atLeast(place) <= count && count <= hitters.atMost(place));
      }
    });
  }
}

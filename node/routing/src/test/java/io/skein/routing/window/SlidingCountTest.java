package io.skein.routing.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingCountTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void countsWhatHappenedInTheWindow(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int slots = 1 + random.nextInt(8);
    int slotNanos = 10;
    SlidingCount count = new SlidingCount((long) slots * slotNanos, slots);
    Deque<Long> events = new ArrayDeque<>();
    long now = random.nextLong(-1_000, 1_000);
    for (int i = 0; i < 2_000; i++) {
      now += random.nextInt(8) == 0 ? random.nextInt(60) : random.nextInt(3);
      if (random.nextBoolean()) {
        count.add(1, now);
        events.add(Math.floorDiv(now, slotNanos));
      }
      long oldest = Math.floorDiv(now, slotNanos) - slots;
      events.removeIf(slot -> slot <= oldest);
      assertEquals(events.size(), count.sum(now));
    }
  }

  @Test
  void neverFallsBelowNothing() {
    SlidingCount count = new SlidingCount(100, 10);
    count.add(-5, 7);
    assertEquals(0, count.sum(7));
  }

  @Test
  void losesNothingToRacingWriters() throws InterruptedException {
    SlidingCount count = new SlidingCount(1_000, 10);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 10_000; i++) {
                  count.add(1, i / 20);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(40_000, count.sum(500));
    assertTrue(count.sum(100_000) == 0);
  }

  @Test
  void refusesAWindowWithoutSlots() {
    assertThrows(IllegalArgumentException.class, () -> new SlidingCount(10, 0));
    assertThrows(IllegalArgumentException.class, () -> new SlidingCount(3, 4));
  }
}

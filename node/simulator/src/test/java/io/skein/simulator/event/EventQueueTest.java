package io.skein.simulator.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EventQueueTest {
  @Test
  void letsEventsHappenInTheOrderOfTheirTimesAndThenOfScheduling() {
    EventQueue queue = new EventQueue();
    SplittableRandom random = new SplittableRandom(1);
    List<long[]> happened = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long at = random.nextLong(300);
      int number = i;
      queue.at(at, now -> happened.add(new long[] {now, at, number}));
    }
    queue.run(1_000);
    assertEquals(5_000, happened.size());
    for (int i = 0; i < happened.size(); i++) {
      assertEquals(happened.get(i)[1], happened.get(i)[0]);
      if (i > 0) {
        long[] before = happened.get(i - 1);
        long[] after = happened.get(i);
        assertEquals(
            -1,
            before[0] == after[0]
                ? Long.compare(before[2], after[2])
                : Long.compare(before[0], after[0]));
      }
    }
    assertEquals(1_000, queue.nowNanos());
  }

  @Test
  void stopsAtTheEndAndGoesOnFromThere() {
    EventQueue queue = new EventQueue();
    List<Long> happened = new ArrayList<>();
    queue.at(
        10,
        now -> {
          happened.add(now);
          queue.at(now + 10, happened::add);
          queue.at(now + 11, happened::add);
        });
    queue.run(20);
    assertEquals(List.of(10L, 20L), happened);
    queue.run(30);
    assertEquals(List.of(10L, 20L, 21L), happened);
    assertEquals(3, queue.happened());
  }

  @Test
  void refusesThePast() {
    EventQueue queue = new EventQueue();
    queue.run(5);
    assertThrows(IllegalArgumentException.class, () -> queue.at(4, _ -> {}));
  }
}

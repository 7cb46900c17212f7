package io.skein.routing.rate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateGateTest {
  @Test
  void admitsABurstAndThenTheRate() {
    Rate rate = Rate.perSecond(10, 5);
    RateGate gate = new RateGate(0);
    for (int i = 0; i < 5; i++) {
      assertEquals(5 - i, gate.left(rate, 0));
      assertEquals(Rate.ADMITTED, gate.take(rate, 0));
    }
    assertEquals(0, gate.left(rate, 0));
    assertEquals(100 * MILLI, gate.take(rate, 0));
    assertEquals(Rate.ADMITTED, gate.take(rate, 100 * MILLI));
    assertEquals(60 * MILLI, gate.take(rate, 140 * MILLI));
    assertEquals(5, gate.left(rate, 10 * SECOND));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverAdmitsMoreThanBurstAndRateInAnyInterval(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Rate rate = Rate.perSecond(50, 7);
    RateGate gate = new RateGate(0);
    List<Long> admitted = new ArrayList<>();
    long now = 0;
    while (now < 20 * SECOND) {
      now += random.nextLong(random.nextInt(10) == 0 ? SECOND : 10 * MILLI);
      if (gate.take(rate, now) == Rate.ADMITTED) {
        admitted.add(now);
      }
    }
    for (int i = 0; i < admitted.size(); i++) {
      for (int j = i; j < Math.min(admitted.size(), i + 200); j++) {
        double allowed = 7 + (admitted.get(j) - admitted.get(i)) * 50.0 / SECOND;
        assertTrue(j - i + 1 <= allowed + 1e-6, "from " + i + " to " + j);
      }
    }
  }

  @Test
  void theWaitItNamesIsLongEnough() {
    Rate rate = Rate.perSecond(3, 2);
    RateGate gate = new RateGate(0);
    long now = 0;
    for (int i = 0; i < 100; i++) {
      long wait = gate.take(rate, now);
      if (wait != Rate.ADMITTED) {
        now += wait;
        assertEquals(Rate.ADMITTED, gate.take(rate, now));
      }
    }
  }

  @Test
  void racingThreadsGetTheBurstTogether() throws InterruptedException {
    Rate rate = Rate.perSecond(1, 100);
    RateGate gate = new RateGate(0);
    AtomicInteger admitted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 1_000; i++) {
                  admitted.addAndGet(gate.take(rate, 0) == Rate.ADMITTED ? 1 : 0);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(100, admitted.get());
  }

  @Test
  void hasTheDocumentedLimits() {
    assertThrows(IllegalArgumentException.class, () -> new Rate(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Rate(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Rate.perSecond(0, 1));
    assertEquals(3_600_000_000_000L, Rate.perSecond(1e-9, 1_000_000).intervalNanos());
  }
}

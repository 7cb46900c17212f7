package io.skein.routing.ejection;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OutlierTrackerTest {
  private final OutlierTracker tracker = new OutlierTracker();
  private final OutlierRules rules = new OutlierRules(OutlierConfig.DEFAULT);

  private void record(Outcome outcome, int times, long latencyNanos, long nowNanos) {
    for (int i = 0; i < times; i++) {
      tracker.record(outcome, latencyNanos, nowNanos);
    }
  }

  private Optional<Ailment> diagnosis(long othersMedianNanos, long nowNanos) {
    return rules.diagnose(tracker.observe(nowNanos), othersMedianNanos, 0).map(Finding::diagnosis);
  }

  @Test
  void threeRefusedConnectionsMeanDead() {
    record(Outcome.GOOD, 100, MILLI, SECOND);
    record(Outcome.CONNECT_FAILED, 2, 0, SECOND);
    assertEquals(Optional.empty(), diagnosis(0, SECOND));
    record(Outcome.CONNECT_FAILED, 1, 0, SECOND);
    assertEquals(Optional.of(Ailment.DEAD), diagnosis(0, SECOND));
    record(Outcome.GOOD, 1, MILLI, SECOND);
    assertEquals(Optional.empty(), diagnosis(0, SECOND));
  }

  @Test
  void fiveFailuresInARowMeanFailingHoweverMixed() {
    record(Outcome.FAILED, 2, 0, SECOND);
    record(Outcome.CONNECT_FAILED, 2, 0, SECOND);
    assertEquals(Optional.empty(), diagnosis(0, SECOND));
    record(Outcome.FAILED, 1, 0, SECOND);
    assertEquals(Optional.of(Ailment.FAILING), diagnosis(0, SECOND));
  }

  @Test
  void halfOfTwentyMeansFailing() {
    for (int i = 0; i < 9; i++) {
      record(Outcome.FAILED, 1, 0, SECOND);
      record(Outcome.GOOD, 1, MILLI, SECOND);
    }
    assertEquals(Optional.empty(), diagnosis(0, SECOND));
    record(Outcome.FAILED, 1, 0, SECOND);
    record(Outcome.GOOD, 1, MILLI, SECOND);
    assertEquals(Optional.of(Ailment.FAILING), diagnosis(0, SECOND));
    assertEquals(Optional.empty(), diagnosis(0, 7 * SECOND));
  }

  @Test
  void slowIsMeasuredByTheOthersAndTheFloor() {
    record(Outcome.GOOD, 20, 100 * MILLI, SECOND);
    assertEquals(Optional.of(Ailment.SLOW), diagnosis(10 * MILLI, SECOND));
    assertEquals(Optional.empty(), diagnosis(50 * MILLI, SECOND));
    assertEquals(Optional.empty(), diagnosis(0, SECOND));
    assertEquals(
        Optional.empty(), rules.diagnose(tracker.observe(SECOND), 10 * MILLI, 200 * MILLI));
    tracker.forget();
    record(Outcome.GOOD, 20, 10 * MILLI, SECOND);
    assertEquals(Optional.empty(), diagnosis(MILLI, SECOND));
  }

  @Test
  void aFewSlowAnswersSayNothing() {
    record(Outcome.GOOD, 9, 100 * MILLI, SECOND);
    assertEquals(Optional.empty(), diagnosis(10 * MILLI, SECOND));
  }

  @Test
  void medianIsRightToAboutATenth() {
    SplittableRandom random = new SplittableRandom(5);
    for (long median = MILLI / 4; median < 6 * SECOND; median = median * 3 / 2) {
      tracker.forget();
      for (int i = 0; i < 301; i++) {
        long off = random.nextLong(median);
        tracker.record(Outcome.GOOD, i == 0 ? median : i % 2 == 0 ? off : 2 * median - off, SECOND);
      }
      long seen = tracker.observe(SECOND).medianNanos();
      assertEquals(1, (double) seen / median, 0.15, "median " + median);
    }
    tracker.forget();
    record(Outcome.GOOD, 3, 100 * SECOND, SECOND);
    assertTrue(tracker.observe(SECOND).medianNanos() > 7 * SECOND);
    tracker.forget();
    record(Outcome.GOOD, 3, 0, SECOND);
    assertTrue(tracker.observe(SECOND).medianNanos() < MILLI);
  }

  @Test
  void aRowOfFailuresExpiresWithoutFurtherRequests() {
    record(Outcome.CONNECT_FAILED, 9, 0, SECOND);
    assertEquals(Optional.of(Ailment.DEAD), diagnosis(0, 20 * SECOND));
    assertEquals(Optional.empty(), diagnosis(0, 40 * SECOND));
  }

  @Test
  void forgets() {
    record(Outcome.GOOD, 50, 100 * MILLI, SECOND);
    record(Outcome.CONNECT_FAILED, 30, 0, SECOND);
    tracker.forget();
    assertEquals(Observation.NOTHING, tracker.observe(SECOND));
  }

  @Test
  void refusesImpossibleThresholds() {
    assertThrows(IllegalArgumentException.class, () -> new OutlierConfig(0, 5, 0.5, 20, 4, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> new OutlierConfig(3, 5, 1.5, 20, 4, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> new OutlierConfig(3, 5, 0.5, 20, 1, 0, 10));
  }
}

package io.skein.routing.concurrency;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private final AdaptiveLimit limit = new AdaptiveLimit(AdaptiveLimitConfig.DEFAULT, 0);

  private int acquire(int times, Priority priority) {
    int granted = 0;
    for (int i = 0; i < times; i++) {
      granted += limit.tryAcquire(priority) ? 1 : 0;
    }
    return granted;
  }

  @Test
  void shedsTheLeastImportantFirst() {
    assertEquals(70, acquire(200, Priority.SHEDDABLE));
    assertEquals(20, acquire(200, Priority.DEFAULT));
    assertEquals(10, acquire(200, Priority.CRITICAL));
    limit.release();
    assertEquals(0, acquire(1, Priority.DEFAULT));
    assertEquals(1, acquire(1, Priority.CRITICAL));
    assertEquals(100, limit.inFlight());
  }

  @Test
  void growsWhileItIsUsedAndNobodyWaits() {
    acquire(90, Priority.DEFAULT);
    long now = 0;
    for (int i = 0; i < 20; i++) {
      now = window(now, 10 * MILLI, 0);
      limit.tryAcquire(Priority.CRITICAL);
    }
    assertTrue(limit.limit() > 150, "limit " + limit.limit());
  }

  @Test
  void staysWhereItIsWhileItIsNotUsed() {
    long now = 0;
    for (int i = 0; i < 20; i++) {
      now = window(now, 10 * MILLI, 0);
    }
    assertEquals(100, limit.limit());
  }

  @Test
  void shrinksWhenLatencyGrows() {
    acquire(90, Priority.DEFAULT);
    long now = window(0, 10 * MILLI, 0);
    for (int i = 0; i < 30; i++) {
      limit.tryAcquire(Priority.DEFAULT);
      now = window(now, 60 * MILLI, 0);
    }
    assertTrue(limit.limit() < 30, "limit " + limit.limit());
    assertTrue(limit.limit() >= 10, "limit " + limit.limit());
  }

  @Test
  void shrinksWhenAnswersSayOverloaded() {
    long now = window(0, 10 * MILLI, 0);
    now = window(now, 10 * MILLI, 3);
    assertEquals(90, limit.limit());
    for (int i = 0; i < 100; i++) {
      now = window(now, 10 * MILLI, 1);
    }
    assertEquals(10, limit.limit());
  }

  private long window(long now, long latencyNanos, int drops) {
    for (int i = 0; i < 20; i++) {
      limit.sample(latencyNanos, false, now);
    }
    for (int i = 0; i < drops; i++) {
      limit.sample(latencyNanos, true, now);
    }
    long end = now + SECOND;
    limit.sample(latencyNanos, false, end);
    return end;
  }

  @Test
  void wordsArePriorities() {
    assertEquals(Optional.of(Priority.CRITICAL), Priority.of("Critical"));
    assertEquals(Optional.empty(), Priority.of("urgent"));
    assertEquals("sheddable", Priority.SHEDDABLE.word());
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(
        new AdaptiveLimitConfig(10, 10_000, 100, 1.5, 0.9, 0.7, 100 * MILLI, 30 * SECOND),
        AdaptiveLimitConfig.DEFAULT);
    assertThrows(
        IllegalArgumentException.class,
        () -> new AdaptiveLimitConfig(10, 9, 9, 1.5, 0.9, 0.7, 1, 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AdaptiveLimitConfig(1, 9, 9, 1.5, 0.9, 0.95, 1, 10));
    assertFalse(
        new AdaptiveLimit(new AdaptiveLimitConfig(1, 1, 1, 1.5, 1, 1, 1, 10), 0).limit() > 1);
  }
}

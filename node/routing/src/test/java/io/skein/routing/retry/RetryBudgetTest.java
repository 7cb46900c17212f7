package io.skein.routing.retry;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final RetryBudget budget = new RetryBudget(RetryBudgetConfig.DEFAULT);

  private int retries(int attempts, long nowNanos) {
    int granted = 0;
    for (int i = 0; i < attempts; i++) {
      granted += budget.tryRetry(nowNanos) ? 1 : 0;
    }
    return granted;
  }

  @Test
  void aQuietServiceMayRetryThreeASecond() {
    assertEquals(30, retries(100, SECOND));
    assertEquals(0, retries(100, 9 * SECOND));
    assertEquals(30, retries(100, 12 * SECOND));
  }

  @Test
  void grantsAFifthOfTheRequestsOrTheFloor() {
    for (int i = 0; i < 1_000; i++) {
      budget.requested(SECOND + i * MILLI);
    }
    assertEquals(200, retries(1_000, 2 * SECOND));
    assertEquals(0, budget.left(2 * SECOND));
  }

  @Test
  void forgetsRequestsThatAreOlderThanTheWindow() {
    for (int i = 0; i < 1_000; i++) {
      budget.requested(SECOND);
    }
    assertEquals(200, budget.left(2 * SECOND));
    assertEquals(30, budget.left(12 * SECOND));
  }

  @Test
  void aStormIsHeldToTheRatio() {
    int granted = 0;
    for (int ms = 0; ms < 60_000; ms++) {
      budget.requested(ms * MILLI);
      granted += budget.tryRetry(ms * MILLI) ? 1 : 0;
    }
    // 60,000 requests, each of which asks for a retry.
    assertTrue(granted <= 60_000 * 0.2 + 30, "granted " + granted);
    assertTrue(granted >= 60_000 * 0.2 * 0.9, "granted " + granted);
  }

  @Test
  void racingCallersNeverGetMoreThanTheBudget() throws InterruptedException {
    AtomicInteger granted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(Thread.ofPlatform().start(() -> granted.addAndGet(retries(1_000, SECOND))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(granted.get() <= 30 && granted.get() > 0, "granted " + granted);
  }

  @Test
  void whatIsGivenBackCanBeSpentAgain() {
    assertEquals(30, retries(100, SECOND));
    budget.giveBack(SECOND);
    assertEquals(1, retries(100, 2 * SECOND));
  }

  @Test
  void canBeSwitchedOff() {
    assertFalse(new RetryBudget(new RetryBudgetConfig(0, 0)).tryRetry(SECOND));
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(new RetryBudgetConfig(0.2, 3), RetryBudgetConfig.DEFAULT);
    assertThrows(IllegalArgumentException.class, () -> new RetryBudgetConfig(1.5, 3));
    assertThrows(IllegalArgumentException.class, () -> new RetryBudgetConfig(0.2, -1));
  }
}

package io.skein.app.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MeshThreadTest {
  private static final Duration PERIOD = Duration.ofMillis(40);
  private static final int MISSED = 25;
  private static final long LIMIT_SECONDS = 60;

  private final MeshThread thread = new MeshThread("test");

  @AfterEach
  void close() {
    thread.close();
  }

  private static void busy(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  /// What twenty-five turns would have done follows a long piece of work as one turn.
  @Test
  void turnsThatWereMissedAreNotMadeUpFor() throws Exception {
    AtomicInteger turns = new AtomicInteger();
    CountDownLatch one = new CountDownLatch(1);
    thread.every(
        PERIOD,
        () -> {
          turns.incrementAndGet();
          one.countDown();
        });
    thread.execute(() -> busy(PERIOD.toNanos() * MISSED));
    assertTrue(one.await(LIMIT_SECONDS, TimeUnit.SECONDS));
    long begun = System.nanoTime();
    int before = thread.ask(turns::get).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    long since = (System.nanoTime() - begun) / PERIOD.toNanos();
    assertTrue(before <= 3 + since, () -> before + " turns, of them " + since + " due since");
  }

  @Test
  void tellsThatItIsBehindUntilWhatWaitedIsDone() throws Exception {
    assertEquals(Long.MAX_VALUE, thread.lateNanos());
    CountDownLatch first = new CountDownLatch(1);
    AtomicInteger waiting = new AtomicInteger(MISSED);
    thread.every(
        PERIOD,
        () -> {
          if (thread.lateNanos() < PERIOD.toNanos()) {
            first.countDown();
          }
        });
    for (int i = 0; i < MISSED; i++) {
      thread.execute(() -> {
        busy(PERIOD.toNanos() / 4);
        waiting.decrementAndGet();
      });
    }
    assertTrue(first.await(LIMIT_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, waiting.get());
  }

  @Test
  void tellsHowLongWorkWaitsBeforeThereWasATurn() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    thread.execute(() -> {
      try {
        held.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
    thread.look();
    long begun = System.nanoTime();
    busy(PERIOD.toNanos());
    long waited = System.nanoTime() - begun;
    assertEquals(Long.MAX_VALUE, thread.lateNanos());

    held.countDown();
    thread.ask(() -> true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    long late = thread.lateNanos();

    assertTrue(late >= waited && late < Long.MAX_VALUE, () -> late + " ns after " + waited);
  }
}

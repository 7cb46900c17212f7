package io.skein.routing.concurrency;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
  private final List<String> called = new ArrayList<>();

  private static WaitingLine line(int limit, int waiting) {
    return new AdaptiveLimit(
            new AdaptiveLimitConfig(
                limit, limit, limit, 1.5, 1, 1, 100 * MILLI, 30 * SECOND, waiting, 10 * SECOND),
            0)
        .line();
  }

  private static int enter(WaitingLine line, int times) {
    int entered = 0;
    for (int i = 0; i < times; i++) {
      entered += line.tryEnter(Priority.DEFAULT) ? 1 : 0;
    }
    return entered;
  }

  private WaitingLine.Ticket join(WaitingLine line, String name, Priority priority, long nowNanos) {
    return Objects.requireNonNull(line.join(priority, () -> called.add(name), nowNanos));
  }

  @Test
  void withoutALineTheWholeLimitIsForWhoComes() {
    WaitingLine line = line(8, 0);
    assertEquals(8, enter(line, 20));
    assertNull(line.join(Priority.CRITICAL, () -> {}, 0));
    assertEquals(0, line.waiting());
  }

  @Test
  void whoComesTakesHalfOfThePlacesAndWhoHasWaitedTheRest() {
    WaitingLine line = line(8, 10);
    assertEquals(4, enter(line, 20));
    for (int i = 0; i < 5; i++) {
      join(line, "" + i, Priority.DEFAULT, 0);
    }
    line.look(2 * SECOND);
    assertEquals(List.of(), called);
    line.look((long) (2.5 * SECOND));
    assertEquals(List.of("0"), called);
    line.look(5 * SECOND);
    assertEquals(List.of("0", "1"), called);
    line.look(60 * SECOND);
    assertEquals(List.of("0", "1", "2", "3"), called, "the limit is never exceeded");
    assertEquals(1, line.waiting());
  }

  @Test
  void nobodyOvertakesThoseWhoWait() {
    WaitingLine line = line(4, 10);
    assertEquals(2, enter(line, 5));
    join(line, "first", Priority.DEFAULT, 0);
    join(line, "second", Priority.DEFAULT, MILLI);
    line.left(2 * MILLI);
    assertEquals(List.of("first"), called);
    assertFalse(line.tryEnter(Priority.CRITICAL));
    line.left(3 * MILLI);
    assertEquals(List.of("first", "second"), called);
  }

  @Test
  void whoIsMoreImportantGoesFirst() {
    WaitingLine line = line(2, 10);
    assertEquals(1, enter(line, 5));
    join(line, "sheddable", Priority.SHEDDABLE, 0);
    join(line, "usual", Priority.DEFAULT, 0);
    join(line, "critical", Priority.CRITICAL, 0);
    for (int i = 0; i < 3; i++) {
      line.left(MILLI);
    }
    assertEquals(List.of("critical", "usual", "sheddable"), called);
  }

  @Test
  void aPlaceOfOneIsUsed() {
    WaitingLine line = line(1, 10);
    assertEquals(1, enter(line, 5));
    join(line, "next", Priority.DEFAULT, 0);
    line.left(MILLI);
    assertEquals(List.of("next"), called);
  }

  @Test
  void beyondItsLengthNobodyJoins() {
    WaitingLine line = line(1, 2);
    assertEquals(1, enter(line, 1));
    WaitingLine.Ticket first = join(line, "first", Priority.DEFAULT, 0);
    join(line, "second", Priority.DEFAULT, 0);
    assertNull(line.join(Priority.CRITICAL, () -> {}, 0));
    first.leave(0);
    assertNotNull(line.join(Priority.DEFAULT, () -> {}, 0));
  }

  @Test
  void whoLeftIsNotCalled() {
    WaitingLine line = line(1, 3);
    assertEquals(1, enter(line, 1));
    WaitingLine.Ticket first = join(line, "first", Priority.DEFAULT, 0);
    join(line, "second", Priority.DEFAULT, 0);
    first.leave(MILLI);
    first.leave(MILLI);
    assertEquals(1, line.waiting());
    line.left(2 * MILLI);
    assertEquals(List.of("second"), called);
  }

  @Test
  void whoLeavesAfterItsCallGivesItsPlaceBack() {
    WaitingLine line = line(1, 3);
    assertEquals(1, enter(line, 1));
    WaitingLine.Ticket first = join(line, "first", Priority.DEFAULT, 0);
    join(line, "second", Priority.DEFAULT, 0);
    line.left(MILLI);
    assertEquals(List.of("first"), called);
    first.leave(2 * MILLI);
    assertEquals(List.of("first", "second"), called);
    first.leave(2 * MILLI);
    assertEquals(0, enter(line, 1));
  }

  @Test
  void patienceEndsWhileItWaitsOnly() {
    WaitingLine line = line(1, 3);
    assertEquals(1, enter(line, 1));
    WaitingLine.Ticket first = join(line, "first", Priority.DEFAULT, 0);
    assertFalse(first.outOfPatience(10 * SECOND - 1));
    assertTrue(first.outOfPatience(10 * SECOND));
    line.left(10 * SECOND);
    assertFalse(first.outOfPatience(11 * SECOND));
  }

  /// Clients that come and go while no place is free leave nothing behind.
  @Test
  void manyWhoLeaveDoNotFillTheLine() {
    WaitingLine line = line(1, 5);
    assertEquals(1, enter(line, 1));
    join(line, "patient", Priority.DEFAULT, 0);
    for (int i = 0; i < 10_000; i++) {
      join(line, "fickle", Priority.DEFAULT, i).leave(i);
    }
    assertEquals(1, line.waiting());
    assertTrue(line.kept() <= 12, "kept " + line.kept());
    line.left(MILLI);
    assertEquals(List.of("patient"), called);
  }

  @Test
  void racingThreadsLoseAndDoubleNothing() throws Exception {
    WaitingLine line = line(4, 100_000);
    AtomicInteger served = new AtomicInteger();
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    Runnable serve =
        () -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          Thread.onSpinWait();
          inFlight.decrementAndGet();
          served.incrementAndGet();
        };
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  go.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                for (int i = 0; i < 5_000; i++) {
                  request(line, serve, i);
                }
              }));
    }
    go.countDown();
    for (Thread each : threads) {
      each.join();
    }
    for (int i = 0; i < 10 && line.waiting() > 0; i++) {
      line.look(100 * SECOND);
    }
    assertEquals(0, line.waiting());
    assertEquals(20_000, served.get());
    assertTrue(most.get() <= 4, "in flight " + most.get());
    assertEquals(2, enter(line, 4), "all places are free again");
  }

  // Who is called goes on in a thread of its own, as in a node.
  private static void request(WaitingLine line, Runnable serve, long nowNanos) {
    if (line.tryEnter(Priority.DEFAULT)) {
      serve.run();
      line.left(nowNanos);
    } else {
      CountDownLatch called = new CountDownLatch(1);
      assertNotNull(line.join(Priority.DEFAULT, called::countDown, nowNanos));
      try {
        called.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      serve.run();
      line.left(nowNanos);
    }
  }
}

package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointLoadTest {
  private final EndpointLoad load = new EndpointLoad();

  private void sample(long latencyNanos, boolean failed, long nowNanos) {
    load.dispatched();
    load.completed(latencyNanos, failed, nowNanos);
  }

  @Test
  void knowsNothingAtFirst() {
    assertEquals(0, load.latencyNanos(SECOND));
    assertEquals(Long.MAX_VALUE, load.ageNanos(SECOND));
    assertEquals(0, load.samples());
  }

  @Test
  void jumpsUpToAPeakAndDecaysByTheTimeConstant() {
    sample(10 * MILLI, false, 0);
    sample(100 * MILLI, false, SECOND);
    assertEquals(100e6, load.latencyNanos(SECOND), 1e3);
    assertEquals(100e6 / Math.E, load.latencyNanos(11 * SECOND), 1e5);
    sample(10 * MILLI, false, 11 * SECOND);
    assertEquals(10e6 + 90e6 / Math.E, load.latencyNanos(11 * SECOND), 1e5);
  }

  @Test
  void aFailureNeverLooksFast() {
    sample(MILLI, true, SECOND);
    assertEquals(EndpointLoad.FAILURE_NANOS, load.latencyNanos(SECOND), 1e3);
    sample(8 * SECOND, true, SECOND);
    assertEquals(8e9, load.latencyNanos(SECOND), 1e3);
  }

  @Test
  void countsFailuresInARow() {
    sample(MILLI, true, SECOND);
    sample(MILLI, true, SECOND);
    assertEquals(2, load.failuresInRow());
    sample(MILLI, false, SECOND);
    assertEquals(0, load.failuresInRow());
  }

  @Test
  void whoDoesNotAnswerLooksAsSlowAsTheSilenceLasts() {
    sample(5 * MILLI, false, SECOND);
    load.dispatched();
    load.unanswered(30 * MILLI, SECOND + 50 * MILLI);
    assertEquals(80e6, load.latencyNanos(SECOND + 100 * MILLI), 1e6);
    load.abandoned();
    // Another one, sent later, has no answer either: the silence is as old as the first.
    load.dispatched();
    load.unanswered(30 * MILLI, SECOND + 500 * MILLI);
    assertEquals(480e6, load.latencyNanos(SECOND + 500 * MILLI), 1e6);
    // The first answer ends it.
    load.completed(900 * MILLI, false, 2 * SECOND);
    sample(5 * MILLI, false, 12 * SECOND);
    assertTrue(load.latencyNanos(12 * SECOND) < 400e6);
  }

  @Test
  void aSilenceNobodySpeaksOfIsAskedAboutAgain() {
    sample(5 * MILLI, false, SECOND);
    load.unanswered(30 * MILLI, SECOND + 50 * MILLI);
    assertTrue(load.latencyNanos(SECOND + 150 * MILLI) > 120e6);
    assertTrue(load.latencyNanos(SECOND + 151 * MILLI) < 40e6);
    // A lull of more than five seconds between two is not silence.
    load.unanswered(30 * MILLI, 20 * SECOND);
    assertEquals(30e6, load.latencyNanos(20 * SECOND), 1e6);
  }

  @Test
  void whoseTurnHasNotComeMeetsNoSilence() {
    sample(5 * MILLI, false, SECOND);
    load.unanswered(50 * MILLI, SECOND + 20 * MILLI);
    assertEquals(50e6, load.latencyNanos(SECOND + 90 * MILLI), 1e6);
  }

  @Test
  void whatIsUsualIsNotRaisedByARequestThatWaitsNoLonger() {
    sample(50 * MILLI, false, SECOND);
    load.unanswered(30 * MILLI, SECOND + MILLI);
    load.dispatched();
    load.completed(50 * MILLI, false, SECOND + 2 * MILLI);
    assertEquals(50e6, load.latencyNanos(SECOND + 2 * MILLI), 1e5);
  }

  @Test
  void anAbandonedRequestSaysNothing() {
    load.dispatched();
    assertEquals(1, load.inFlight());
    load.abandoned();
    assertEquals(0, load.inFlight());
    assertEquals(0, load.samples());
  }

  @Test
  void aClientThatLeavesAfterLongLeavesASilenceBehind() {
    sample(5 * MILLI, false, SECOND);
    load.dispatched(SECOND + MILLI);
    load.abandoned(SECOND + MILLI, SECOND + 90 * MILLI);
    assertEquals(0, load.standstillNanos(SECOND + 90 * MILLI), "it left early");
    load.dispatched(SECOND + 100 * MILLI);
    load.abandoned(SECOND + 100 * MILLI, 2 * SECOND);
    assertEquals(0, load.inFlight());
    assertEquals(1_700 * MILLI, load.standstillNanos(2 * SECOND + 800 * MILLI));
    assertEquals(0, load.standstillNanos(3 * SECOND), "time to ask again");
    assertEquals(1, load.samples(), "no latency");
    // Where others are answered meanwhile, it was the request that is slow.
    sample(5 * MILLI, false, 4 * SECOND);
    load.dispatched(4 * SECOND);
    sample(5 * MILLI, false, 5 * SECOND);
    load.abandoned(4 * SECOND, 6 * SECOND);
    assertEquals(0, load.standstillNanos(6 * SECOND));
  }

  @Test
  void standsStillWhereManyWaitForALittleOrOneForLong() {
    long patience = 100 * MILLI;
    load.dispatched(SECOND);
    assertFalse(load.standsStill(patience, 9 * SECOND), "nothing was ever answered");
    load.abandoned(SECOND);
    sample(5 * MILLI, false, 10 * SECOND);

    long sent = 10 * SECOND + MILLI;
    load.dispatched(sent);
    assertFalse(load.standsStill(patience, sent + 400 * MILLI), "it may be slow itself");
    assertTrue(load.standsStill(patience, sent + 401 * MILLI));
    for (int i = 0; i < 5; i++) {
      load.dispatched(sent + 2 * i);
    }
    assertFalse(load.standsStill(patience, sent + 100 * MILLI));
    assertTrue(load.standsStill(patience, sent + 101 * MILLI));

    // Whoever came last is answered: it is those others that are slow.
    sample(5 * MILLI, false, 11 * SECOND);
    assertFalse(load.standsStill(patience, 20 * SECOND));
  }

  @Test
  void standsStillWhileItIsKnownToBeSilent() {
    sample(5 * MILLI, false, SECOND);
    load.dispatched(SECOND + MILLI);
    load.unanswered(200 * MILLI, SECOND + 201 * MILLI);
    load.abandoned(SECOND + MILLI);
    assertTrue(load.standsStill(100 * MILLI, SECOND + 300 * MILLI), "whoever waits there or not");
    assertFalse(load.standsStill(100 * MILLI, SECOND + 402 * MILLI), "time to ask again");
  }

  @Test
  void isUnreachedForASecondUnlessItAnswersOrIsForgotten() {
    assertFalse(load.isUnreached(0));
    load.unreached(0);
    assertTrue(load.isUnreached(SECOND / 2));
    assertFalse(load.isUnreached(SECOND + 1));
    sample(MILLI, true, SECOND / 4);
    assertTrue(load.isUnreached(SECOND / 2), "a failure is no sign of life");
    sample(MILLI, false, SECOND / 4);
    assertFalse(load.isUnreached(SECOND / 2));
    load.unreached(-SECOND);
    load.forget(-SECOND);
    assertFalse(load.isUnreached(-SECOND));
  }

  @Test
  void worksWithAnyOriginOfTheClock() {
    for (long origin : new long[] {Long.MIN_VALUE + 5, -SECOND / 2, 0, Long.MAX_VALUE - SECOND}) {
      EndpointLoad fresh = new EndpointLoad();
      fresh.dispatched();
      fresh.completed(50 * MILLI, false, origin);
      assertEquals(50e6, fresh.latencyNanos(origin), 1e3);
      assertTrue(Math.abs(fresh.ageNanos(origin + SECOND) - SECOND) < 2 * MILLI);
    }
  }

  @Test
  void forgets() {
    sample(MILLI, true, SECOND);
    load.forget(SECOND);
    assertEquals(0, load.latencyNanos(SECOND));
    assertEquals(0, load.failuresInRow());
    assertEquals(0, load.samples());
  }

  @Test
  void whatBeganOrWasSaidBeforeItCameBackSaysNothing() {
    load.dispatched(SECOND);
    load.dispatched(SECOND);
    load.forget(2 * SECOND);
    load.unanswered(SECOND + MILLI, 2 * SECOND + MILLI);
    load.completed(3 * SECOND, true, 4 * SECOND);
    load.heard(7, 2, 5e9, 2 * SECOND - MILLI);
    assertEquals(0, load.latencyNanos(4 * SECOND));
    assertEquals(0, load.failuresInRow());
    assertEquals(0, load.samples());
    assertEquals(1, load.inFlight(), "it ended none the less");
    assertEquals(0, load.others().inFlight(2 * SECOND));
    load.completed(3 * SECOND, true, 4 * SECOND + MILLI);
    assertEquals(0, load.inFlight());

    load.heard(7, 2, 5e9, 2 * SECOND);
    assertEquals(7, load.others().inFlight(2 * SECOND));
    sample(MILLI, true, 5 * SECOND);
    assertEquals(1, load.failuresInRow(), "what fails now counts");
  }

  @Test
  void losesNothingToRacingWriters() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 20_000; i++) {
                  sample(i == 10_000 ? 3 * SECOND : MILLI, i % 2 == 0, SECOND);
                  load.dispatched();
                  load.abandoned();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, load.inFlight());
    assertEquals(80_000, load.samples());
    // No time passed, so nothing may have decayed below the greatest.
    assertEquals(EndpointLoad.FAILURE_NANOS, load.latencyNanos(SECOND), 1e3);
  }
}

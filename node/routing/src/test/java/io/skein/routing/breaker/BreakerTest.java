package io.skein.routing.breaker;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.routing.breaker.Breaker.End;
import io.skein.routing.breaker.Breaker.Leave;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerTest {
  private static final BreakerConfig SMALL = new BreakerConfig(2, 1, 3, 4, SECOND, 3 * SECOND);

  private final Breaker breaker = new Breaker(SMALL);

  private void fail(int times, long now) {
    for (int i = 0; i < times; i++) {
      Leave leave = breaker.tryRequest(now);
      assertTrue(leave.granted(), leave::name);
      breaker.ended(leave, End.FAILED, now);
    }
  }

  @Test
  void boundsRequestsConnectionsAndThoseWhoWait() {
    for (int i = 0; i < 3; i++) {
      assertEquals(Leave.GRANTED, breaker.tryRequest(1));
    }
    assertEquals(Leave.FULL, breaker.tryRequest(1));
    breaker.ended(Leave.GRANTED, End.GOOD, 1);
    assertEquals(Leave.GRANTED, breaker.tryRequest(1));
    assertTrue(breaker.tryConnect());
    assertTrue(breaker.tryConnect());
    assertFalse(breaker.tryConnect());
    breaker.disconnected();
    assertTrue(breaker.tryConnect());
    assertTrue(breaker.tryWait());
    assertFalse(breaker.tryWait());
    breaker.waited();
    assertTrue(breaker.tryWait());
  }

  @Test
  void opensAfterFailuresInARow() {
    fail(3, 1);
    breaker.ended(breaker.tryRequest(1), End.GOOD, 1);
    fail(3, 1);
    assertTrue(breaker.closed());
    fail(1, 1);
    assertFalse(breaker.closed());
    assertEquals(Leave.OPEN, breaker.tryRequest(SECOND));
  }

  @Test
  void oneTrialAtATimeDecides() {
    fail(4, 0);
    assertEquals(Leave.TRIAL, breaker.tryRequest(SECOND));
    assertEquals(Leave.OPEN, breaker.tryRequest(SECOND));
    breaker.ended(Leave.TRIAL, End.UNKNOWN, SECOND);
    assertEquals(Leave.TRIAL, breaker.tryRequest(SECOND));
    breaker.ended(Leave.TRIAL, End.GOOD, SECOND);
    assertTrue(breaker.closed());
    assertEquals(Leave.GRANTED, breaker.tryRequest(SECOND));
  }

  @Test
  void staysOpenTwiceAsLongAfterAFailedTrialUpToTheMost() {
    fail(4, 0);
    long now = 0;
    for (long length : new long[] {1, 2, 3, 3}) {
      assertEquals(Leave.OPEN, breaker.tryRequest(now + length * SECOND - MILLI));
      now += length * SECOND;
      assertEquals(Leave.TRIAL, breaker.tryRequest(now));
      breaker.ended(Leave.TRIAL, End.FAILED, now);
    }
  }

  @Test
  void whatWasSentBeforeItOpenedDecidesNothing() {
    Leave early = breaker.tryRequest(0);
    Leave other = breaker.tryRequest(0);
    fail(4, 0);
    breaker.ended(early, End.GOOD, 1);
    assertFalse(breaker.closed());
    breaker.ended(other, End.FAILED, 1);
    assertEquals(Leave.TRIAL, breaker.tryRequest(SECOND));
  }

  @Test
  void zeroFailuresNeverOpen() {
    Breaker tolerant = new Breaker(new BreakerConfig(1, 1, 1, 0, 1, 1));
    for (int i = 0; i < 100; i++) {
      tolerant.ended(tolerant.tryRequest(i), End.FAILED, i);
    }
    assertTrue(tolerant.closed());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsComeBackToZeroAndNeverPassTheirBounds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Leave> out = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 5_000; i++) {
      now += random.nextLong(100 * MILLI);
      if (random.nextBoolean()) {
        Leave leave = breaker.tryRequest(now);
        if (leave.granted()) {
          out.add(leave);
        }
      } else if (!out.isEmpty()) {
        End end = End.values()[random.nextInt(3)];
        breaker.ended(out.remove(random.nextInt(out.size())), end, now);
      }
      assertTrue(out.stream().filter(l -> l == Leave.TRIAL).count() <= 1, "one trial");
      assertEquals(out.size(), breaker.requests());
      assertTrue(breaker.requests() <= 3);
    }
    for (Leave leave : out) {
      breaker.ended(leave, End.UNKNOWN, now);
    }
    assertEquals(0, breaker.requests());
    // Never stuck: once its time is over, something may go.
    assertTrue(breaker.tryRequest(now + 4 * SECOND).granted());
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(
        new BreakerConfig(4_096, 1_024, 4_096, 10, SECOND, 30 * SECOND), BreakerConfig.DEFAULT);
    assertThrows(IllegalArgumentException.class, () -> new BreakerConfig(0, 1, 1, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new BreakerConfig(1, 1, 1, 1, 2, 1));
  }
}

package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OthersTest {
  private final Others others = new Others();

  @Test
  void whatTheySaidCountsForASecond() {
    others.say(7, 3, 5 * MILLI, 9 * MILLI, 0, 20 * MILLI, SECOND);
    assertSaid(SECOND);
    assertSaid(2 * SECOND);
    assertNothing(2 * SECOND + 1);
  }

  @Test
  void nothingIsKnownBeforeTheySpeakAndOnceItIsForgotten() {
    assertNothing(SECOND);
    others.say(7, 3, 5 * MILLI, 9 * MILLI, 4 * MILLI, 20 * MILLI, SECOND);
    others.forget();
    assertNothing(SECOND);
  }

  @Test
  void anAnswerThatIsLateGetsLaterUntilTheySpeakAgain() {
    others.say(7, 3, 5 * MILLI, 9 * MILLI, 4 * MILLI, 20 * MILLI, SECOND);
    assertEquals(4 * MILLI, others.lateNanos(SECOND));
    assertEquals(104 * MILLI, others.lateNanos(SECOND + 100 * MILLI));
    others.say(7, 3, 5 * MILLI, 9 * MILLI, 0, 20 * MILLI, SECOND + 200 * MILLI);
    assertEquals(0, others.lateNanos(SECOND + 300 * MILLI));
  }

  @Test
  void countsAreNeverBelowNothing() {
    others.say(-1, -2, 0, 0, 0, Long.MAX_VALUE, SECOND);
    assertEquals(0, others.inFlight(SECOND));
    assertEquals(0, others.nodes(SECOND));
    assertEquals(3_600 * SECOND, others.seenNanos(SECOND), "an hour at most");
  }

  private void assertSaid(long now) {
    assertEquals(7, others.inFlight(now));
    assertEquals(3, others.nodes(now));
    assertEquals(5 * MILLI, others.latencyNanos(now));
    assertEquals(9 * MILLI, others.peakNanos(now));
    assertEquals(0, others.lateNanos(now));
    assertEquals(now - SECOND + 20 * MILLI, others.seenNanos(now));
    assertEquals(now - SECOND, others.ageNanos(now));
  }

  private void assertNothing(long now) {
    assertEquals(0, others.inFlight(now));
    assertEquals(0, others.nodes(now));
    assertEquals(0, others.latencyNanos(now));
    assertEquals(0, others.peakNanos(now));
    assertEquals(0, others.lateNanos(now));
    assertEquals(Long.MAX_VALUE, others.seenNanos(now));
    assertEquals(Long.MAX_VALUE, others.ageNanos(now));
  }
}

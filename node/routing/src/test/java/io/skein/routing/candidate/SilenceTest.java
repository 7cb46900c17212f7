package io.skein.routing.candidate;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SilenceTest {
  private static final long BEGUN = 100 * SECOND;

  @Test
  void lastsForAsLongAgainAsItHadLastedWhenItWasTold() {
    Silence silence = new Silence(BEGUN, BEGUN + 2 * SECOND);
    assertEquals(2 * SECOND, silence.nanos(BEGUN + 2 * SECOND));
    assertEquals(4 * SECOND, silence.nanos(BEGUN + 4 * SECOND));
    assertEquals(0, silence.nanos(BEGUN + 4 * SECOND + 1));
  }

  @Test
  void lastsForATenthOfASecondAtLeastAndFiveSecondsAtMost() {
    Silence brief = new Silence(BEGUN, BEGUN + MILLI);
    assertEquals(101 * MILLI, brief.nanos(BEGUN + 101 * MILLI));
    assertEquals(0, brief.nanos(BEGUN + 102 * MILLI));
    Silence endless = new Silence(BEGUN, BEGUN + 60 * SECOND);
    assertEquals(65 * SECOND, endless.nanos(BEGUN + 65 * SECOND));
    assertEquals(0, endless.nanos(BEGUN + 66 * SECOND));
  }

  @Test
  void goesOnWhileItIsToldAgainAndIsAnotherAfterLong() {
    Silence silence = new Silence(BEGUN, BEGUN + SECOND);
    assertEquals(
        new Silence(BEGUN, BEGUN + 7 * SECOND),
        silence.toldAgain(BEGUN + 6 * SECOND, BEGUN + 7 * SECOND));
    assertEquals(
        new Silence(BEGUN + 7 * SECOND, BEGUN + 8 * SECOND),
        silence.toldAgain(BEGUN + 7 * SECOND, BEGUN + 8 * SECOND));
  }
}

package io.skein.simulator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CeilingTest {
  private static final long SECOND = 1_000_000_000L;

  private final Ceiling ceiling = new Ceiling(SECOND, 2 * SECOND);

  @Test
  void nobodyAnswersMoreThanThereIsTimeFor() {
    ceiling.cores(1, 0);
    // Five seconds of work, and two seconds of one processor until they are due.
    for (int i = 0; i < 5; i++) {
      ceiling.came(SECOND, SECOND);
    }
    assertEquals(3, ceiling.unanswerable(10 * SECOND));
  }

  @Test
  void theLargestAreTurnedAway() {
    ceiling.cores(1, 0);
    ceiling.came(2 * SECOND, SECOND);
    for (int i = 0; i < 4; i++) {
      ceiling.came(SECOND / 2, SECOND);
    }
    assertEquals(1, ceiling.unanswerable(10 * SECOND));
  }

  @Test
  void moreProcessorsLaterAreOfUse() {
    ceiling.cores(0.5, 0);
    ceiling.cores(2.5, 2 * SECOND);
    for (int i = 0; i < 4; i++) {
      ceiling.came(SECOND, SECOND);
    }
    // Half a second's work until 2 s, three until 3 s.
    assertEquals(1, ceiling.unanswerable(10 * SECOND));
  }

  @Test
  void idleTimeIsNotSavedAndWhatComesTooEarlyOrTooLateDoesNotCount() {
    ceiling.cores(1, 0);
    ceiling.came(100 * SECOND, 0);
    for (int i = 0; i < 3; i++) {
      ceiling.came(SECOND, 9 * SECOND);
    }
    ceiling.came(100 * SECOND, 20 * SECOND);
    assertEquals(1, ceiling.unanswerable(20 * SECOND));
  }
}

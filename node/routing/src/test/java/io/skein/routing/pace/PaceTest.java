package io.skein.routing.pace;

import static io.skein.routing.candidate.Candidates.MILLI;
import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
  private final PaceMeter meter = new PaceMeter();

  /// Looks every 50 ms; answers the second in which somebody was too slow, or −1.
  private int slowAt(int seconds, long bytesPerSecond, long atOnce, boolean turn) {
    meter.begin(0);
    for (long now = 0; now <= seconds * SECOND; now += 50 * MILLI) {
      long bytes = atOnce + now * bytesPerSecond / SECOND;
      if (meter.tooSlow(Pace.DEFAULT, turn, bytes, now)) {
        return (int) (now / SECOND);
      }
    }
    return -1;
  }

  @Test
  void tricklersAreFoundAfterOneStretch() {
    assertEquals(10, slowAt(60, 100, 0, true));
    assertEquals(-1, slowAt(600, 250, 0, true));
  }

  @Test
  void whatWasMovedQuicklyBeforeBuysOneStretchOnly() {
    assertEquals(20, slowAt(60, 1, 10_000_000, true));
  }

  @Test
  void nobodyPaysForTheOthersTurn() {
    assertEquals(-1, slowAt(600, 0, 0, false));
  }

  @Test
  void anyPaceIsFineIfNoneIsAsked() {
    meter.begin(0);
    assertFalse(meter.tooSlow(Pace.ANY, true, 0, 600 * SECOND));
    assertTrue(meter.tooSlow(Pace.DEFAULT, true, 0, 1_200 * SECOND));
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(new Pace(240, 10 * SECOND), Pace.DEFAULT);
    assertThrows(IllegalArgumentException.class, () -> new Pace(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Pace(1, 0));
  }
}

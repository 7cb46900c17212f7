package io.skein.routing.slowstart;

import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlowStartTest {
  @Test
  void rampsInAStraightLineFromTheLeast() {
    SlowStart start = new SlowStart(30 * SECOND, 1, 0.1);
    assertEquals(0.1, start.share(0));
    assertEquals(0.1, start.share(3 * SECOND));
    assertEquals(0.5, start.share(15 * SECOND));
    assertEquals(1, start.share(30 * SECOND));
    assertTrue(start.warming(29 * SECOND));
    assertFalse(start.warming(30 * SECOND));
  }

  @Test
  void anAggressiveRampIsSteepAtFirst() {
    assertEquals(0.5, new SlowStart(100, 2, 0.1).share(25));
    assertEquals(0.25, new SlowStart(100, 0.5, 0.1).share(50));
  }

  @Test
  void weightsNeverVanish() {
    assertEquals(60, SlowStart.DEFAULT.scaled(1, 0));
    assertEquals(100, SlowStart.DEFAULT.scaled(1, 60 * SECOND));
    assertEquals(1, new SlowStart(100, 1, 0.001).scaled(1, 0));
    assertEquals(300, SlowStart.OFF.scaled(3, 0));
  }

  @Test
  void hasTheDocumentedLimits() {
    assertThrows(IllegalArgumentException.class, () -> new SlowStart(-1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new SlowStart(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new SlowStart(1, 1, 0));
  }
}

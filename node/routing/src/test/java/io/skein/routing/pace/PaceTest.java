package io.skein.routing.pace;

import static io.skein.routing.candidate.Candidates.SECOND;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void everybodyHasTheGrace() {
    assertFalse(Pace.DEFAULT.tooSlow(0, 10 * SECOND));
    assertTrue(Pace.DEFAULT.tooSlow(0, 10 * SECOND + 1));
  }

  @Test
  void bytesBuyTime() {
    assertFalse(Pace.DEFAULT.tooSlow(240, 11 * SECOND));
    assertTrue(Pace.DEFAULT.tooSlow(240, 11 * SECOND + 10_000_000));
    assertFalse(Pace.DEFAULT.tooSlow(Long.MAX_VALUE, Long.MAX_VALUE / 2));
  }

  @Test
  void anyPaceIsFineIfNoneIsAsked() {
    assertFalse(Pace.ANY.tooSlow(0, Long.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> new Pace(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Pace(1, -1));
  }
}

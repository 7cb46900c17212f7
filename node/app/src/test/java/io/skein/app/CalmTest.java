package io.skein.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CalmTest {
  @Test
  void aMachineOfWhichHalfIsBusyIsNotCalm() {
    Calm calm = new Calm();
    assertFalse(calm.at(1));
    assertFalse(calm.at(0.5));
    assertTrue(calm.at(0.49));
  }

  @Test
  void whereNobodyCanTellItIsCalm() {
    assertTrue(new Calm().at(-1));
  }

  @Test
  void twentySecondsAreEnough() {
    Calm calm = new Calm();
    for (int second = 1; second < 20; second++) {
      assertFalse(calm.at(1), "after " + second + " s");
    }
    assertTrue(calm.at(1));
  }
}

package io.skein.routing.overload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LadderTest {
  private final Ladder ladder = new Ladder(OverloadConfig.DEFAULT);

  @Test
  void climbsAtOnce() {
    assertEquals(Step.NONE, ladder.at(0.79));
    assertEquals(Step.REFUSE_ALL, ladder.at(0.99));
  }

  @Test
  void descendsStepByStepBelowTheBand() {
    ladder.at(1);
    assertEquals(Step.REFUSE_ALL, ladder.at(0.93));
    assertEquals(Step.SHED_DEFAULT, ladder.at(0.91));
    assertEquals(Step.SHED_DEFAULT, ladder.at(0.88));
    assertEquals(Step.SHED_SHEDDABLE, ladder.at(0.1));
    assertEquals(Step.NO_KEEP_ALIVE, ladder.at(0.1));
    assertEquals(Step.NONE, ladder.at(0.1));
    assertEquals(Step.NONE, ladder.at(0.1));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void noiseWithinTheBandDoesNotFlap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ladder.at(0.85);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(Step.SHED_SHEDDABLE, ladder.at(0.85 + (random.nextDouble() - 0.5) * 0.09));
    }
  }

  @Test
  void eachStepIncludesThoseBefore() {
    assertTrue(Step.REFUSE_ALL.includes(Step.SHED_SHEDDABLE));
    assertFalse(Step.NO_KEEP_ALIVE.includes(Step.SHED_SHEDDABLE));
  }

  @Test
  void hasTheDocumentedDefaultsAndLimits() {
    assertEquals(new OverloadConfig(0.80, 0.85, 0.92, 0.97, 0.05), OverloadConfig.DEFAULT);
    assertThrows(
        IllegalArgumentException.class, () -> new OverloadConfig(0.9, 0.8, 0.92, 0.97, 0.05));
    assertThrows(
        IllegalArgumentException.class, () -> new OverloadConfig(0.8, 0.8, 0.92, 0.97, 0.6));
  }
}

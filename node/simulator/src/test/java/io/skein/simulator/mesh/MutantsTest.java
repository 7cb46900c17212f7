package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checkers that let a broken node pass prove nothing: each mutant has to be caught within five
/// seeds, by what it does wrong.
@Tag("sim")
class MutantsTest {
  private static final int SEEDS = 5;

  @ParameterizedTest
  @EnumSource
  void isCaught(Mutants mutant) {
    List<String> seen = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Storm storm = mutant.hasty() ? Storm.withCalm(seed) : Storm.draw(seed);
      List<String> violations = StormOutcome.of(storm, mutant).violations();
      if (violations.stream().anyMatch(mutant::shownBy)) {
        return;
      }
      seen.addAll(violations.subList(0, Math.min(3, violations.size())));
    }
    assertTrue(false, mutant + " was not caught: " + seen);
  }

  @Test
  void theSoundNodePassesTheSameSeeds() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertEquals(List.of(), StormOutcome.of(seed).violations(), "seed " + seed);
    }
  }
}

package io.skein.simulator.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.skein.chaos.check.Finding;
import io.skein.chaos.check.Verdict;
import io.skein.ledger.key.SignatureLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checkers that let a broken node pass prove nothing: each mutant has to be caught within five
/// seeds, by what it does wrong: by the storm's own checks, which look into the nodes, and by the
/// chaos harness's, which know what clients and readers saw.
@Tag("sim")
class MutantsTest {
  private static final int SEEDS = 5;

  // Changes nothing but the time it takes.
  @BeforeAll
  static void useTheFasterLibraryWhereItLoads() {
    SignatureLibrary.useNative();
  }

  @ParameterizedTest
  @EnumSource
  void isCaught(Mutants mutant) {
    List<String> seen = new ArrayList<>();
    boolean within = false;
    boolean outside = mutant.checks().isEmpty();
    List<Storm> storms =
        LongStream.iterate(1, seed -> seed + 1)
            .mapToObj(seed -> mutant.hasty() ? Storm.withCalm(seed) : Storm.draw(seed))
            .filter(mutant::isTried)
            .limit(SEEDS)
            .toList();
    for (Storm storm : storms) {
      StormOutcome outcome = StormOutcome.of(storm, mutant);
      boolean nowWithin = outcome.violations().stream().anyMatch(mutant::shownBy);
      TreeSet<String> nowOutside = new TreeSet<>();
      for (Verdict broken : outcome.judgement().broken()) {
        for (Finding finding : broken.findings()) {
          nowOutside.add(broken.check() + ": " + finding.violation());
        }
      }
      System.out.println(
          "mutants: "
              + mutant
              + ", seed "
              + storm.seed()
              + ": "
              + (nowWithin ? "storm, " : "")
              + nowOutside);
      within |= nowWithin;
      outside |= nowOutside.stream().anyMatch(mutant.checks()::contains);
      if (within && outside) {
        return;
      }
      seen.addAll(outcome.violations().subList(0, Math.min(3, outcome.violations().size())));
    }
    fail(mutant + " was not caught: " + seen);
  }

  @Test
  void theSoundNodePassesTheSameSeeds() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      StormOutcome outcome = StormOutcome.of(seed);
      assertEquals(List.of(), outcome.violations(), "seed " + seed);
      for (Verdict verdict : outcome.judgement().verdicts()) {
        boolean settles = outcome.storm().calm().isEmpty();
        if (EXERCISED.contains(verdict.check())
            || (settles && AFTER_A_WHILE.contains(verdict.check()))) {
          assertEquals(Verdict.Result.VALID, verdict.result(), verdict::toString);
        }
      }
      assertTrue(outcome.history().events().size() > 1_000);
    }
  }

  /// The checks for which a storm has events.
  private static final List<String> EXERCISED =
      List.of(
          "set",
          "own writes",
          "monotonic reads",
          "prefix order",
          "convergence",
          "equal reputation",
          "accusations");

  /// And those for which its mesh has to be left alone for as long as it may take to become equal:
  /// what comes before a calm ends sooner.
  private static final List<String> AFTER_A_WHILE = List.of("agreement");
}

package io.skein.simulator.attack;

import io.skein.ledger.key.SignatureLibrary;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All attacks, all settings of their bars, twenty seeds each, with every acknowledgement signed.
/// `-Dsim.seeds=N` for more.
@Tag("nightly")
class AttackNightlyTest {
  private static final Bars BARS = Bars.LONG;

  // Nine tenths of the time of these runs is signatures; the verdicts are the same.
  @BeforeAll
  static void verifyFast() {
    SignatureLibrary.useNative();
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("sim.seeds", 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void individuals(long seed) {
    for (Senses senses : Senses.values()) {
      for (int attackers : new int[] {4, 8, 12, 16}) {
        BARS.badPeersGetNoTraffic(
            "A individuals", seed, senses, attackers, Attacks.individual(), 0.02);
        BARS.badPeersGetNoTraffic("A noise", seed, senses, attackers, Attacks.noise(), 0.02);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void collectives(long seed) {
    for (Senses senses : Senses.values()) {
      BARS.badPeersGetNoTraffic(
          "B ballot-stuffing", seed, senses, 12, Attacks.BALLOT_STUFFER, 0.02);
      BARS.badPeersGetNoTraffic(
          "B ballot-stuffing", seed, senses, 16, Attacks.BALLOT_STUFFER, 0.10);
      BARS.badPeersGetNoTraffic("C slander", seed, senses, 12, Attacks.SLANDERER, 0.02);
      BARS.badPeersGetNoTraffic("C slander", seed, senses, 16, Attacks.SLANDERER, 0.10);
      BARS.aSlanderedNewcomerIsHeardOf("C slandered newcomer", seed, senses, 12);
      BARS.camouflageGainsLittle("D camouflage", seed, senses, 11, 0.10);
    }
    BARS.slanderMovesNothing("C slander", seed, 12, 0.01);
    BARS.aSlanderedVictimHardlyMoves("C bad-mouthing", seed, 9, 0.02);
    BARS.spiesSaveNobody("E spies", seed, 4, 8, 0.02);
    BARS.spiesSaveNobody("E spies", seed, 8, 4, 0.02);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void identities(long seed) {
    BARS.oneTokensNodesHaveAQuarterAtMost("F Sybils", seed, 8);
    BARS.oneTokensNodesHaveAQuarterAtMost("F Sybils", seed, 100);
    for (Senses senses : Senses.values()) {
      for (boolean everyWindow : new boolean[] {true, false}) {
        BARS.whitewashingGainsLittle("G whitewashing", seed, senses, 4, everyWindow);
        BARS.whitewashingGainsLittle("G whitewashing", seed, senses, 12, everyWindow);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void timesAndFaces(long seed) {
    for (Senses senses : Senses.values()) {
      BARS.whoTurnsBadIsOutTwoWindowsLater("H on-off", seed, senses, 4);
    }
    BARS.twoFacesAreSeen("I two-faced", seed, Senses.ALL, 8, 4, 0.02);
    BARS.twoFacesAreSeen("I two-faced", seed, Senses.ALL, 8, 2, 0.02);
    BARS.aSplitLeavesNoTrace("J partition", seed, 20);
    BARS.aSplitLeavesNoTrace("J partition", seed, 8);
    BARS.whatIsNotMatchedCountsNothing("K replay", seed);
    BARS.whoSaysTwoThingsIsNothing("L equivocation", seed);
  }
}

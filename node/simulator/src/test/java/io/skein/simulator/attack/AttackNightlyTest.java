package io.skein.simulator.attack;

import io.skein.ledger.key.SignatureLibrary;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All attacks, all settings of their bars, twenty seeds each, the first two with every
/// acknowledgement signed. `-Dsim.attack.seeds=N` for more, `-Dsim.attack.from=N` to begin there.
@Tag("nightly")
class AttackNightlyTest {
  private static final int SIGNED_SEEDS = 2;

  // Nine tenths of the time of signed runs is signatures; the verdicts are the same.
  @BeforeAll
  static void verifyFast() {
    SignatureLibrary.useNative();
  }

  static LongStream seeds() {
    long from = Long.getLong("sim.attack.from", 1);
    return LongStream.range(from, from + Long.getLong("sim.attack.seeds", 20));
  }

  private static Bars bars(long seed) {
    return seed <= SIGNED_SEEDS ? Bars.LONG : Bars.LONG_PLAIN;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void individuals(long seed) {
    Bars bars = bars(seed);
    for (Senses senses : Senses.values()) {
      for (int attackers : new int[] {4, 8, 12, 16}) {
        bars.badPeersGetNoTraffic(
            "A individuals", seed, senses, attackers, Attacks.individual(), 0.02);
        bars.badPeersGetNoTraffic("A noise", seed, senses, attackers, Attacks.noise(), 0.02);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void collectives(long seed) {
    Bars bars = bars(seed);
    for (Senses senses : Senses.values()) {
      bars.badPeersGetNoTraffic(
          "B ballot-stuffing", seed, senses, 12, Attacks.BALLOT_STUFFER, 0.02);
      bars.badPeersGetNoTraffic(
          "B ballot-stuffing", seed, senses, 16, Attacks.BALLOT_STUFFER, 0.10);
      bars.badPeersGetNoTraffic("C slander", seed, senses, 12, Attacks.SLANDERER, 0.02);
      bars.badPeersGetNoTraffic("C slander", seed, senses, 16, Attacks.SLANDERER, 0.10);
      bars.aSlanderedNewcomerIsHeardOf("C slandered newcomer", seed, senses, 12);
      bars.camouflageGainsLittle("D camouflage", seed, senses, 11, 0.10);
    }
    bars.slanderMovesNothing("C slander", seed, 12, 0.01);
    bars.aSlanderedVictimHardlyMoves("C bad-mouthing", seed, 9, 0.02);
    bars.spiesSaveNobody("E spies", seed, 4, 8, 0.02);
    bars.spiesSaveNobody("E spies", seed, 8, 4, 0.02);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void identities(long seed) {
    Bars bars = bars(seed);
    bars.oneTokensNodesHaveAQuarterAtMost("F Sybils", seed, 8);
    bars.oneTokensNodesHaveAQuarterAtMost("F Sybils", seed, 100);
    bars.whomOneInvitedWeighAsOne("F invited Sybils", seed, 50);
    bars.guestsAddNothingInAMeshByOneToken("F one token", seed, 1, 60, 0.02);
    bars.guestsAddNothingInAMeshByOneToken("F one token", seed, 4, 20, 0.04);
    for (Senses senses : Senses.values()) {
      for (boolean everyWindow : new boolean[] {true, false}) {
        bars.whitewashingGainsLittle("G whitewashing", seed, senses, 4, everyWindow);
        bars.whitewashingGainsLittle("G whitewashing", seed, senses, 12, everyWindow);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void timesAndFaces(long seed) {
    Bars bars = bars(seed);
    for (Senses senses : Senses.values()) {
      bars.whoTurnsBadIsOutTwoWindowsLater("H on-off", seed, senses, 4);
    }
    bars.twoFacesAreSeen("I two-faced", seed, Senses.ALL, 8, 4, 0.02);
    bars.twoFacesAreSeen("I two-faced", seed, Senses.ALL, 8, 2, 0.02);
    bars.aSplitLeavesNoTrace("J partition", seed, 20);
    bars.aSplitLeavesNoTrace("J partition", seed, 8);
    bars.whatIsNotMatchedCountsNothing("K replay", seed);
    bars.whoSaysTwoThingsIsNothing("L equivocation", seed);
  }
}

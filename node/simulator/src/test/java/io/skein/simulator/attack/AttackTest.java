package io.skein.simulator.attack;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Each attack once, at the hardest setting of its bar. `AttackNightlyTest` has all settings and
/// twenty seeds.
@Execution(ExecutionMode.SAME_THREAD)
class AttackTest {
  private static final Bars BARS = Bars.SHORT;
  private static final long SEED = 1;

  @Test
  void badIndividualsGetNoTraffic() {
    BARS.badPeersGetNoTraffic(
        "A individuals", SEED, Senses.REPUTATION, 16, Attacks.individual(), 0.02);
  }

  @Test
  void ballotStuffersGetNoTraffic() {
    BARS.badPeersGetNoTraffic(
        "B ballot-stuffing", SEED, Senses.REPUTATION, 12, Attacks.BALLOT_STUFFER, 0.02);
  }

  @Test
  void aSlanderingCollectiveMovesNothingAndGetsNoTraffic() {
    BARS.slanderMovesNothing("C slander", SEED, 12, 0.01);
    BARS.badPeersGetNoTraffic("C slander", SEED, Senses.REPUTATION, 16, Attacks.SLANDERER, 0.10);
  }

  @Test
  void aVictimOfBadMouthingHardlyMoves() {
    BARS.aSlanderedVictimHardlyMoves("C bad-mouthing", SEED, 9, 0.02);
  }

  @Test
  void aSlanderedNewcomerIsHeardOf() {
    BARS.aSlanderedNewcomerIsHeardOf("C slandered newcomer", SEED, Senses.REPUTATION, 12);
    BARS.aSlanderedNewcomerIsHeardOf("C slandered newcomer", SEED, Senses.ALL, 12);
  }

  @Test
  void camouflageGainsLittle() {
    BARS.camouflageGainsLittle("D camouflage", SEED, Senses.REPUTATION, 11, 0.10);
  }

  @Test
  void spiesSaveNobody() {
    BARS.spiesSaveNobody("E spies", SEED, 4, 8, 0.02);
  }

  @Test
  void oneTokensNodesHaveAQuarterAtMost() {
    BARS.oneTokensNodesHaveAQuarterAtMost("F Sybils", SEED, 8);
    BARS.oneTokensNodesHaveAQuarterAtMost("F Sybils", SEED, 100);
  }

  @Test
  void whomOneInvitedWeighAsOne() {
    BARS.whomOneInvitedWeighAsOne("F invited Sybils", SEED, 30);
  }

  @Test
  void guestsAddNothingInAMeshByOneToken() {
    BARS.guestsAddNothingInAMeshByOneToken("F one token", SEED, 1, 60, 0.02);
  }

  @Test
  void whitewashingGainsLittle() {
    BARS.whitewashingGainsLittle("G whitewashing", SEED, Senses.REPUTATION, 4, true);
  }

  @Test
  void whoTurnsBadIsOutTwoWindowsLater() {
    BARS.whoTurnsBadIsOutTwoWindowsLater("H on-off", SEED, Senses.REPUTATION, 4);
  }

  @Test
  void twoFacesAreSeen() {
    BARS.twoFacesAreSeen("I two-faced", SEED, Senses.ALL, 8, 4, 0.02);
  }

  @Test
  void aSplitLeavesNoTrace() {
    BARS.aSplitLeavesNoTrace("J partition", SEED, 20);
  }

  @Test
  void whatIsNotMatchedCountsNothing() {
    BARS.whatIsNotMatchedCountsNothing("K replay", SEED);
  }

  @Test
  void whoSaysTwoThingsIsNothing() {
    BARS.whoSaysTwoThingsIsNothing("L equivocation", SEED);
  }
}

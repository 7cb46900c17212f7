package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.SignedRecord;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.reputation.snapshot.Why;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Worked examples: every expected number is derived by hand in its comment.
class ReputationTest {
  private static final long ONE = Score.ONE_Q30;

  @Test
  void threeRatersOfOneWindowGiveTheMeanOfTheMiddleHalf() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    // Age 0, so nothing has faded: (8+1)/(8+2), (5+1)/(8+2), (0+1)/(8+2) = 0.9, 0.6, 0.1.
    town.word(0, 10, Town.saw("s/x", 8, 0)).to(reputation);
    town.word(1, 10, Town.saw("s/x", 5, 3)).to(reputation);
    town.word(2, 10, Town.saw("s/x", 0, 8)).to(reputation);
    // Equal weights of 1: the middle 1.5 holds 0.25 of 0.9, all of 0.6 and 0.25 of 0.1:
    // (0.225 + 0.6 + 0.025) / 1.5 = 0.5666…; in Q30 the opinions are 966,367,641, 644,245,094 and
    // 107,374,182, and (966,367,641 + 4 · 644,245,094 + 107,374,182) / 6 = 608,453,699.8.
    Score score = reputation.scores(town).of(Town.endpoint("s/x"));
    assertEquals(608_453_699, score.q30());
    assertEquals("0.566666665", score.text());
    assertEquals(3, score.raters());
    assertEquals(1, score.windows());
    assertEquals(Score.Basis.RATED, score.basis());
  }

  @Test
  void goodFadesInTwelveWindowsAndBadInThirtySix() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 10, Town.saw("s/good", 62, 0), Town.saw("s/bad", 0, 62)).to(reputation);
      town.word(rater, 46, Town.saw("s/good", 0, 1), Town.saw("s/bad", 1, 0)).to(reputation);
    }
    // 36 windows before the newest outcome 62 good count 62/8 = 7.75: 8.75/10.75; 62 bad count 31:
    // 2/34. The short span holds one outcome: too little.
    Scores scores = reputation.scores(town);
    assertEquals("0.813953488", scores.of(Town.endpoint("s/good")).text());
    assertEquals("0.058823529", scores.of(Town.endpoint("s/bad")).text());
  }

  @Test
  void whatARaterKnowsDoesNotFadeWhileItAsksNothing() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 10, Town.saw("s/x", 500, 0)).to(reputation);
      town.word(rater, 11, Town.saw("s/x", 0, 8)).to(reputation);
    }
    long then = reputation.scores(town).of(Town.endpoint("s/x")).q30();
    for (long window = 12; window < 11 + 63; window++) {
      for (int rater = 0; rater < 3; rater++) {
        town.word(rater, window).to(reputation);
      }
      assertEquals(then, reputation.scores(town).of(Town.endpoint("s/x")).q30(), "" + window);
    }
    // The good ones leave the ring first, with their window; then the bad ones.
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 74).to(reputation);
    }
    assertEquals(Score.ONE_Q30 / 10, reputation.scores(town).of(Town.endpoint("s/x")).q30());
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 75).to(reputation);
    }
    assertTrue(reputation.scores(town).of(Town.endpoint("s/x")).neutral());
  }

  @Test
  void theWorseOfTheLongAndTheShortSpanCounts() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 3; rater++) {
      for (long window = 0; window < 60; window++) {
        int bad = window < 59 ? 0 : 98;
        town.word(rater, window, Town.saw("s/x", 98 - bad, bad)).to(reputation);
      }
    }
    // Long: good fades over 59 windows, bad is fresh: far above the short span's, where 98 bad meet
    // 98·(t1+…+t5) with t = round(65536·2^(−age/12)): 61858, 58386, 55109, 52016, 49097 = 276466.
    long good = 98L * 276_466;
    long bad = 98L * 65_536;
    long expected = ((good + 65_536) << 30) / (good + bad + 131_072);
    assertEquals(expected, reputation.scores(town).of(Town.endpoint("s/x")).q30());
  }

  @Test
  void moreThanAThousandRequestsOfAWindowKeepTheirRatioAndWeighAThousand() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 10, Town.saw("s/x", 1_500_000, 500_000)).to(reputation);
    }
    assertEquals((751L << 30) / 1_002, reputation.scores(town).of(Town.endpoint("s/x")).q30());
    assertEquals(750, reputation.history(Town.endpoint("s/x"), town).getFirst().good() / 3);
  }

  @Test
  void fewerThanFourOutcomesAreNoOpinion() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    town.word(0, 10, Town.saw("s/x", 2, 2)).to(reputation);
    town.word(1, 10, Town.saw("s/x", 3, 0)).to(reputation);
    town.word(2, 10, Town.saw("s/x", 2, 1)).to(reputation);
    Score score = reputation.scores(town).of(Town.endpoint("s/x"));
    assertEquals(new Score(Score.HALF_Q30, 1, 1, Score.Basis.NEUTRAL), score);
    Why why = reputation.why(Town.endpoint("s/x"), town);
    assertEquals(
        2,
        why.testimonies().stream()
            .filter(word -> word.verdict() == Why.Verdict.TOO_LITTLE_EVIDENCE)
            .count());
  }

  @Test
  void inAMeshOfTwoAllEndpointsAreNeutral() {
    Town town = new Town(2);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 2; rater++) {
      town.word(rater, 10, Town.saw("s/x", 0, 500)).to(reputation);
    }
    assertTrue(reputation.scores(town).of(Town.endpoint("s/x")).neutral());
  }

  @Test
  void nobodyIsOldEnoughInTheFirstSixWindowsOfAMesh() {
    Town town = new Town(3);
    for (int i = 0; i < 3; i++) {
      town.stand(i, new Standing(List.of(), List.of(), 1_000, false, false));
    }
    Reputation reputation = town.reputation();
    for (long window = 1_000; window < 1_006; window++) {
      for (int rater = 0; rater < 3; rater++) {
        town.word(rater, window, Town.saw("s/x", 50, 0)).to(reputation);
      }
    }
    assertTrue(reputation.scores(town).of(Town.endpoint("s/x")).neutral());
    assertEquals(
        Why.Verdict.TOO_YOUNG,
        reputation.why(Town.endpoint("s/x"), town).testimonies().getFirst().verdict());
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 1_006, Town.saw("s/x", 50, 0)).to(reputation);
    }
    assertEquals(Score.Basis.RATED, reputation.scores(town).of(Town.endpoint("s/x")).basis());
  }

  @Test
  void ledgerTimeIsTheNewestWindowThatFLiarsCannotReachAlone() {
    Town town = new Town(7);
    Reputation reputation = town.reputation();
    assertEquals(OptionalLong.empty(), reputation.ledgerWindow(town));
    long[] newest = {100, 101, 99, 100, 5, 9_000, 9_001};
    for (int i = 0; i < 3; i++) {
      town.word(i, newest[i]).to(reputation);
    }
    assertEquals(OptionalLong.of(101), reputation.ledgerWindow(town), "n = 3, f = 0");
    for (int i = 3; i < 7; i++) {
      town.word(i, newest[i]).to(reputation);
    }
    assertEquals(OptionalLong.of(101), reputation.ledgerWindow(town), "n = 7, f = 2");
    assertEquals(1_010_000, reputation.ledgerTimeMillis(town));
    town.stand(5, new Standing(List.of(), List.of(), 0, false, true));
    town.expel(6);
    assertEquals(OptionalLong.of(100), reputation.ledgerWindow(town), "n = 5, f = 1");
  }

  @ParameterizedTest(name = "{0} windows off")
  @ValueSource(longs = {-30, 40})
  void whomOneInvitedNeitherPushLedgerTimeNorHoldItBack(long off) {
    Town town = new Town(44);
    for (int i = 5; i < 44; i++) {
      town.letIn(4, i);
    }
    Reputation reputation = town.reputation();
    for (int i = 0; i < 44; i++) {
      town.word(i, i < 4 ? 100 : 100 + off).to(reputation);
    }
    assertEquals(OptionalLong.of(100), reputation.ledgerWindow(town));
  }

  /// All by one invite of the founder's but those that one of them let in.
  @ParameterizedTest(name = "{0} windows off")
  @ValueSource(longs = {-30, 40})
  void norInAMeshByOneInvite(long off) {
    Town town = Town.byOneInvite(10, 60);
    Reputation reputation = town.reputation();
    for (int i = 0; i < 70; i++) {
      town.word(i, i < 9 ? 100 : 100 + off).to(reputation);
    }
    assertEquals(OptionalLong.of(100), reputation.ledgerWindow(town));
  }

  @Test
  void withinATokenAThirdDecidesToo() {
    Town town = new Town(14);
    for (int i = 4; i < 14; i++) {
      town.stand(i, Town.by(town.key(i % 2)));
    }
    Reputation reputation = town.reputation();
    for (int i = 0; i < 14; i++) {
      // One fast clock of six in each of two tokens of four.
      town.word(i, i < 2 ? 105 : 100).to(reputation);
    }
    assertEquals(OptionalLong.of(100), reputation.ledgerWindow(town));
  }

  @Test
  void aWindowAheadOfLedgerTimeIsHeldUntilLedgerTimeIsWithinTwoOfIt() {
    Town town = new Town(4);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 4; rater++) {
      town.word(rater, rater == 0 ? 23 : 20, Town.saw("s/x", 10, 0)).to(reputation);
    }
    assertEquals(OptionalLong.of(20), reputation.ledgerWindow(town));
    assertEquals(3, reputation.scores(town).of(Town.endpoint("s/x")).raters());
    town.word(1, 21).to(reputation);
    assertEquals(OptionalLong.of(21), reputation.ledgerWindow(town));
    assertEquals(4, reputation.scores(town).of(Town.endpoint("s/x")).raters());
  }

  @Test
  void anUnreachablePeerIsNotBlamed() {
    Town town = new Town(5);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 4; rater++) {
      town.word(
              rater, 10, 11, List.of(), List.of(new PeerOutcome(town.node(4), 0, 500, new byte[0])))
          .to(reputation);
    }
    Score score = reputation.scores(town).of(town.peer(4));
    assertEquals(new Score(Score.HALF_Q30, 0, 0, Score.Basis.LIMITED), score);
  }

  @Test
  void blameCountsOnlyWithThePeersWordToThatRaterForThatWindow() {
    Town town = new Town(5);
    Reputation reputation = town.reputation();
    byte[][] words = {
      town.acknowledgement(4, 0, 10),
      town.acknowledgement(4, 0, 10), // given to another rater
      town.acknowledgement(4, 2, 9), // for another window
      town.acknowledgement(3, 3, 10), // by another peer
    };
    for (int rater = 0; rater < 4; rater++) {
      town.word(
              rater, 10, 11, List.of(), List.of(new PeerOutcome(town.node(4), 8, 8, words[rater])))
          .to(reputation);
    }
    List<Long> bad =
        reputation.why(town.peer(4), town).testimonies().stream()
            .filter(word -> word.badQ16() > 0)
            .map(Why.RaterWord::badQ16)
            .toList();
    assertEquals(List.of(8L << 16), bad);
    // Opinions 0.5, 0.9, 0.9, 0.9 with equal weights: the lowest is cut away whole.
    assertEquals((9L << 30) / 10, reputation.scores(town).of(town.peer(4)).q30());
  }

  @Test
  void aPeerWithTwoRatersScoresAtMostHalfAndOneWithThreeMore() {
    Town town = new Town(5);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 3; rater++) {
      town.word(rater, 10, 11, List.of(), List.of(town.forwarded(rater, 4, 10, 98, 0)))
          .to(reputation);
      Score score = reputation.scores(town).of(town.peer(4));
      assertEquals(rater < 2, score.limited());
      assertEquals(rater < 2 ? ONE / 2 : (99L << 30) / 100, score.q30());
    }
  }

  @Test
  void nobodyRatesItself() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    town.word(0, 10, 11, List.of(), List.of(town.forwarded(0, 0, 10, 900, 0))).to(reputation);
    assertEquals(List.of(), reputation.why(town.peer(0), town).testimonies());
  }

  @Test
  void aForkedPeerScoresZeroAndRatesNobody() {
    Town town = new Town(4);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 4; rater++) {
      town.word(
              rater,
              10,
              11,
              List.of(Town.saw("s/x", 8, 0)),
              List.of(town.forwarded(rater, 3, 10, 100, 0)))
          .to(reputation);
    }
    town.stand(3, new Standing(List.of(), List.of(), 0, true, false));
    Scores scores = reputation.scores(town);
    assertEquals(0, scores.of(town.peer(3)).q30());
    assertEquals(Score.Basis.FORKED, scores.of(town.peer(3)).basis());
    assertEquals(3, scores.of(Town.endpoint("s/x")).raters());
    town.stand(3, new Standing(List.of(), List.of(), 0, false, true));
    assertEquals(Score.Basis.REVOKED, reputation.scores(town).of(town.peer(3)).basis());
  }

  @Test
  void aStrangerIsNeitherRaterNorSubject() {
    Town town = new Town(5);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 5; rater++) {
      town.word(
              rater,
              10,
              11,
              List.of(Town.saw("s/x", 8, 0)),
              List.of(town.forwarded(rater, 4, 10, 100, 0)))
          .to(reputation);
    }
    town.expel(4);
    Scores scores = reputation.scores(town);
    assertEquals(4, scores.of(Town.endpoint("s/x")).raters());
    assertTrue(!scores.bySubject().containsKey(town.peer(4)));
  }

  @Test
  void aWhyAddsUpToItsScore() {
    Town town = new Town(5);
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 5; rater++) {
      for (long window = 10; window < 20; window++) {
        town.word(rater, window, Town.saw("s/x", 5 * rater, 3)).to(reputation);
      }
    }
    Why why = reputation.why(Town.endpoint("s/x"), town);
    assertEquals(reputation.scores(town).of(Town.endpoint("s/x")), why.score());
    assertEquals(5, why.testimonies().size());
    assertEquals(why.score().q30(), Math.min(why.wholeQ30(), why.recentQ30()));
    long kept = why.testimonies().stream().mapToLong(Why.RaterWord::keptQ30).sum();
    assertTrue(kept <= ONE && kept > ONE - 10, "what was kept sums to 1: " + kept);
    // Five equal weights: of the lowest and the highest nothing is kept, of the next ones three
    // quarters.
    List<Long> each = why.testimonies().stream().map(Why.RaterWord::keptQ30).sorted().toList();
    assertEquals(List.of(0L, 0L, 3 * ONE / 10, 3 * ONE / 10, 4 * ONE / 10), each);
    why.testimonies().forEach(word -> assertEquals(2, word.quarter(), "unrated peers stand at ½"));
    long share = why.testimonies().stream().mapToLong(Why.RaterWord::shareQ30).sum();
    assertTrue(share <= ONE && share > ONE - 10, "shares sum to 1: " + share);
    assertEquals(
        50,
        why.testimonies().stream()
            .flatMap(word -> word.records().stream())
            .map(counted -> counted.record())
            .collect(Collectors.toSet())
            .size());
    long[] opinions =
        why.testimonies().stream()
            .mapToLong(word -> Math.min(word.longQ30(), word.shortQ30()))
            .sorted()
            .toArray();
    assertTrue(why.score().q30() >= opinions[0] && why.score().q30() <= opinions[4]);
  }

  @Test
  void aSignedRecordIsAppliedAsWhatItSays() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    SigningKey key = SigningKey.generate(new Random(3)); // as the town draws its first
    assertEquals(town.node(0), key.nodeId());
    SignedRecord other =
        SignedRecord.sign(
            key, Town.MESH, 1L << 32, 2, Town.hash(1), 0, new Body.Revoke(town.node(1), ""));
    SignedRecord record =
        SignedRecord.sign(
            key,
            Town.MESH,
            1L << 32,
            3,
            other.hash(),
            HybridClock.at(70_000),
            new Body.Performance(7, List.of(Town.saw("s/x", 5, 0)), List.of()));
    SignedRecord early =
        SignedRecord.sign(
            key,
            Town.MESH,
            1L << 32,
            4,
            record.hash(),
            HybridClock.at(79_999),
            new Body.Performance(8, List.of(Town.saw("s/x", 5, 0)), List.of()));
    assertTrue(!reputation.apply(other));
    assertTrue(reputation.apply(record));
    assertTrue(!reputation.apply(early), "of a window that had not begun");
    Hash counted =
        reputation.why(Town.endpoint("s/x"), town).testimonies().stream()
            .flatMap(word -> word.records().stream())
            .map(word -> word.record())
            .findFirst()
            .orElse(Hash.ZERO);
    assertEquals(record.hash(), counted);
  }
}

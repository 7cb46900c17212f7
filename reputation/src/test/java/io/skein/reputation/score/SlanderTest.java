package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.snapshot.Score;
import io.skein.reputation.snapshot.Scores;
import io.skein.reputation.snapshot.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ten raters, three of whom lie as well as they can, about an endpoint that the honest see at 98 %
/// good.
///
/// The bound: of a weight of ten, 2.5 are cut at each end and 5 remain; three liars at one end keep
/// 0.5 of those 5, a tenth. So the score stays within a tenth of the honest opinion.
class SlanderTest {
  private static final int NODES = 10;
  private static final int LIARS = 3;
  private static final Standing FOUNDER = new Standing(List.of(), List.of(), 0, false, false);

  @Test
  void threeLiarsOfTenMoveAnEndpointByAtMostATenth() {
    Town town = new Town(NODES);
    long honest = score(town, 0, 0);
    assertTrue(honest > 97 * (Score.ONE_Q30 / 100), Score.text(honest));
    long slandered = score(town, LIARS, 0);
    assertTrue(slandered >= honest - Score.ONE_Q30 / 10, Score.text(slandered));
    assertTrue(slandered < honest, "the liars were heard at all");
    long praised = scoreOfABadOne(town);
    assertTrue(praised <= Score.ONE_Q30 / 5, Score.text(praised));
  }

  @Test
  void theHonestKeepingSilentForAMinuteGiveTheLiarsNothing() {
    Town town = new Town(NODES);
    long slandered = score(town, LIARS, 6);
    long honest = score(town, 0, 6);
    assertTrue(slandered >= honest - Score.ONE_Q30 / 10, Score.text(slandered));
  }

  @ParameterizedTest(name = "{0} nodes of one leaked token")
  @ValueSource(ints = {4, 8, 16})
  void oneTokensNodesTogetherMoveAnEndpointByLittle(int sybils) {
    Town town = new Town(6 + sybils);
    for (int i = 6; i < 6 + sybils; i++) {
      town.stand(i, Town.by(town.key(6)));
    }
    Reputation reputation = town.reputation();
    for (long window = 10; window < 40; window++) {
      for (int rater = 0; rater < 6 + sybils; rater++) {
        boolean lies = rater >= 6;
        town.word(rater, window, Town.saw("s/x", lies ? 0 : 98, lies ? 1_000 : 2)).to(reputation);
      }
    }
    // A quarter of the weight is what the trimming cuts away.
    long score = reputation.scores(town).of(Town.endpoint("s/x")).q30();
    assertTrue(score > 95 * (Score.ONE_Q30 / 100), Score.text(score));
  }

  /// One that was let in has let in the others, each by an invite of its own, and these in a row.
  @ParameterizedTest(name = "{0} nodes that one let in, below {1} invites")
  @CsvSource({"4, 0", "16, 0", "64, 0", "4, 1", "16, 1", "64, 1", "64, 2"})
  void whomOneInvitedMoveAnEndpointByLittle(int sybils, int below) {
    Town town = new Town(6 + sybils + below);
    for (int i = 1; i < below; i++) {
      town.letIn(5 + sybils + i, 6 + sybils + i);
    }
    for (int i = 0; i < 6 + sybils; i++) {
      if (i > 6) {
        town.letIn(i > 7 && i % 2 == 0 ? i - 1 : 6, i);
      } else if (below > 0) {
        town.letIn(5 + sybils + below, i);
      }
    }
    Reputation reputation = town.reputation();
    for (long window = 10; window < 40; window++) {
      for (int rater = 0; rater < 6 + sybils; rater++) {
        boolean lies = rater >= 6;
        town.word(rater, window, Town.saw("s/x", lies ? 0 : 98, lies ? 1_000 : 2)).to(reputation);
      }
    }
    Score score = reputation.scores(town).of(Town.endpoint("s/x"));
    assertEquals(6 + sybils, score.raters());
    assertTrue(score.q30() > 95 * (Score.ONE_Q30 / 100), score.text());
  }

  /// Where the last of 41 by one invite lies with all whom it let in, they weigh what it weighs
  /// alone, but for what is rounded.
  @ParameterizedTest(name = "{0} guests")
  @ValueSource(ints = {0, 1, 60, 200})
  void inAMeshByOneInviteGuestsAddNothing(int guests) {
    int liar = 40;
    Town town = Town.byOneInvite(liar + 1, guests);
    Reputation reputation = slandered(town, liar + 1 + guests, rater -> rater >= liar);
    double share = share(reputation, town, rater -> rater >= liar);
    long score = reputation.scores(town).of(Town.endpoint("s/x")).q30();
    System.out.printf(
        Locale.ROOT,
        "one of 41 by one invite, %d guests: %.4f of the weight, %s%n",
        guests,
        share,
        Score.text(score));
    assertEquals(1.0 / 41, share, 0.001);
    assertEquals(truth(town, liar + 1 + guests), score);
  }

  @ParameterizedTest(name = "{0} of 40 with 20 guests each")
  @ValueSource(ints = {2, 3, 10})
  void norDoSeveralGainBy(int liars) {
    int members = 40;
    Town town = new Town(members + 20 * liars);
    for (int i = 0; i < members; i++) {
      town.stand(i, Town.by(town.key(0)));
    }
    for (int i = members; i < members + 20 * liars; i++) {
      town.letIn(members - 1 - i % liars, i);
    }
    IntPredicate lies = rater -> rater >= members - liars;
    Reputation reputation = slandered(town, members + 20 * liars, lies);
    assertEquals(liars / 40.0, share(reputation, town, lies), 0.002);
    long score = reputation.scores(town).of(Town.endpoint("s/x")).q30();
    // A quarter is cut.
    assertEquals(truth(town, members + 20 * liars), score, Score.ONE_Q30 / 500.0);
  }

  /// The founder's own word is one, with all that a guest of its lets in another. Whom it invites
  /// itself are each one, as it may let in whomever it likes.
  @Test
  void aBadFounderIsOneButItsGuestsAreEachOneToo() {
    Town town = Town.byOneInvite(20, 10);
    town.stand(0, FOUNDER);
    Reputation alone = slandered(town, 30, rater -> rater == 0);
    assertEquals(1.0 / 20, share(alone, town, rater -> rater == 0), 0.001);
    Reputation guests = slandered(town, 30, rater -> rater < 10);
    assertEquals(1.0 / 2, share(guests, town, rater -> rater < 10), 0.01);
  }

  /// What only a member and its guests say of a peer or of an endpoint is the word of one.
  @Test
  void aMemberAndItsGuestsAreOneVoice() {
    Town town = Town.byOneInvite(6, 10);
    Reputation reputation = town.reputation();
    for (long window = 10; window < 20; window++) {
      for (int rater = 0; rater < 16; rater++) {
        List<PeerOutcome> peers = new ArrayList<>();
        List<EndpointOutcome> endpoints = new ArrayList<>();
        peers.add(town.forwarded(rater, (rater + 1) % 4, window, 10, 0));
        endpoints.add(Town.saw("s/all", 10, 0));
        if (rater >= 5) {
          peers.add(town.forwarded(rater, 4, window, 1_000, 0));
          endpoints.add(Town.saw("s/x", 0, 1_000));
        }
        town.word(rater, window, window, endpoints, peers).to(reputation);
      }
    }
    Scores scores = reputation.scores(town);
    assertEquals(11, scores.of(town.peer(4)).raters());
    assertEquals(Score.Basis.LIMITED, scores.of(town.peer(4)).basis());
    assertEquals(Score.HALF_Q30, scores.of(town.peer(4)).q30());
    assertTrue(scores.of(Town.endpoint("s/x")).neutral());
    assertEquals(Score.Basis.RATED, scores.of(town.peer(1)).basis());
    assertEquals(Score.Basis.RATED, scores.of(Town.endpoint("s/all")).basis());
  }

  /// Some say the worst of an endpoint that the others see at 98 %.
  private static Reputation slandered(Town town, int raters, IntPredicate lies) {
    Reputation reputation = town.reputation();
    for (long window = 10; window < 20; window++) {
      for (int rater = 0; rater < raters; rater++) {
        int good = lies.test(rater) ? 0 : 98;
        town.word(rater, window, Town.saw("s/x", good, 100 - good)).to(reputation);
      }
    }
    return reputation;
  }

  /// What it scores where nobody lies.
  private static long truth(Town town, int raters) {
    return slandered(town, raters, _ -> false).scores(town).of(Town.endpoint("s/x")).q30();
  }

  private static double share(Reputation reputation, Town town, IntPredicate which) {
    Set<NodeId> those =
        IntStream.range(0, town.members().size())
            .filter(which)
            .mapToObj(town::node)
            .collect(Collectors.toSet());
    return reputation.why(Town.endpoint("s/x"), town).testimonies().stream()
            .filter(word -> those.contains(word.rater()))
            .mapToLong(Why.RaterWord::shareQ30)
            .sum()
        / (double) Score.ONE_Q30;
  }

  /// The bound: those of four tokens that are silent say ½, and a lying token takes the place of
  /// one of them at its end, where a quarter is cut.
  @ParameterizedTest(name = "{0} honest raters")
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void oneTokensNodesMoveNobodyTheirWayHoweverFewOthersSpeak(int honest) {
    long good = 98;
    long heardOf = among(honest, good, 0).of(victim()).q30();
    Scores slandered = among(honest, good, -10);
    assertTrue(slandered.of(victim()).q30() >= heardOf, "slander lowers nobody");
    assertTrue(slandered.of(Town.endpoint("s/x")).q30() >= Score.HALF_Q30, "nor an endpoint");

    long bad = 2;
    long known = among(honest, bad, 0).of(victim()).q30();
    Scores praised = among(honest, bad, 10);
    assertTrue(praised.of(victim()).q30() <= known, "praise lifts nobody");
    assertTrue(praised.of(Town.endpoint("s/x")).q30() <= Score.HALF_Q30, "nor an endpoint");
    if (honest >= 3) {
      assertTrue(heardOf > 95 * (Score.ONE_Q30 / 100), Score.text(heardOf));
      assertTrue(known < 5 * (Score.ONE_Q30 / 100), Score.text(known));
    }
  }

  @Test
  void nodesOfOneTokenAloneMakeNobodyTrusted() {
    Score score = among(0, 0, 10).of(victim());
    assertEquals(10, score.raters());
    assertEquals(Score.Basis.LIMITED, score.basis());
    assertEquals(Score.HALF_Q30, score.q30());
  }

  private static PeerSubject victim() {
    return new Town(16).peer(5);
  }

  /// Five nodes by tokens of their own, of whom so many rate the sixth, and an endpoint; and so
  /// many by one other token, who all praise both, or say the worst of both if there are fewer than
  /// none.
  private static Scores among(int honest, long goodPercent, int liars) {
    Town town = new Town(16);
    for (int i = 6; i < 16; i++) {
      town.stand(i, Town.by(town.key(6)));
    }
    Reputation reputation = town.reputation();
    for (long window = 10; window < 20; window++) {
      for (int rater = 0; rater < 5; rater++) {
        List<PeerOutcome> peers = new ArrayList<>();
        List<EndpointOutcome> endpoints = new ArrayList<>();
        endpoints.add(Town.saw("s/all", 10, 0));
        peers.add(town.forwarded(rater, (rater + 1) % 5, window, 10, 0));
        if (rater < honest) {
          int good = (int) goodPercent;
          peers.add(town.forwarded(rater, 5, window, good, 100 - good));
          endpoints.add(Town.saw("s/x", good, 100 - good));
        }
        town.word(rater, window, window, endpoints, peers).to(reputation);
      }
      for (int i = 0; i < Math.abs(liars); i++) {
        int praise = liars > 0 ? 1_000 : 0;
        PeerOutcome word = town.forwarded(6 + i, 5, window, praise, 1_000 - praise);
        town.word(
                6 + i,
                window,
                window,
                List.of(Town.saw("s/x", praise, 1_000 - praise)),
                List.of(word))
            .to(reputation);
      }
    }
    long theirs =
        reputation.why(victim(), town).testimonies().stream()
            .filter(word -> town.standing(word.rater()).equals(town.standing(town.node(6))))
            .mapToLong(Why.RaterWord::shareQ30)
            .sum();
    assertTrue(theirs <= Score.ONE_Q30 / 4, Score.text(theirs));
    return reputation.scores(town);
  }

  @ParameterizedTest(name = "{0} nodes by one invite")
  @ValueSource(ints = {3, 4, 8})
  void aSmallMeshByOneInviteKnowsItsBadNode(int nodes) {
    Town town = new Town(nodes);
    town.stand(0, FOUNDER);
    for (int i = 1; i < nodes; i++) {
      town.stand(i, Town.by(town.key(1)));
    }
    Reputation reputation = town.reputation();
    // Two windows of some requests each.
    for (long window = 10; window < 12; window++) {
      for (int rater = 0; rater < nodes; rater++) {
        List<PeerOutcome> peers = new ArrayList<>();
        for (int peer = 0; peer < nodes; peer++) {
          if (peer != rater) {
            int good = peer == nodes - 1 ? 0 : 20;
            peers.add(town.forwarded(rater, peer, window, good, 20 - good));
          }
        }
        town.word(rater, window, window, List.of(), peers).to(reputation);
      }
    }
    Scores scores = reputation.scores(town);
    double bad = scores.of(town.peer(nodes - 1)).q30();
    for (int i = 0; i < nodes - 1; i++) {
      double good = scores.of(town.peer(i)).q30();
      // By the fourth power of their scores: less than a thousandth of what the others get.
      assertTrue(Math.pow(bad / good, 4) < 0.001, scores.of(town.peer(i)).text());
      assertTrue(nodes == 3 ? good == Score.HALF_Q30 : good > 0.9 * Score.ONE_Q30);
    }
  }

  @Test
  void withThreeTokensInAllThereIsNoCut() {
    Town town = new Town(6);
    for (int i = 0; i < 6; i++) {
      town.stand(i, Town.by(town.key(i / 2)));
    }
    Reputation reputation = town.reputation();
    for (int rater = 0; rater < 6; rater++) {
      town.word(rater, 10, Town.saw("s/x", 8, 0)).to(reputation);
    }
    reputation
        .why(Town.endpoint("s/x"), town)
        .testimonies()
        .forEach(word -> assertEquals((1L << 30) / 6, word.shareQ30()));
  }

  @Test
  void liarsBlamingAPeerThatServedThemMoveItWithinItsBound() {
    Town town = new Town(NODES);
    Reputation reputation = town.reputation();
    for (long window = 10; window < 40; window++) {
      for (int rater = 0; rater < NODES - 1; rater++) {
        boolean lies = rater < LIARS;
        List<PeerOutcome> peers = new ArrayList<>();
        for (int peer = 0; peer < NODES; peer++) {
          boolean friend = peer < LIARS;
          int bad = lies && !friend ? 1_000 : 0;
          if (peer == NODES - 1 || peer == (rater + 1) % NODES) {
            peers.add(town.forwarded(rater, peer, window, bad > 0 ? 0 : 98, bad));
          }
        }
        town.word(rater, window, window, List.of(), peers).to(reputation);
      }
    }
    // Nine raters, three liars: 2.25 cut, 0.75 of the remaining 4.5 is theirs: a sixth.
    Score score = reputation.scores(town).of(town.peer(NODES - 1));
    assertEquals(9, score.raters());
    assertTrue(score.q30() > (Score.ONE_Q30 / 6) * 5 * 98 / 100, score.text());
  }

  private static long score(Town town, int liars, int silentWindows) {
    Reputation reputation = town.reputation();
    for (long window = 10; window < 50; window++) {
      for (int rater = 0; rater < NODES; rater++) {
        boolean lies = rater < liars;
        if (lies) {
          town.word(rater, window, Town.saw("s/x", 0, 1_000)).to(reputation);
        } else if (window < 50 - silentWindows) {
          town.word(rater, window, Town.saw("s/x", 490, 5)).to(reputation);
        } else {
          town.word(rater, window).to(reputation);
        }
      }
    }
    return reputation.scores(town).of(Town.endpoint("s/x")).q30();
  }

  private static long scoreOfABadOne(Town town) {
    Reputation reputation = town.reputation();
    for (long window = 10; window < 50; window++) {
      for (int rater = 0; rater < NODES; rater++) {
        boolean lies = rater < LIARS;
        town.word(rater, window, Town.saw("s/x", lies ? 1_000 : 5, lies ? 0 : 95)).to(reputation);
      }
    }
    return reputation.scores(town).of(Town.endpoint("s/x")).q30();
  }
}

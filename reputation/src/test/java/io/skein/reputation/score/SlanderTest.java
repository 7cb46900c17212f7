package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.snapshot.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ten raters, three of whom lie as well as they can, about an endpoint that the honest see at 98 %
/// good.
///
/// The bound: of a weight of ten, 2.5 are cut at each end and 5 remain; three liars at one end keep
/// 0.5 of those 5, a tenth. So the score stays within a tenth of the honest opinion.
class SlanderTest {
  private static final int NODES = 10;
  private static final int LIARS = 3;

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
      town.stand(i, new Standing(Optional.of(town.key(6)), 0, false, false));
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

  @Test
  void withThreeTokensThereIsNoCut() {
    Town town = new Town(6);
    for (int i = 0; i < 6; i++) {
      town.stand(i, new Standing(Optional.of(town.key(i / 2)), 0, false, false));
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

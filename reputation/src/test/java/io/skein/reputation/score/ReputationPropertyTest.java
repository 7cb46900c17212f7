package io.skein.reputation.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.snapshot.Scores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Same set of records, same bits: over random histories with lagging, leading, repeating and
/// contradicting authors, delivered in random orders, some several times.
class ReputationPropertyTest {
  private static final int NODES = 6;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void scoresDependOnTheSetOfRecordsAndNotOnTheirOrder(long seed) {
    Random random = new Random(seed);
    Town town = new Town(NODES);
    List<Town.Word> words = history(town, random);
    Scores straight = deliver(town, words);
    for (int round = 0; round < 4; round++) {
      List<Town.Word> shuffled = new ArrayList<>(words);
      for (int i = 0; i < words.size() / 3; i++) {
        shuffled.add(words.get(random.nextInt(words.size())));
      }
      Collections.shuffle(shuffled, random);
      assertArrayEquals(
          straight.encoded(), deliver(town, shuffled).encoded(), "seed " + seed + "/" + round);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void twoHalvesThatMeetAgreeHoweverOftenTheyLookedMeanwhile(long seed) {
    Random random = new Random(seed);
    Town town = new Town(NODES);
    List<Town.Word> words = history(town, random);
    Reputation left = town.reputation();
    Reputation right = town.reputation();
    for (Town.Word word : words) {
      boolean onTheLeft = word.feed().author().compareTo(town.node(2)) < 0;
      word.to(onTheLeft ? left : right);
      if (random.nextInt(20) == 0) {
        left.scores(town);
      }
    }
    assertNotEquals(left.scores(town).repRoot(), right.scores(town).repRoot());
    List<Town.Word> late = new ArrayList<>(words);
    Collections.reverse(late);
    late.forEach(word -> word.to(left));
    words.forEach(word -> word.to(right));
    assertEquals(left.scores(town).repRoot(), right.scores(town).repRoot(), "seed " + seed);
    assertEquals(deliver(town, words).repRoot(), left.scores(town).repRoot());
  }

  @Test
  void aKeyThatArrivesAfterTheBlameGivesTheSameScores() {
    Town early = new Town(5);
    Town late = new Town(5);
    late.known.remove(late.node(4));
    Reputation first = early.reputation();
    Reputation second = late.reputation();
    for (int rater = 0; rater < 4; rater++) {
      for (long window = 0; window < 10; window++) {
        Town.Word word =
            early.word(
                rater,
                window,
                window + 1,
                List.of(),
                List.of(early.forwarded(rater, 4, window, 3, 7)));
        word.to(first);
        word.to(second);
      }
    }
    assertNotEquals(first.scores(early).repRoot(), second.scores(late).repRoot());
    late.known.put(late.node(4), late.key(4));
    assertEquals(first.scores(early).repRoot(), second.scores(late).repRoot());
  }

  @Test
  void ofTwoRecordsAboutOneWindowTheAuthorsFirstCountsWhicheverComesFirst() {
    Town town = new Town(3);
    Town.Word first =
        town.word(0, 20, 5, List.of(Town.saw("s/x", 10, 0), Town.saw("s/y", 4, 4)), List.of());
    Town.Word second =
        town.word(0, 20, 9, List.of(Town.saw("s/x", 0, 10), Town.saw("s/z", 8, 0)), List.of());
    Town.Word nextEpoch =
        new Town.Word(
            new FeedId(town.node(0), 2L << 32),
            1,
            Town.hash(5),
            new Body.Performance(20, List.of(Town.saw("s/z", 9, 9)), List.of()));
    for (List<Town.Word> order :
        List.of(
            List.of(first, second, nextEpoch),
            List.of(nextEpoch, second, first),
            List.of(second, first, nextEpoch, second))) {
      Reputation reputation = town.reputation();
      order.forEach(word -> word.to(reputation));
      assertEquals(1, reputation.history(Town.endpoint("s/x"), town).size());
      assertEquals(10, reputation.history(Town.endpoint("s/x"), town).getFirst().good());
      assertEquals(4, reputation.history(Town.endpoint("s/y"), town).getFirst().bad());
      assertEquals(List.of(), reputation.history(Town.endpoint("s/z"), town));
    }
  }

  @Test
  void aRecordDeliveredAgainChangesNothing() {
    Town town = new Town(3);
    Reputation reputation = town.reputation();
    Town.Word word = town.word(0, 20, Town.saw("s/x", 10, 0));
    word.to(reputation);
    assertFalse(word.to(reputation));
    town.word(0, 84, Town.saw("s/x", 10, 0)).to(reputation);
    assertFalse(word.to(reputation), "its cell has moved on");
    assertEquals(10, reputation.history(Town.endpoint("s/x"), town).getFirst().good());
  }

  private static Scores deliver(Town town, List<Town.Word> words) {
    Reputation reputation = town.reputation();
    words.forEach(word -> word.to(reputation));
    return reputation.scores(town);
  }

  /// 100 windows by six authors: two of one token, one two windows ahead, one that jumps far ahead
  /// at times, one that says things twice, one that falls silent.
  private static List<Town.Word> history(Town town, Random random) {
    town.stand(1, Town.by(town.key(0)));
    town.stand(
        5,
        new Standing(List.of(town.key(5)), List.of(Town.FOUNDER), 90, false, random.nextBoolean()));
    List<Town.Word> words = new ArrayList<>();
    for (long now = 0; now < 100; now++) {
      for (int author = 0; author < NODES; author++) {
        if (author == 4 && now > 70) {
          continue;
        }
        long window = now;
        if (author == 2) {
          window += 2;
        } else if (author == 3 && random.nextInt(10) == 0) {
          window += random.nextInt(500);
        }
        words.add(
            town.word(
                author, window, now * 2 + 1, sights(random), blames(town, author, window, random)));
        if (author == 4 && random.nextInt(4) == 0) {
          words.add(town.word(author, window, now * 2 + 2, sights(random), List.of()));
        }
      }
    }
    return words;
  }

  private static List<EndpointOutcome> sights(Random random) {
    List<EndpointOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      if (random.nextInt(3) > 0) {
        outcomes.add(Town.saw("s/" + i, random.nextInt(3_000), random.nextInt(30 + 500 * i)));
      }
    }
    return outcomes;
  }

  private static List<PeerOutcome> blames(Town town, int author, long window, Random random) {
    int peer = random.nextInt(NODES);
    boolean blame = random.nextInt(20) == 0;
    return List.of(
        town.forwarded(author, peer, window, random.nextInt(50), blame ? random.nextInt(20) : 0));
  }
}

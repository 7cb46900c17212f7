package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;

import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Feeds in order, without gaps, and one record in each place.
class PrefixOrderTest {
  @Test
  void aLaterElementWithoutAnEarlierOneIsFound() throws MalformedHistory {
    Tale tale = two().appendAt("n1", "x", "n1/1", 4).appendAt("n1", "y", "n1/1", 7).read("n2", "y");
    found(tale, "prefix order", Violation.GAP, "n2 shows y (n1/1#7) and not x (n1/1#4)");
    found(
        two()
            .appendAt("n1", "x", "n1/1", 4)
            .appendAt("n1", "y", "n1/1", 7)
            .read("n2", "x", "y")
            .read("n2", "y"),
        "prefix order",
        Violation.GAP,
        "not x");
  }

  @Test
  void aNodeMendsWhatWasDamagedInTheMidstOfAFeedAndHasATimeForIt() throws MalformedHistory {
    Tale tale =
        two()
            .appendAt("n1", "x", "n1/1", 4)
            .appendAt("n1", "y", "n1/1", 7)
            .read("n2", "x", "y")
            .begin(FaultMark.begins(1, "rot", "").withForgets(List.of("n2")))
            .end(1)
            .read("n2", "y");
    valid(tale, "prefix order");
    found(tale.pass(2_000).read("n2", "y"), "prefix order", Violation.GAP, "not x");
  }

  @Test
  void aBeginningOfAFeedIsInOrder() throws MalformedHistory {
    Tale tale =
        two()
            .appendAt("n1", "x", "n1/1", 4)
            .appendAt("n1", "y", "n1/1", 7)
            .appendAt("n2", "z", "n2/1", 1)
            .readSince("n2", 0, "x")
            .readSince("n2", 1, "z", "y");
    valid(tale, "prefix order");
  }

  private static Json feed(String feed, long from, String... hashes) {
    return Json.object()
        .with("feed", feed)
        .with("from", from)
        .with("hashes", Json.strings(List.of(hashes)));
  }

  @Test
  void twoRecordsInOnePlaceAreFoundUnlessTheAuthorCheats() throws MalformedHistory {
    Tale tale =
        two()
            .ask("n1", Vocabulary.FEED, Json.of("n1/1"), feed("n1/1", 1, "aa", "bb"))
            .ask("n2", Vocabulary.FEED, Json.of("n1/1"), feed("n1/1", 2, "cc"));
    found(tale, "prefix order", Violation.FORK, "n1/1#2 is bb at n1 and cc at n2");
    Tale same =
        two()
            .ask("n1", Vocabulary.FEED, Json.of("n1/1"), feed("n1/1", 1, "aa", "bb"))
            .ask("n2", Vocabulary.FEED, Json.of("n1/1"), feed("n1/1", 2, "bb"));
    valid(same, "prefix order");
    Tale cheat =
        two()
            .info(
                "n9",
                Vocabulary.BYZANTINE,
                Json.object().with("authors", Json.strings(List.of("key9"))))
            .ask("n1", Vocabulary.FEED, Json.of("key9/1"), feed("key9/1", 1, "aa"))
            .ask("n2", Vocabulary.FEED, Json.of("key9/1"), feed("key9/1", 1, "bb"));
    is(Verdict.Result.UNKNOWN, cheat, "prefix order");
  }

  @Test
  void aFeedThatEndsEarlierThanItDidIsFound() throws MalformedHistory {
    Json.Members three = (Json.Members) feed("n1/1", 1, "aa", "bb", "cc");
    Json.Members two = (Json.Members) feed("n1/1", 3);
    Tale tale = two().ask("n2", Vocabulary.FEED, Json.of("n1/1"), three.with("head", 3));
    valid(tale.ask("n1", Vocabulary.FEED, Json.of("n1/1"), two.with("head", 2)), "monotonic reads");
    found(
        tale.ask("n2", Vocabulary.FEED, Json.of("n1/1"), two.with("head", 2)),
        "monotonic reads",
        Violation.WENT_BACK,
        "n1/1 ended at 3 at n2 and then at 2");
  }

  @Test
  void aForkThatNotAllAccuseInTheEndIsFound() throws MalformedHistory {
    Tale tale =
        two()
            .info("n9", Vocabulary.BYZANTINE, Json.NOTHING)
            .ask("n1", Vocabulary.FEED, Json.of("n9/1"), feed("n9/1", 1, "aa"))
            .ask("n2", Vocabulary.FEED, Json.of("n9/1"), feed("n9/1", 1, "bb"))
            .info("", Vocabulary.QUIET, Json.NOTHING)
            .pass(1_500);
    Json accused = Json.object().with("nodes", Json.strings(List.of("n9")));
    valid(tale.ask("n1", Vocabulary.ACCUSED, Json.NOTHING, accused), "accusations");
    Json none = Json.object().with("nodes", Json.strings(List.of()));
    found(
        tale.ask("n2", Vocabulary.ACCUSED, Json.NOTHING, none),
        "accusations",
        Violation.FORK_NOT_PROVEN,
        "n2 does not accuse n9");
  }

  @Test
  void aForkOfWhichADiskTookOneSideAwayNeedNotBeAccused() throws MalformedHistory {
    Tale tale =
        two()
            .info("n9", Vocabulary.BYZANTINE, Json.NOTHING)
            .ask("n1", Vocabulary.FEED, Json.of("n9/1"), feed("n9/1", 1, "aa"))
            .ask("n2", Vocabulary.FEED, Json.of("n9/1"), feed("n9/1", 1, "bb"))
            .begin(FaultMark.begins(1, "rollback", "").withForgets(List.of("n2")))
            .end(1)
            .info("", Vocabulary.QUIET, Json.NOTHING)
            .pass(1_500);
    Json none = Json.object().with("nodes", Json.strings(List.of()));
    valid(tale.ask("n2", Vocabulary.ACCUSED, Json.NOTHING, none), "accusations");
  }
}

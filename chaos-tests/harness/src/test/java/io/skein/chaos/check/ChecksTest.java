package io.skein.chaos.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A checker that finds nothing proves nothing: each kind of wrong in a history written by hand,
/// and beside it what looks alike and is right.
class ChecksTest {
  private static void found(Tale tale, String check, Violation violation, String text)
      throws MalformedHistory {
    Verdict verdict = tale.verdict(check);
    assertEquals(Verdict.Result.INVALID, verdict.result(), verdict::toString);
    assertTrue(
        verdict.findings().stream()
            .anyMatch(each -> each.violation() == violation && each.text().contains(text)),
        verdict::toString);
    for (Finding finding : verdict.findings()) {
      assertFalse(finding.events().isEmpty(), "no evidence: " + finding);
      assertTrue(
          finding.events().stream().allMatch(event -> event >= 0 && event < tale.events().size()),
          finding::toString);
    }
  }

  private static Verdict is(Verdict.Result result, Tale tale, String check)
      throws MalformedHistory {
    Verdict verdict = tale.verdict(check);
    assertEquals(result, verdict.result(), verdict::toString);
    return verdict;
  }

  private static Verdict valid(Tale tale, String check) throws MalformedHistory {
    return is(Verdict.Result.VALID, tale, check);
  }

  private static Tale two() {
    return new Tale("n1", "n2");
  }

  // The set.

  @Test
  void everythingEverywhereOnceIsValid() throws MalformedHistory {
    Tale tale = two().append("n1", "x").append("n2", "y").read("n1", "x", "y").read("n2", "y", "x");
    Verdict verdict = valid(tale, "set");
    assertEquals(2.0, verdict.figures().get("acknowledged"));
    assertTrue(Judgement.of(tale.history(), Tale.BOUNDS).sound());
  }

  @Test
  void aLossAtOneNodeIsFoundThoughAnotherNodeReadItLater() throws MalformedHistory {
    Tale tale = two().append("n1", "x").pass(2_000).read("n2").read("n1", "x");
    found(tale, "set", Violation.LOST, "n2 does not have it");
  }

  @Test
  void aLossOfWhatHadShownIsFound() throws MalformedHistory {
    Tale tale = two().append("n1", "x").read("n1", "x").read("n2", "x").pass(2_000).read("n2");
    found(tale, "set", Violation.LOST, "n2");
  }

  @Test
  void whatIsMissingBeforeItsTimeIsNotLostButUnknown() throws MalformedHistory {
    is(Verdict.Result.UNKNOWN, two().append("n1", "x").read("n1", "x").read("n2"), "set");
    Tale split =
        two().split(1).append("n1", "x").pass(5_000).end(1).pass(500).read("n1", "x").read("n2");
    is(Verdict.Result.UNKNOWN, split, "set");
  }

  @Test
  void whatIsMissingLongAfterTheSplitIsLost() throws MalformedHistory {
    Tale tale = two().split(1).append("n1", "x").end(1).pass(1_500).read("n1", "x").read("n2");
    found(tale, "set", Violation.LOST, "n2");
  }

  @Test
  void whatNobodyReadAfterItWasKnownIsNeverRead() throws MalformedHistory {
    Tale tale = two().append("n1", "x").read("n1", "x");
    Verdict verdict = is(Verdict.Result.UNKNOWN, tale, "set");
    assertEquals(1.0, verdict.figures().get("never read"));
  }

  @Test
  void aDuplicateIsFoundInOneReadAndOverSeveral() throws MalformedHistory {
    found(
        two().append("n1", "x").read("n1", "x", "x").read("n2", "x"),
        "set",
        Violation.DUPLICATED,
        "twice at n1");
    found(
        two().append("n1", "x").readSince("n1", 0, "x").readSince("n1", 1, "x").read("n2", "x"),
        "set",
        Violation.DUPLICATED,
        "twice at n1");
  }

  @Test
  void whatNobodyAppendedIsUnexpected() throws MalformedHistory {
    found(
        two().append("n1", "x").read("n1", "x", "ghost").read("n2", "x"),
        "set",
        Violation.UNEXPECTED,
        "ghost was appended by nobody");
  }

  @Test
  void whatCertainlyFailedIsUnexpected() throws MalformedHistory {
    found(
        two().append("n1", "x", Event.Kind.FAIL).read("n1", "x"),
        "set",
        Violation.UNEXPECTED,
        "certainly failed");
  }

  @Test
  void whatMayHaveHappenedIsRecoveredOrNot() throws MalformedHistory {
    Tale shown =
        two()
            .append("n1", "a")
            .append("n1", "x", Event.Kind.UNSURE)
            .read("n1", "a", "x")
            .read("n2", "a", "x");
    assertEquals(1.0, valid(shown, "set").figures().get("recovered"));
    Tale missing =
        two()
            .append("n1", "a")
            .append("n1", "x", Event.Kind.UNSURE)
            .pass(5_000)
            .read("n1", "a")
            .read("n2", "a");
    assertEquals(0.0, valid(missing, "set").figures().get("recovered"));
  }

  @Test
  void whatShowsLateIsStaleAndItsLatencyCountedByPhase() throws MalformedHistory {
    Tale tale =
        two()
            .append("n1", "before")
            .read("n1", "before")
            .read("n2", "before")
            .split(1)
            .append("n1", "during")
            .pass(100)
            .read("n2", "before")
            .end(1)
            .read("n2", "before", "during")
            .read("n1", "before", "during");
    Verdict verdict = valid(tale, "set");
    assertEquals(1.0, verdict.figures().get("stale"));
    assertEquals(0.0, verdict.figures().get("visible, acknowledged before max ms"));
    double latest = verdict.figures().getOrDefault("visible, acknowledged during max ms", -1.0);
    assertEquals(101, latest, 1);
  }

  @Test
  void whatALiarAcknowledgedPromisesNothing() throws MalformedHistory {
    Tale tale =
        new Tale("n1", "n2", "n3")
            .info("n3", Vocabulary.BYZANTINE, Json.NOTHING)
            .append("n3", "x")
            .append("n1", "y")
            .read("n2", "x", "y")
            .pass(5_000)
            .read("n1", "y")
            .read("n2", "y")
            .read("n3");
    valid(tale, "set");
    valid(tale, "monotonic reads");
  }

  // Own writes.

  @Test
  void aNodeWithoutWhatItAcknowledgedIsFoundAtOnce() throws MalformedHistory {
    Tale tale = two().append("n1", "x").read("n1").read("n1", "x").read("n2", "x");
    found(tale, "own writes", Violation.LOST, "n1 acknowledged x and then did not have it");
    valid(two().append("n1", "x").read("n2").read("n1", "x"), "own writes");
    Tale killed =
        two().append("n1", "x").begin(FaultMark.begins(1, "kill", "").withDown(List.of("n1")));
    found(killed.end(1).read("n1"), "own writes", Violation.LOST, "n1");
  }

  @Test
  void aWipedNodeMayLackWhatItAcknowledgedBeforeAndNotWhatItDidLater() throws MalformedHistory {
    Tale tale =
        two()
            .append("n1", "x")
            .begin(FaultMark.begins(1, "wipe", "").withForgets(List.of("n1")))
            .end(1)
            .read("n1")
            .append("n1", "y")
            .read("n1", "y");
    valid(tale, "own writes");
    found(tale.read("n1"), "own writes", Violation.LOST, "acknowledged y");
  }

  // Monotonic reads.

  @Test
  void aReaderThatSeesLessIsFound() throws MalformedHistory {
    Tale tale = two().append("n1", "x").append("n1", "y").read("n2", "x", "y").read("n2", "y");
    found(tale, "monotonic reads", Violation.WENT_BACK, "x showed at n2");
    found(
        two().append("n1", "x").readSince("n2", 0, "x").readSince("n2", 0),
        "monotonic reads",
        Violation.WENT_BACK,
        "x showed at n2");
  }

  @Test
  void aNodeThatWasMadeToForgetMaySeeLess() throws MalformedHistory {
    Tale tale =
        two()
            .append("n1", "x")
            .read("n2", "x")
            .begin(FaultMark.begins(1, "wipe", "").withForgets(List.of("n2")))
            .end(1)
            .read("n2")
            .read("n2", "x");
    valid(tale, "monotonic reads");
    found(tale.read("n2"), "monotonic reads", Violation.WENT_BACK, "n2");
  }

  @Test
  void twoReadersOfOneNodeMayDiffer() throws MalformedHistory {
    Tale tale = two().append("n1", "x").read("n2", "x");
    tale.event(7, "n2", Event.Kind.INVOKE, Vocabulary.READ, Json.NOTHING);
    tale.event(
        7,
        "n2",
        Event.Kind.OK,
        Vocabulary.READ,
        Json.object().with("elements", Json.strings(List.of())));
    valid(tale.read("n2", "x"), "monotonic reads");
  }

  // Prefix order.

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

  // Convergence.

  @Test
  void showingTooLateAfterTheFaultsIsFound() throws MalformedHistory {
    Tale tale =
        two()
            .split(1)
            .append("n1", "x")
            .end(1)
            .pass(900)
            .read("n2")
            .pass(400)
            .read("n2", "x")
            .read("n1", "x");
    found(tale, "convergence", Violation.NOT_CONVERGED, "n2 did not show x within 1000 ms");
  }

  @Test
  void showingInTimeConvergesAndAFaultThatComesSoonerExcuses() throws MalformedHistory {
    Tale tale =
        two()
            .split(1)
            .append("n1", "x")
            .end(1)
            .pass(500)
            .read("n2", "x")
            .read("n1", "x")
            .pass(2_000)
            .read("n2", "x");
    Verdict verdict = valid(tale, "convergence");
    assertEquals(502, verdict.figures().getOrDefault("converged max ms", -1.0), 3);
    Tale excused =
        two()
            .split(1)
            .append("n1", "x")
            .end(1)
            .pass(500)
            .split(2)
            .pass(5_000)
            .read("n2")
            .end(2)
            .pass(100)
            .read("n2", "x")
            .read("n1", "x");
    valid(excused, "convergence");
  }

  @Test
  void differentHeadsWhenNothingIsWrittenAnyMoreAreFound() throws MalformedHistory {
    Tale tale =
        two()
            .info("", Vocabulary.QUIET, Json.NOTHING)
            .pass(1_500)
            .roots("n1", "aa", "r")
            .roots("n2", "bb", "r");
    found(tale, "convergence", Violation.NOT_CONVERGED, "heads differ");
    valid(
        two()
            .info("", Vocabulary.QUIET, Json.NOTHING)
            .roots("n2", "bb", "r")
            .roots("n1", "aa", "r")
            .roots("n2", "aa", "r"),
        "convergence");
  }

  // Availability.

  private static Tale requests(Tale tale, String node, int good, int bad, String why) {
    for (int i = 0; i < good + bad; i++) {
      Json id = Json.object().with("id", node + i + tale.events().size());
      int process = node.equals("n1") ? 0 : 1;
      tale.event(process, node, Event.Kind.INVOKE, Vocabulary.REQUEST, id);
      if (i < good) {
        tale.event(
            process,
            node,
            Event.Kind.OK,
            Vocabulary.REQUEST,
            ((Json.Members) id).with("endpoint", "e1"));
      } else {
        Json end = why.isEmpty() ? Json.NOTHING : Json.object().with("excused", why);
        tale.event(process, node, Event.Kind.UNSURE, Vocabulary.REQUEST, end);
      }
    }
    return tale;
  }

  @Test
  void aSideThatDoesNotServeIsFoundThoughTheWholeServes() throws MalformedHistory {
    Tale tale = two().split(1);
    requests(tale, "n2", 500, 0, "");
    requests(tale, "n1", 17, 3, "");
    found(tale.end(1), "availability", Violation.UNAVAILABLE, "request during, side n1: 3 of 20");
  }

  @Test
  void bothSidesServingIsAvailableAndWhoIsDownOrExcusedIsNotCounted() throws MalformedHistory {
    Tale tale = two().split(1);
    requests(tale, "n2", 20, 0, "");
    requests(tale, "n1", 20, 0, "");
    requests(tale, "n1", 0, 20, "no endpoint on this side");
    tale.begin(FaultMark.begins(2, "kill", "").withDown(List.of("n1")));
    requests(tale, "n1", 0, 20, "");
    Verdict verdict = valid(tale.end(2).end(1), "availability");
    assertEquals(100.0, verdict.figures().get("request during, side n1 %"));
  }

  // Traffic.

  private static Json asked(String id) {
    return Json.object().with("id", id).with("service", "shop");
  }

  private static Json answer(String id, String service, String endpoint, long serial) {
    return Json.object()
        .with("id", id)
        .with("service", service)
        .with("endpoint", endpoint)
        .with("serial", serial);
  }

  private static Tale request(Tale tale, String id, Json answer) {
    return tale.ask("n1", Vocabulary.REQUEST, asked(id), answer);
  }

  private static Tale served(Tale tale, String id, String endpoint) {
    return tale.info(
        "", Vocabulary.SERVED, Json.object().with("id", id).with("endpoint", endpoint));
  }

  @Test
  void itsOwnAnswerIsRight() throws MalformedHistory {
    Tale tale = served(request(two(), "r1", answer("r1", "shop", "e1", 1)), "r1", "e1");
    valid(served(request(tale, "r2", answer("r2", "shop", "e1", 2)), "r2", "e1"), "traffic");
  }

  @Test
  void anothersAnswerIsFound() throws MalformedHistory {
    found(
        request(two(), "r1", answer("r2", "shop", "e1", 1)),
        "traffic",
        Violation.WRONG_ANSWER,
        "the answer to r1 is r2's");
  }

  @Test
  void anotherServicesAnswerIsFound() throws MalformedHistory {
    found(
        request(two(), "r1", answer("r1", "bank", "e1", 1)),
        "traffic",
        Violation.WRONG_ANSWER,
        "an endpoint of bank");
  }

  @Test
  void anAnswerThatNobodyGaveIsFound() throws MalformedHistory {
    Tale tale = served(request(two(), "r1", answer("r1", "shop", "e1", 1)), "r1", "e2");
    found(tale, "traffic", Violation.INVENTED, "e1 did not take r1");
  }

  @Test
  void aRequestTakenTwiceIsFoundUnlessItMayBeRepeated() throws MalformedHistory {
    Tale tale = request(two(), "r1", answer("r1", "shop", "e1", 1));
    found(served(served(tale, "r1", "e1"), "r1", "e2"), "traffic", Violation.REPEATED, "2 times");
    Tale repeatable =
        two()
            .ask(
                "n1",
                Vocabulary.REQUEST,
                Json.object().with("id", "r1").with("repeatable", true),
                answer("r1", "shop", "e1", 1));
    valid(served(served(repeatable, "r1", "e1"), "r1", "e2"), "traffic");
  }

  @Test
  void aRequestThatFailedForCertainAndWasTakenIsFound() throws MalformedHistory {
    Tale tale = two();
    tale.event(0, "n1", Event.Kind.INVOKE, Vocabulary.REQUEST, asked("r1"));
    served(tale, "r1", "e1");
    tale.event(0, "n1", Event.Kind.FAIL, Vocabulary.REQUEST, Json.NOTHING);
    found(tale, "traffic", Violation.NOT_FAILED, "e1 took it");
  }

  @Test
  void anAnswerWhoseRequestWasTakenAndNeverCameIsCounted() throws MalformedHistory {
    Tale tale = two();
    tale.event(0, "n1", Event.Kind.INVOKE, Vocabulary.REQUEST, asked("r1"));
    served(tale, "r1", "e1");
    tale.event(0, "n1", Event.Kind.UNSURE, Vocabulary.REQUEST, Json.NOTHING);
    assertEquals(1.0, valid(tale, "traffic").figures().get("answers lost"));
  }

  @Test
  void anOldAnswerIsFoundAndOneThatOverlapsIsNot() throws MalformedHistory {
    Tale tale = request(two(), "r1", answer("r1", "shop", "e1", 5));
    found(
        request(tale, "r2", answer("r2", "shop", "e1", 5)), "traffic", Violation.STALE, "answer 5");
    Tale overlapping = two();
    overlapping.event(0, "n1", Event.Kind.INVOKE, Vocabulary.REQUEST, asked("r1"));
    overlapping.event(1, "n2", Event.Kind.INVOKE, Vocabulary.REQUEST, asked("r2"));
    overlapping.event(0, "n1", Event.Kind.OK, Vocabulary.REQUEST, answer("r1", "shop", "e1", 6));
    overlapping.event(1, "n2", Event.Kind.OK, Vocabulary.REQUEST, answer("r2", "shop", "e1", 5));
    valid(overlapping, "traffic");
  }

  // Agreement.

  @Test
  void differentValuesLongAfterTheLastWriteAreFound() throws MalformedHistory {
    Tale tale = two().split(1).put("n1", "k", "a").put("n2", "k", "b").end(1).pass(1_500);
    found(
        tale.lookup("n1", "k", "a").lookup("n2", "k", "b"),
        "agreement",
        Violation.DISAGREE,
        "values of k differ");
  }

  @Test
  void theSameValueEverywhereAgreesWhateverItWasMeanwhile() throws MalformedHistory {
    Tale tale =
        two()
            .split(1)
            .put("n1", "k", "a")
            .put("n2", "k", "b")
            .lookup("n1", "k", "a")
            .lookup("n2", "k", "b")
            .end(1)
            .pass(1_500);
    valid(tale.lookup("n1", "k", "b").lookup("n2", "k", "b"), "agreement");
  }

  @Test
  void aValueNobodyWroteIsFound() throws MalformedHistory {
    found(
        two().put("n1", "k", "a").lookup("n2", "k", "z"),
        "agreement",
        Violation.UNEXPECTED,
        "which nobody wrote");
  }

  // Owners.

  @Test
  void twoOwnersAfterTheSplitAreFoundAndDuringItAreNot() throws MalformedHistory {
    Tale during = two().split(1);
    during.owner("n1", "k", true).owner("n2", "k", true).owner("n1", "k", true).end(1).pass(1_500);
    valid(during.owner("n1", "k", true).owner("n2", "k", false), "single owner");
    found(
        during.owner("n2", "k", true).owner("n1", "k", true),
        "single owner",
        Violation.TWO_OWNERS,
        "claimed by n1");
  }

  @Test
  void aHandoverIsNoSecondOwner() throws MalformedHistory {
    valid(
        two()
            .pass(2_000)
            .owner("n1", "k", true)
            .owner("n2", "k", false)
            .owner("n2", "k", true)
            .owner("n1", "k", false),
        "single owner");
  }

  @Test
  void noOwnerIsFound() throws MalformedHistory {
    found(
        two().pass(2_000).owner("n1", "k", false).owner("n2", "k", false),
        "single owner",
        Violation.NO_OWNER,
        "claimed by no node");
  }

  // Reputation, accusations, counters.

  @Test
  void differentReputationsAtEqualHeadsAreFound() throws MalformedHistory {
    found(
        two().roots("n1", "aa", "r1").roots("n2", "aa", "r2"),
        "equal reputation",
        Violation.REPUTATION_DIFFERS,
        "at heads aa");
    valid(
        two().roots("n1", "aa", "r1").roots("n2", "bb", "r2").roots("n2", "aa", "r1"),
        "equal reputation");
    is(
        Verdict.Result.UNKNOWN,
        two().roots("n1", "aa", "r1").roots("n2", "bb", "r2"),
        "equal reputation");
  }

  @Test
  void anAccusationOfAnHonestNodeIsFoundAndOfALiarIsNot() throws MalformedHistory {
    Json accused = Json.object().with("nodes", Json.strings(List.of("n2")));
    found(
        two().ask("n1", Vocabulary.ACCUSED, Json.NOTHING, accused),
        "accusations",
        Violation.HONEST_ACCUSED,
        "n1 accuses n2");
    valid(
        two()
            .info("n2", Vocabulary.BYZANTINE, Json.NOTHING)
            .ask("n1", Vocabulary.ACCUSED, Json.NOTHING, accused),
        "accusations");
  }

  @Test
  void aCounterThatGoesBackInOneLifeIsFound() throws MalformedHistory {
    found(
        two().counter("n1", "served", "1", 5).counter("n1", "served", "1", 4),
        "counters",
        Violation.WENT_BACK,
        "from 5 to 4");
    valid(
        two()
            .counter("n1", "served", "1", 5)
            .counter("n2", "served", "1", 1)
            .counter("n1", "served", "2", 0)
            .counter("n1", "served", "2", 0),
        "counters");
  }

  // All together.

  @Test
  void aHistoryFromWhichEventsAreMissingIsNeverValid() throws MalformedHistory {
    Tale tale = two().append("n1", "x").read("n1", "x").read("n2", "x");
    valid(tale, "set");
    is(Verdict.Result.UNKNOWN, tale.info("", Vocabulary.DROPPED, Json.of(3)), "set");
  }

  @Test
  void anEmptyHistoryProvesNothing() throws MalformedHistory {
    for (Verdict verdict : Judgement.of(two().history(), Tale.BOUNDS).verdicts()) {
      assertEquals(Verdict.Result.UNKNOWN, verdict.result(), verdict.check());
    }
  }

  @Test
  void anAnswerThatIsNotWhatItShouldBeIsRefused() {
    Tale tale = two().ask("n1", Vocabulary.ROOTS, Json.NOTHING, Json.of("aa"));
    MalformedHistory refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            MalformedHistory.class, () -> tale.verdict("set"));
    assertEquals(3, refused.line());
  }

  @Test
  void aThousandFindingsAreCountedAndAHundredKept() throws MalformedHistory {
    Tale tale = new Tale("n1");
    for (int i = 0; i < 1_000; i++) {
      tale.append("n1", "x" + i);
    }
    Verdict verdict = tale.pass(5_000).read("n1").verdict("set");
    assertEquals(1_000, verdict.found());
    assertEquals(Verdict.MOST_FINDINGS, verdict.findings().size());
  }
}

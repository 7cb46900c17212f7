package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A checker that finds nothing proves nothing: each kind of wrong in a history written by hand,
/// and beside it what looks alike and is right. Here what concerns reputations, accusations,
/// counters, and all checks together; the others have a test of their own.
class ChecksTest {
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
  void differentStrengthsAtEqualHeadsInTheSameMinuteAreFound() throws MalformedHistory {
    found(
        two().strengths("n1", "aa", 5, 1, "2.0").strengths("n2", "aa", 5, 1, "1.9"),
        "equal strengths",
        Violation.STRENGTHS_DIFFER,
        "at heads aa in minute 5 n1");
    found(
        two().strengths("n1", "aa", 5, 1, "2.0").strengths("n2", "aa", 5, 2, "2.0"),
        "equal strengths",
        Violation.STRENGTHS_DIFFER,
        "at heads aa");
    valid(
        two()
            .strengths("n1", "aa", 5, 1, "2.0")
            .strengths("n2", "aa", 6, 1, "1.9")
            .strengths("n2", "bb", 5, 1, "3.0")
            .strengths("n2", "aa", 5, 1, "2.0"),
        "equal strengths");
  }

  @Test
  void equalStrengthsOfNoRepairProveNothing() throws MalformedHistory {
    is(
        Verdict.Result.UNKNOWN,
        two().strengths("n1", "aa", 5, 0, "1.0").strengths("n2", "aa", 5, 0, "1.0"),
        "equal strengths");
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

  @Test
  void anAnswerThatIsNoneIsFound() throws MalformedHistory {
    Json nothing = Json.of("GET /v1/owners: 200 without owners");
    found(
        two().info("n2", Vocabulary.AMISS, nothing),
        "sound answers",
        Violation.AMISS,
        "n2: \"GET /v1/owners: 200 without owners\"");
    valid(two().counter("n1", "served", "1", 5), "sound answers");
    valid(
        two()
            .info("n2", Vocabulary.BYZANTINE, Json.NOTHING)
            .info("n2", Vocabulary.AMISS, nothing)
            .counter("n1", "served", "1", 5),
        "sound answers");
  }

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

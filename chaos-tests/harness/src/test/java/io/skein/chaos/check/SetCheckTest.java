package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import org.junit.jupiter.api.Test;

/// What was appended and what was read: losses, duplicates, what nobody appended, what shows late.
class SetCheckTest {
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
}

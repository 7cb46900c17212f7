package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.valid;

import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.MalformedHistory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whom a node names to stand in for it, and what the others show of that.
class ShadowRegisterTest {
  private static final String CHECK = "shadows";

  private static Tale three() {
    return new Tale("n1", "n2", "n3");
  }

  /// The first node names both others, again and again, and the second one shows what is given.
  private static Tale repeated(Tale tale, String shown, int times) {
    for (int i = 0; i < times; i++) {
      tale.shadows("n1", "n1 n2 n3").pass(200).shadows("n2", shown).pass(200);
    }
    return tale.shadows("n1", "n1 n3 n2");
  }

  @Test
  void anothersWordThatIsHeardIsRightWhateverItsOrder() throws MalformedHistory {
    valid(repeated(three(), "n1 n3 n2", 6), CHECK);
  }

  @Test
  void anothersWordThatIsNeverHeardIsFound() throws MalformedHistory {
    found(
        repeated(three(), "n1 n2", 6), CHECK, Violation.DISAGREE, "n2 holds [n2] for the shadows");
    found(
        repeated(three(), "n3 n1 n2", 6), CHECK, Violation.DISAGREE, "n2 holds [] for the shadows");
  }

  @Test
  void anOldWordIsRightUntilTheNewOneHasStoodForTheBound() throws MalformedHistory {
    Tale tale = repeated(three(), "n1 n2 n3", 4);
    for (int i = 0; i < 5; i++) {
      tale.shadows("n1", i % 2 == 0 ? "n1 n2" : "n1 n3").pass(600).shadows("n2", "n1 n2 n3");
    }
    valid(tale, CHECK);
  }

  @Test
  void duringASplitAndSoonAfterItAnOldWordIsRight() throws MalformedHistory {
    Tale tale = repeated(repeated(three(), "n1 n2 n3", 4).split(1), "n1 n3", 2);
    valid(repeated(repeated(tale.end(1), "n1 n3", 1), "n1 n2 n3", 4), CHECK);
    found(repeated(tale, "n1 n3", 4), CHECK, Violation.DISAGREE, "which has named [n2, n3] for");
  }

  @Test
  void whoIsItsOwnShadowIsFound() throws MalformedHistory {
    found(three().shadows("n2", "n1 n1 n3"), CHECK, Violation.INVARIANT, "n1 for its own shadow");
  }

  @Test
  void aStrangerIsFound() throws MalformedHistory {
    found(three().shadows("n2", "n1 n3 n7"), CHECK, Violation.UNEXPECTED, "for shadows of n1");
  }

  @Test
  void whoNamesSomebodyBeyondTheSplitIsFoundOnceItCanKnow() throws MalformedHistory {
    Tale tale = repeated(three(), "n1 n2 n3", 4).split(1).pass(500).shadows("n1", "n1 n2 n3");
    is(Verdict.Result.UNKNOWN, tale, CHECK);
    found(
        tale.pass(600).shadows("n1", "n1 n2 n3"),
        CHECK,
        Violation.INVARIANT,
        "n1 names [n2, n3] during split");
  }

  @Test
  void whoNamesADeadOneIsFoundAndOneThatIsDownAndAnswersIsNotDead() throws MalformedHistory {
    FaultMark killed = FaultMark.begins(1, "kill", "").withDown(List.of("n3"));
    Tale dead = repeated(three(), "n1 n2 n3", 4).begin(killed).pass(1_500);
    found(
        dead.shadows("n1", "n1 n2 n3").pass(1_000).shadows("n1", "n1 n2"),
        CHECK,
        Violation.INVARIANT,
        "n1 names [n3] during kill");
    Tale alive = repeated(three(), "n1 n2 n3", 4).begin(killed).pass(1_000);
    alive.shadows("n3", "n1 n2 n3").pass(500).shadows("n1", "n1 n2 n3");
    is(Verdict.Result.UNKNOWN, alive, CHECK);
  }

  @Test
  void whoNamesNobodyIsFound() throws MalformedHistory {
    Tale tale = three();
    for (int i = 0; i < 6; i++) {
      tale.shadows("n1", "n1").pass(200).shadows("n2", "n1").pass(200);
    }
    found(tale, CHECK, Violation.NO_OWNER, "n1 has named nobody");
  }

  @Test
  void oneAnswerOfEachTellsNothing() throws MalformedHistory {
    is(Verdict.Result.UNKNOWN, three().shadows("n1", "n1 n2").shadows("n2", "n1 n3"), CHECK);
  }
}

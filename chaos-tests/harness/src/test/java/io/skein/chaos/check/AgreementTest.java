package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.chaos.history.MalformedHistory;
import org.junit.jupiter.api.Test;

/// One value and one owner, as soon as the nodes can know of it.
class AgreementTest {
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

  @Test
  void twoOwnersAfterTheSplitAreFoundAndDuringItAreNot() throws MalformedHistory {
    Tale during = two().split(1);
    during.owner("n1", "k", "n1").owner("n2", "k", "n2").owner("n1", "k", "n1").end(1).pass(1_500);
    valid(during.owner("n1", "k", "n1").owner("n2", "k", "n1"), "single owner");
    found(
        during.owner("n2", "k", "n2").owner("n1", "k", "n1"),
        "single owner",
        Violation.TWO_OWNERS,
        "claimed by n1");
  }

  @Test
  void aHandoverIsNoSecondOwner() throws MalformedHistory {
    valid(
        two()
            .pass(2_000)
            .owner("n1", "k", "n1")
            .owner("n2", "k", "n1")
            .owner("n2", "k", "n2")
            .owner("n1", "k", "n2"),
        "single owner");
  }

  @Test
  void noOwnerIsFound() throws MalformedHistory {
    found(
        two().pass(2_000).owner("n1", "k", "n2").owner("n2", "k", ""),
        "single owner",
        Violation.NO_OWNER,
        "claimed by no node");
  }

  @Test
  void whoNamesAnotherOwnerThanItselfSaysIsFound() throws MalformedHistory {
    Tale tale = new Tale("n1", "n2", "n3").pass(2_000).owner("n1", "k", "n1");
    tale.owner("n2", "k", "n1").owner("n3", "k", "n2");
    found(tale, "single owner", Violation.DISAGREE, "owners of k differ");
    valid(tale.owner("n3", "k", "n1"), "single owner");
  }

  @Test
  void whenAllNamedTheOwnersOfTheEndIsMeasuredFromTheFaultsEnd() throws MalformedHistory {
    Tale tale = two().split(1).owner("n1", "k", "n1").owner("n2", "k", "n2").end(1).pass(200);
    tale.owner("n1", "k", "n1").owner("n2", "k", "n2").pass(300).owner("n2", "k", "n1");
    tale.pass(1_500).owner("n1", "k", "n1").owner("n2", "k", "n1");
    double settled = valid(tale, "single owner").figures().getOrDefault("settled max ms", 0.0);
    assertTrue(settled > 500 && settled < 600, "settled: " + settled);
  }
}

package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;

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
}

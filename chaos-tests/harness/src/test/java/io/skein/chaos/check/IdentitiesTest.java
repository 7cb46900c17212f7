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

/// Which identities are members, and what is left of invites.
class IdentitiesTest {
  private static final String CHECK = "identities";

  private static Tale told(Tale tale, String node, String used, String... alive) {
    return tale.ask(
        node,
        Vocabulary.IDENTITIES,
        Json.NOTHING,
        Json.object()
            .with("alive", Json.strings(List.of(alive)))
            .with("invites", Json.object().with("k", used)));
  }

  /// The second node is revoked and runs on.
  private static Tale revoked() {
    return two()
        .pass(2_000)
        .begin(FaultMark.begins(1, "revoke", "").withDown(List.of("n2")))
        .pass(100)
        .info("n2", Vocabulary.REVOKED, Json.object().with("identity", "bb"));
  }

  @Test
  void aRevokedIdentityThatIsAMemberIsFoundOnceTheNodeCanKnow() throws MalformedHistory {
    Tale tale = told(revoked().pass(500), "n1", "1 of 8", "aa", "bb");
    is(Verdict.Result.UNKNOWN, tale, CHECK);
    valid(told(revoked().pass(1_500), "n1", "1 of 8", "aa"), CHECK);
    found(
        told(tale.pass(1_000), "n1", "1 of 8", "aa", "bb"),
        CHECK,
        Violation.INVARIANT,
        "n1 holds bb for a member");
  }

  @Test
  void whatTheRevokedNodeSaysOfItselfIsNotAsked() throws MalformedHistory {
    is(Verdict.Result.UNKNOWN, told(revoked().pass(1_500), "n2", "1 of 8", "bb"), CHECK);
  }

  @Test
  void aRevokedIdentityThatIsBackAfterTheFaultIsFoundAndItsSuccessorIsNot()
      throws MalformedHistory {
    valid(told(revoked().end(1).pass(1_500), "n1", "1 of 8", "aa", "cc"), CHECK);
    found(
        told(revoked().end(1).pass(1_500), "n1", "1 of 8", "aa", "bb"),
        CHECK,
        Violation.INVARIANT,
        "n1 holds bb for a member");
  }

  @Test
  void duringASplitTheOtherSideNeedNotKnow() throws MalformedHistory {
    Tale tale = two().split(1).info("n2", Vocabulary.REVOKED, Json.object().with("identity", "bb"));
    is(Verdict.Result.UNKNOWN, told(tale.pass(1_500), "n1", "1 of 8", "aa", "bb"), CHECK);
  }

  @Test
  void invitesThatDifferLongAfterTheSplitAreFoundAndSoonAfterItAreNot() throws MalformedHistory {
    Tale tale = told(two().split(1), "n1", "1 of 1", "aa");
    told(told(tale, "n2", "0 of 1", "bb").end(1).pass(500), "n1", "1 of 1", "aa");
    is(Verdict.Result.UNKNOWN, told(tale, "n2", "0 of 1", "bb"), CHECK);
    told(told(tale.pass(1_000), "n1", "1 of 1", "aa"), "n2", "0 of 1", "bb");
    found(tale, CHECK, Violation.DISAGREE, "invites differ by who is asked");
    valid(told(tale, "n2", "1 of 1", "bb"), CHECK);
  }

  /// Two nodes join by one invite on two sides of a split; n2 is one of them, and still of the
  /// mesh.
  private static Tale joinedTwice() {
    Tale tale = new Tale("n1", "n2", "n3", "n4").pass(2_000);
    tale.begin(FaultMark.begins(1, "one-invite", "").withDown(List.of("n1", "n4"))).split(2);
    Json pair =
        Json.object().with("invite", "k").with("identities", Json.strings(List.of("aa", "dd")));
    return tale.info("", Vocabulary.JOINED_TWICE, pair);
  }

  @Test
  void ofTwoByAnInviteForOneAllHoldTheSameOneAfterTheHeal() throws MalformedHistory {
    Tale tale = told(joinedTwice().pass(1_500), "n2", "1 of 1", "aa", "bb");
    told(tale, "n3", "1 of 1", "cc", "dd").end(2).pass(500);
    is(Verdict.Result.UNKNOWN, told(tale, "n2", "1 of 1", "aa", "bb", "cc", "dd"), CHECK);
    told(
        told(tale.pass(1_000), "n2", "1 of 1", "aa", "bb", "cc"), "n3", "1 of 1", "aa", "bb", "cc");
    valid(told(tale, "n4", "1 of 1", "dd"), CHECK);
    found(
        told(tale, "n3", "1 of 1", "bb", "cc", "dd"),
        CHECK,
        Violation.DISAGREE,
        "of two who joined by an invite for one, members are [aa, dd]");
  }

  @Test
  void twoMembersByAnInviteForOneAreFound() throws MalformedHistory {
    Tale tale = joinedTwice().end(2).pass(1_500);
    found(
        told(tale, "n2", "1 of 1", "aa", "bb", "cc", "dd"),
        CHECK,
        Violation.INVARIANT,
        "n2 holds [aa, dd] for members");
  }

  @Test
  void anInviteByWhichTwoJoinedThatDoesNotCountAsUsedIsFound() throws MalformedHistory {
    for (String used : List.of("0 of 1", "2 of 1")) {
      Tale tale = joinedTwice().end(2).pass(1_500);
      found(
          told(tale, "n2", used, "aa", "bb", "cc"),
          CHECK,
          Violation.INVARIANT,
          "an invite by which two joined for " + used);
    }
  }

  @Test
  void whoIsNoMemberInTheEndAndTakesChangesIsFound() throws MalformedHistory {
    for (boolean takes : List.of(false, true)) {
      Tale tale =
          told(joinedTwice().end(2).pass(1_500), "n2", "1 of 1", "aa", "bb", "cc")
              .info(
                  "n4",
                  Vocabulary.NOT_ADMITTED,
                  Json.object().with("identity", "dd").with("takes", takes));
      if (takes) {
        found(tale, CHECK, Violation.INVARIANT, "n4 takes changes");
      } else {
        valid(tale, CHECK);
      }
    }
  }
}

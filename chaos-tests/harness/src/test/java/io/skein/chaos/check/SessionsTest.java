package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.is;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Clients that stay with the endpoint they came to.
class SessionsTest {
  private static final String CHECK = "sessions";
  private static final long MINUTE = 60_000;

  private static Tale three() {
    return new Tale("n1", "n2", "n3");
  }

  /// A client asks a node, with a cookie of the endpoint `stays`, or without one.
  private static Tale visit(Tale tale, String node, String stays, String endpoint, boolean told) {
    Json.Members visitor = Json.object().with("visitor", "v1-1");
    return tale.ask(
        node,
        Vocabulary.VISIT,
        visitor.with("stays", stays),
        visitor.with("endpoint", endpoint).with("told", told));
  }

  /// A client that is told where it stays, and does, at all nodes.
  private static Tale stayed(Tale tale) {
    visit(tale, "n1", "", "n2", true);
    for (int i = 0; i < 4; i++) {
      visit(tale, "n1", "n2", "n2", false);
      visit(tale, "n2", "n2", "n2", false);
      visit(tale, "n3", "n2", "n2", false);
    }
    return tale;
  }

  private static double figure(Tale tale, String name) throws MalformedHistory {
    return tale.verdict(CHECK).figures().getOrDefault(name, -1.0);
  }

  @Test
  void whoStaysAtAllNodesIsRight() throws MalformedHistory {
    Tale tale = stayed(three());
    valid(tale, CHECK);
    assertEquals(13.0, figure(tale, "visits"));
    assertEquals(0.0, figure(tale, "moved"));
    is(Verdict.Result.UNKNOWN, visit(three(), "n1", "", "n2", true), CHECK);
  }

  @Test
  void aNodeThatDoesNotHonourAnothersCookieIsFound() throws MalformedHistory {
    found(
        visit(stayed(three()), "n3", "n2", "n3", true), CHECK, Violation.MOVED, "1 of 14 answers");
  }

  @Test
  void whoIsNotToldWhereItStaysIsFound() throws MalformedHistory {
    found(visit(stayed(three()), "n3", "", "n3", false), CHECK, Violation.MOVED, "1 of 14");
  }

  @Test
  void whereTheEndpointOrTheNodeFailedClientsMayMoveForAMinute() throws MalformedHistory {
    FaultMark kill = FaultMark.begins(1, "kill", "").withDown(List.of("n2"));
    Tale during = visit(stayed(three()).begin(kill), "n1", "n2", "n1", true);
    valid(during, CHECK);
    assertEquals(1.0, figure(during, "moved"));
    assertEquals(13.0, figure(during, "undisturbed"));
    valid(
        visit(stayed(three()).begin(kill).end(1).pass(MINUTE - 10), "n1", "n2", "n1", true), CHECK);
    found(
        visit(stayed(three()).begin(kill).end(1).pass(MINUTE + 10), "n1", "n2", "n1", true),
        CHECK,
        Violation.MOVED,
        "1 of 14");
    FaultMark endpoint = FaultMark.begins(1, "endpoint", "").withTouches(List.of("n2"));
    valid(visit(stayed(three()).begin(endpoint), "n1", "n2", "n1", true), CHECK);
    valid(visit(stayed(three()).begin(endpoint), "n2", "n3", "n1", true), CHECK);
  }

  @Test
  void nobodyMovesBecauseAThirdNodeFails() throws MalformedHistory {
    FaultMark kill = FaultMark.begins(1, "kill", "").withTouches(List.of("n3"));
    Tale tale = visit(stayed(three()).begin(kill), "n1", "n2", "n1", true);
    found(tale, CHECK, Violation.MOVED, "1 of 14");
    assertEquals(1.0, figure(tale, "undisturbed during faults"));
  }

  @Test
  void onASideOfASplitClientsStay() throws MalformedHistory {
    FaultMark split =
        FaultMark.begins(1, "halves", "").withSides(List.of(List.of("n1"), List.of("n2", "n3")));
    found(
        visit(stayed(three()).begin(split), "n3", "n2", "n3", true),
        CHECK,
        Violation.MOVED,
        "1 of 14");
    valid(visit(stayed(three()).begin(split), "n1", "n2", "n1", true), CHECK);
    valid(
        visit(stayed(three()).begin(split).end(1).pass(MINUTE - 10), "n1", "n2", "n1", true),
        CHECK);
  }

  @Test
  void aFaultOfWhichNobodyKnowsWhomItHitsExcuses() throws MalformedHistory {
    FaultMark churn = FaultMark.begins(1, "loss", "");
    valid(visit(stayed(three()).begin(churn), "n3", "n2", "n3", true), CHECK);
  }

  @Test
  void anAnswerOfNobodyIsRefused() {
    Tale tale =
        three().ask("n1", Vocabulary.VISIT, Json.object().with("stays", "n1"), Json.object());
    assertThrows(MalformedHistory.class, () -> tale.verdict(CHECK));
  }
}

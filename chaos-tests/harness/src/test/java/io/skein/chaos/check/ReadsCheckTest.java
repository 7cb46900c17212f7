package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a node shows of what it acknowledged, and of what it has shown before.
class ReadsCheckTest {
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
}

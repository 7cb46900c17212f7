package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import org.junit.jupiter.api.Test;

/// Requests that were answered: by whom, once, and with what was current.
class TrafficCheckTest {
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
}

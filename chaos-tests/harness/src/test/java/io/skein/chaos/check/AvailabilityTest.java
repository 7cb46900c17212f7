package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.FaultMark;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who serves while the mesh is split.
class AvailabilityTest {
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
    assertEquals(20.0, verdict.figures().get("request during, side n1 took count"));
  }
}

package io.skein.chaos.check;

import static io.skein.chaos.check.Judged.found;
import static io.skein.chaos.check.Judged.two;
import static io.skein.chaos.check.Judged.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Vocabulary;
import org.junit.jupiter.api.Test;

/// How soon all nodes show the same once the faults are over.
class ConvergenceTest {
  @Test
  void showingTooLateAfterTheFaultsIsFound() throws MalformedHistory {
    Tale tale =
        two()
            .split(1)
            .append("n1", "x")
            .end(1)
            .pass(900)
            .read("n2")
            .pass(400)
            .read("n2", "x")
            .read("n1", "x");
    found(tale, "convergence", Violation.NOT_CONVERGED, "n2 did not show x within 1000 ms");
  }

  @Test
  void showingInTimeConvergesAndAFaultThatComesSoonerExcuses() throws MalformedHistory {
    Tale tale =
        two()
            .split(1)
            .append("n1", "x")
            .end(1)
            .pass(500)
            .read("n2", "x")
            .read("n1", "x")
            .pass(2_000)
            .read("n2", "x");
    Verdict verdict = valid(tale, "convergence");
    assertEquals(502, verdict.figures().getOrDefault("converged max ms", -1.0), 3);
    Tale excused =
        two()
            .split(1)
            .append("n1", "x")
            .end(1)
            .pass(500)
            .split(2)
            .pass(5_000)
            .read("n2")
            .end(2)
            .pass(100)
            .read("n2", "x")
            .read("n1", "x");
    valid(excused, "convergence");
  }

  @Test
  void differentHeadsWhenNothingIsWrittenAnyMoreAreFound() throws MalformedHistory {
    Tale tale =
        two()
            .info("", Vocabulary.QUIET, Json.NOTHING)
            .pass(1_500)
            .roots("n1", "aa", "r")
            .roots("n2", "bb", "r");
    found(tale, "convergence", Violation.NOT_CONVERGED, "heads differ");
    valid(
        two()
            .info("", Vocabulary.QUIET, Json.NOTHING)
            .roots("n2", "bb", "r")
            .roots("n1", "aa", "r")
            .roots("n2", "aa", "r"),
        "convergence");
  }
}

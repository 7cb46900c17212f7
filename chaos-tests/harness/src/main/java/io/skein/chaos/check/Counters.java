package io.skein.chaos.check;

import io.skein.chaos.history.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A counter of a node does not go back within one life of it, between two reads of which one had
/// ended before the other began.
final class Counters implements Check {
  @Override
  public String name() {
    return "counters";
  }

  /// The greatest value read so far, among reads that ended before `event`.
  private record High(long value, int event, long endNanos) {}

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, High> highs = new TreeMap<>();
    List<Trial.Answer> answers =
        trial.answers(Vocabulary.COUNTER).stream()
            .sorted(
                (a, b) -> Integer.compare(a.operation().completion(), b.operation().completion()))
            .toList();
    for (Trial.Answer answer : answers) {
      long value = answer.value().whole("value").orElseThrow();
      String counter =
          answer.node()
              + " "
              + answer.value().text("counter").orElseThrow()
              + " "
              + answer.value().member("life");
      High high = highs.get(counter);
      if (high != null
          && value < high.value()
          && high.endNanos() <= answer.operation().began().nanos()
          && high.event() < answer.operation().invoke()) {
        found.add(
            Violation.WENT_BACK,
            counter + " went from " + high.value() + " to " + value,
            high.event(),
            answer.operation().completion());
      }
      if (high == null || value > high.value()) {
        highs.put(
            counter,
            new High(value, answer.operation().completion(), answer.operation().endNanos()));
      }
    }
    found.figure("reads", answers.size());
    return found.verdict(
        name(), !answers.isEmpty(), highs.size() + " counters, " + answers.size() + " reads");
  }
}

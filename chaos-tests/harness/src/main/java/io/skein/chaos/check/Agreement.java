package io.skein.chaos.check;

import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Some time after the last fault and the last write of a key, all nodes give the same value for
/// it, and it is one that somebody wrote: what any register of last or greatest version promises in
/// the end (strong eventual consistency, Shapiro et al., Conflict-free Replicated Data Types,
/// 2011).
final class Agreement implements Check {
  private final long boundNanos;

  Agreement(Bounds bounds) {
    this.boundNanos = bounds.convergence().toNanos();
  }

  @Override
  public String name() {
    return "agreement";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, Set<String>> written = new HashMap<>();
    Map<String, Long> lastWrite = new HashMap<>();
    for (Operation operation : trial.history().operations()) {
      if (operation.function().equals(Vocabulary.PUT)) {
        put(operation, written, lastWrite);
      }
    }
    List<Trial.Answer> lookups = trial.answers(Vocabulary.LOOKUP);
    for (Trial.Answer lookup : lookups) {
      String key = lookup.value().text("key").orElseThrow();
      String value = lookup.value().member("value").toString();
      if (!value.equals("null") && !written.getOrDefault(key, Set.of()).contains(value)) {
        found.add(
            Violation.UNEXPECTED,
            lookup.node() + " has " + value + " for " + key + ", which nobody wrote",
            lookup.operation().completion());
      }
    }
    long compared = 0;
    for (Timeline.Calm calm : trial.calms()) {
      for (Map.Entry<String, Map<String, Trial.Answer>> key :
          new TreeMap<>(Convergence.lastBy(lookups, calm.fromNanos() + boundNanos, calm.toNanos()))
              .entrySet()) {
        long settled = lastWrite.getOrDefault(key.getKey(), 0L) + boundNanos;
        Map<String, Trial.Answer> last = new TreeMap<>(key.getValue());
        last.values().removeIf(answer -> answer.operation().began().nanos() < settled);
        compared += last.size() > 1 ? 1 : 0;
        compare(key.getKey(), last, found);
      }
    }
    found.figure("lookups", lookups.size());
    found.figure("keys compared", compared);
    return found.verdict(
        name(), compared > 0, lookups.size() + " lookups, " + compared + " times compared");
  }

  private static void put(
      Operation operation, Map<String, Set<String>> written, Map<String, Long> lastWrite) {
    try {
      Json value = Json.parse(operation.began().value());
      String key = value.text("key").orElse("");
      written.computeIfAbsent(key, _ -> new HashSet<>()).add(value.member("value").toString());
      // What may or may not have happened may happen any time, but not after it was answered.
      long end = operation.ended().isPresent() ? operation.endNanos() : operation.began().nanos();
      lastWrite.merge(key, end, Math::max);
    } catch (MalformedHistory _) {
      // Whoever reads that value will be found to have what nobody wrote.
    }
  }

  private static void compare(String key, Map<String, Trial.Answer> last, Findings found) {
    Map<String, List<String>> byValue = new TreeMap<>();
    List<Integer> events = new ArrayList<>();
    last.forEach((node, answer) -> {
      byValue
          .computeIfAbsent(answer.value().member("value").toString(), _ -> new ArrayList<>())
          .add(node);
      events.add(answer.operation().completion());
    });
    if (byValue.size() > 1) {
      found.add(Violation.DISAGREE, "values of " + key + " differ: " + byValue, events);
    }
  }
}

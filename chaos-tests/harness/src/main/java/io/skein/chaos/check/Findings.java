package io.skein.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Collects what a check finds.
final class Findings {
  private final List<Finding> kept = new ArrayList<>();
  private final TreeMap<String, Double> figures = new TreeMap<>();
  private long found;

  void add(Violation violation, String text, Integer... events) {
    add(violation, text, List.of(events));
  }

  void add(Violation violation, String text, List<Integer> events) {
    found++;
    if (kept.size() < Verdict.MOST_FINDINGS) {
      kept.add(new Finding(violation, text, events));
    }
  }

  void figure(String name, double value) {
    figures.put(name, value);
  }

  boolean any() {
    return found > 0;
  }

  /// What the check says: invalid if anything was found; else that it is unknown, if there was
  /// nothing to look at.
  Verdict verdict(String check, boolean lookedAtSomething, String summary) {
    Verdict.Result result =
        found > 0
            ? Verdict.Result.INVALID
            : lookedAtSomething ? Verdict.Result.VALID : Verdict.Result.UNKNOWN;
    return new Verdict(check, result, summary, kept, found, figures);
  }
}

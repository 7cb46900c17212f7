package io.skein.chaos.check;

import io.skein.chaos.history.Vocabulary;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nodes at equal heads advise each repair equally strongly within the same minute of their clocks:
/// strengths are a function of what came of earlier repairs, and halve with time. Where no repair
/// was measured they are what they begin with, and nothing is said.
final class EqualStrengths implements Check {
  @Override
  public String name() {
    return "equal strengths";
  }

  private record Seen(String strengths, String node, int event) {}

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, Seen> first = new TreeMap<>();
    Set<String> compared = new TreeSet<>();
    long effects = 0;
    for (Trial.Answer answer : trial.answers(Vocabulary.STRENGTHS)) {
      String heads = answer.value().text("heads").orElseThrow();
      long minute = answer.value().whole("minute").orElseThrow();
      long measured = answer.value().whole("effects").orElseThrow();
      String key = heads + " " + minute;
      // How many there are is part of what the next repair is drawn from.
      String strengths = measured + " " + answer.value().member("strengths");
      int event = answer.operation().completion();
      Seen seen = first.putIfAbsent(key, new Seen(strengths, answer.node(), event));
      effects = Math.max(effects, measured);
      if (seen == null) {
        continue;
      }
      if (!seen.node().equals(answer.node()) && measured > 0) {
        compared.add(key);
      }
      if (!seen.strengths().equals(strengths)) {
        found.add(
            Violation.STRENGTHS_DIFFER,
            "at heads "
                + heads
                + " in minute "
                + minute
                + " "
                + seen.node()
                + " has derived "
                + seen.strengths()
                + " and "
                + answer.node()
                + " "
                + strengths,
            seen.event(),
            event);
      }
    }
    found.figure("effects", effects);
    found.figure("compared", compared.size());
    return found.verdict(
        name(),
        !compared.isEmpty(),
        compared.size()
            + " heads and minutes seen on more than one node, of up to "
            + effects
            + " measured repairs");
  }
}

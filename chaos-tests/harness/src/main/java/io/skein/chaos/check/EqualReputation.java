package io.skein.chaos.check;

import io.skein.chaos.history.Vocabulary;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Nodes at equal heads have derived the same reputation, bit by bit, at any time: it is a function
/// of the records.
final class EqualReputation implements Check {
  @Override
  public String name() {
    return "equal reputation";
  }

  private record Seen(String reputation, String node, int event) {}

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, Seen> first = new TreeMap<>();
    Set<String> compared = new HashSet<>();
    for (Trial.Answer answer : trial.answers(Vocabulary.ROOTS)) {
      String heads = answer.value().text("heads").orElseThrow();
      String reputation = answer.value().text("reputation").orElseThrow();
      int event = answer.operation().completion();
      Seen seen = first.putIfAbsent(heads, new Seen(reputation, answer.node(), event));
      if (seen == null) {
        continue;
      }
      if (!seen.node().equals(answer.node())) {
        compared.add(heads);
      }
      if (!seen.reputation().equals(reputation)) {
        found.add(
            Violation.REPUTATION_DIFFERS,
            "at heads "
                + heads
                + " "
                + seen.node()
                + " has derived "
                + seen.reputation()
                + " and "
                + answer.node()
                + " "
                + reputation,
            seen.event(),
            event);
      }
    }
    found.figure("heads seen", first.size());
    found.figure("heads seen on several nodes", compared.size());
    return found.verdict(
        name(), !compared.isEmpty(), compared.size() + " heads seen on more than one node");
  }
}

package io.skein.chaos.check;

import io.skein.chaos.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a node acknowledged it shows from then on, whatever befalls its process or its power: a
/// commit is local, and forced to disk before it is acknowledged (the session guarantee "read your
/// writes" of Terry et al., 1994, for everybody at that node). Unless it was made to forget in
/// between.
final class OwnWrites implements Check {
  @Override
  public String name() {
    return "own writes";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, List<Elements.Element>> written = new TreeMap<>();
    for (Elements.Element element : Convergence.byTimeKnown(trial.elements())) {
      written.computeIfAbsent(element.node, _ -> new ArrayList<>()).add(element);
    }
    long[] judged = new long[1];
    boolean[] told = new boolean[trial.elements().size()];
    trial
        .views()
        .forEach((node, readers) -> {
          List<Elements.Element> own = written.getOrDefault(node, List.of());
          readers.forEach(view -> judged[0] += judge(trial, own, view, told, found));
        });
    found.figure("reads of own writes", judged[0]);
    return found.verdict(
        name(), judged[0] > 0, judged[0] + " reads at nodes that had acknowledged something");
  }

  /// @return how many reads there were after an acknowledgement
  private static long judge(
      Trial trial, List<Elements.Element> own, View view, boolean[] told, Findings found) {
    long[] judged = new long[1];
    new Owed(trial.elements(), own, view) {
      @Override
      void read(View.Read one, int passed, int missing) {
        judged[0] += passed > 0 ? 1 : 0;
        for (int i = 0; missing > 0 && i < passed; i++) {
          if (!held(number(i)) && !told[number(i)]) {
            tell(trial, own.get(i), number(i), one.operation(), told, found);
          }
        }
      }
    }.walk();
    return judged[0];
  }

  private static void tell(
      Trial trial,
      Elements.Element element,
      int number,
      Operation read,
      boolean[] told,
      Findings found) {
    if (!trial.timeline().forgot(read.node(), element.knownNanos, read.endNanos())) {
      told[number] = true;
      found.add(
          Violation.LOST,
          read.node() + " acknowledged " + element + " and then did not have it",
          element.invoke,
          element.known,
          read.invoke(),
          read.completion());
    }
  }
}

package io.skein.chaos.check;

import io.skein.chaos.history.Fault;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Those who reach each other hold each other alive: a fault of some nodes must not part the
/// others.
///
/// Judged is what a node that can answer says when nothing has begun or ended for the time that the
/// mesh is given to mend itself, and all that is wrong is that nodes are down or the network is in
/// parts. It has to hold alive all nodes of its part that are not down, and none of another part.
final class MutualSight implements Check {
  private final long boundNanos;

  MutualSight(Bounds bounds) {
    this.boundNanos = bounds.convergence().toNanos();
  }

  @Override
  public String name() {
    return "mutual sight";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    History history = trial.history();
    long looked = 0;
    for (Operation operation : history.operations()) {
      if (!operation.function().equals(Vocabulary.MEMBERS) || !operation.ok()) {
        continue;
      }
      long at = operation.began().nanos();
      List<Fault> on = trial.timeline().on(at);
      if (!settled(trial.timeline(), at, boundNanos)) {
        continue;
      }
      String node = operation.node();
      if (!trial.honest(node) || trial.timeline().down(node, at, operation.endNanos())) {
        continue;
      }
      looked++;
      Set<String> missing = new TreeSet<>(history.header().nodes());
      Set<String> beyond = new TreeSet<>();
      for (Fault fault : on) {
        missing.removeAll(fault.mark().down());
        for (List<String> side : fault.mark().sides()) {
          if (!side.contains(node)) {
            missing.removeAll(side);
            beyond.addAll(side);
          }
        }
      }
      List<String> alive = alive(operation);
      alive.forEach(missing::remove);
      beyond.retainAll(alive);
      if (!missing.isEmpty() || !beyond.isEmpty()) {
        List<Integer> events = new ArrayList<>(List.of(operation.completion()));
        on.forEach(fault -> events.add(fault.event()));
        found.add(
            Violation.INVARIANT,
            node
                + (missing.isEmpty() ? "" : " does not see " + missing)
                + (beyond.isEmpty() ? "" : " still sees " + beyond)
                + on.stream().map(fault -> " during " + fault.mark().name()).findFirst().orElse(""),
            events);
      }
    }
    found.figure("looks", looked);
    return found.verdict(name(), looked > 0, looked + " times a settled mesh was looked at");
  }

  /// Whether nothing has begun or ended for that long, and all that is wrong is that nodes are down
  /// or the network is in parts.
  static boolean settled(Timeline timeline, long at, long boundNanos) {
    return timeline.faults().stream()
            .allMatch(fault ->
                !near(fault.fromNanos(), at, boundNanos) && !near(fault.toNanos(), at, boundNanos))
        && timeline.on(at).stream().allMatch(MutualSight::clean)
        && at >= boundNanos;
  }

  private static boolean near(long change, long at, long boundNanos) {
    return change <= at && at - change < boundNanos;
  }

  private static boolean clean(Fault fault) {
    return !fault.mark().down().isEmpty() || !fault.mark().sides().isEmpty();
  }

  private static List<String> alive(Operation operation) {
    try {
      return Json.parse(operation.ended().orElseThrow().value()).member("alive").texts();
    } catch (MalformedHistory _) {
      return List.of();
    }
  }
}

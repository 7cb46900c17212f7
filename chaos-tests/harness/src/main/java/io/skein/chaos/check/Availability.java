package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Both sides of a split go on: of what clients ask of a node that can answer, all but a small part
/// succeeds, counted apart by function, phase, and side of the split.
///
/// Beside it stands how long those took that succeeded, which no bound is set for.
///
/// Not counted is what was asked of a node while it was down, and what is excused by the word of
/// whoever asked: no endpoint on that side. An operation without an end counts as failed.
final class Availability implements Check {
  private static final Set<String> JUDGED =
      Set.of(Vocabulary.REQUEST, Vocabulary.APPEND, Vocabulary.PUT);
  private static final int EVIDENCE = 8;

  private final double least;
  private final int leastOperations;

  Availability(Bounds bounds) {
    this.least = bounds.available();
    this.leastOperations = bounds.leastOperations();
  }

  @Override
  public String name() {
    return "availability";
  }

  private static final class Group {
    long all;
    long failed;
    final Millis took = new Millis();
    final List<Integer> evidence = new ArrayList<>();
  }

  @Override
  public Verdict judge(Trial trial) {
    Map<String, Group> groups = new TreeMap<>();
    Timeline timeline = trial.timeline();
    long counted = 0;
    for (Operation operation : trial.history().operations()) {
      if (!JUDGED.contains(operation.function())
          || !trial.honest(operation.node())
          || timeline.down(
              operation.node(),
              operation.began().nanos(),
              Math.min(operation.endNanos(), trial.history().endNanos()))
          || excused(operation)) {
        continue;
      }
      counted++;
      long at = operation.began().nanos();
      String phase = timeline.phase(at).name().toLowerCase(Locale.ROOT);
      String side = timeline.side(operation.node(), at).map(name -> ", side " + name).orElse("");
      Group group =
          groups.computeIfAbsent(operation.function() + " " + phase + side, _ -> new Group());
      group.all++;
      if (operation.ok()) {
        group.took.add(operation.endNanos() - at);
      } else {
        group.failed++;
        if (group.evidence.size() < EVIDENCE) {
          group.evidence.add(operation.invoke());
          operation.ended().ifPresent(_ -> group.evidence.add(operation.completion()));
        }
      }
    }
    Findings found = new Findings();
    groups.forEach((name, group) -> {
      double part = (group.all - group.failed) / (double) group.all;
      found.figure(name + " %", part * 100);
      found.figure(name + " operations", group.all);
      group.took.figures(found, name + " took");
      if (group.all >= leastOperations && part < least) {
        found.add(
            Violation.UNAVAILABLE,
            String.format(
                Locale.ROOT,
                "%s: %d of %d failed, %.3f %% succeeded (at least: %.3f %%)",
                name,
                group.failed,
                group.all,
                part * 100,
                least * 100),
            group.evidence);
      }
    });
    return found.verdict(
        name(),
        groups.values().stream().anyMatch(group -> group.all >= leastOperations),
        counted + " operations in " + groups.size() + " groups");
  }

  private static boolean excused(Operation operation) {
    if (operation.ok() || operation.ended().isEmpty()) {
      return false;
    }
    Event end = operation.ended().get();
    try {
      return end.value().contains("\"excused\"")
          && !(Json.parse(end.value()).member("excused") instanceof Json.Nothing);
    } catch (MalformedHistory _) {
      return false;
    }
  }
}

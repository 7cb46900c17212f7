package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// In a bounded time after the last fault every node shows what was acknowledged before its end;
/// and when nothing is written any more, all nodes come to the same heads.
///
/// A time without faults that is shorter than the bound demands nothing. How long it took is the
/// latest, over nodes, of the first read that had everything: as exact as reads are frequent.
final class Convergence implements Check {
  private final long boundNanos;

  Convergence(Bounds bounds) {
    this.boundNanos = bounds.convergence().toNanos();
  }

  @Override
  public String name() {
    return "convergence";
  }

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Millis took = new Millis();
    int judged = 0;
    List<Elements.Element> known = byTimeKnown(trial.elements());
    for (Map.Entry<String, List<View>> node : new TreeMap<>(trial.views()).entrySet()) {
      Shown shown = shown(trial, node.getValue(), known);
      for (Timeline.Calm calm : trial.timeline().calms()) {
        if (trial.timeline().down(node.getKey(), calm.fromNanos(), calm.toNanos())) {
          continue;
        }
        int before = countKnown(known, calm.fromNanos());
        if (before > 0) {
          judged += judge(node.getKey(), calm, shown.at(before - 1), took, found) ? 1 : 0;
        }
      }
    }
    boolean roots = equalRoots(trial, found);
    took.figures(found, "converged");
    return found.verdict(
        name(), judged > 0 || roots, judged + " times that a node had to catch up after faults");
  }

  /// When what was known first, up to a place in that order, all showed.
  ///
  /// @param latestNanos by place, the time at which all up to it showed; greatest if not all did
  /// @param culprit by place, the element that showed last
  private record Shown(
      long[] latestNanos, Elements.Element[] culprit, long lastReadNanos, int lastRead) {
    At at(int place) {
      return new At(latestNanos[place], culprit[place], lastReadNanos, lastRead);
    }
  }

  private record At(long nanos, Elements.Element culprit, long lastReadNanos, int lastRead) {}

  /// @return whether the time was long enough to tell
  private boolean judge(String node, Timeline.Calm calm, At at, Millis took, Findings found) {
    long due = calm.fromNanos() + boundNanos;
    if (at.nanos() <= Math.min(due, calm.toNanos())) {
      took.add(Math.max(0, at.nanos() - calm.fromNanos()));
      return true;
    }
    if (calm.toNanos() < due || at.lastReadNanos() < due) {
      return false;
    }
    found.add(
        Violation.NOT_CONVERGED,
        node
            + " did not show "
            + at.culprit()
            + " within "
            + Millis.text(boundNanos)
            + " of the faults' end at "
            + Millis.text(calm.fromNanos())
            + (at.nanos() == Long.MAX_VALUE
                ? ", nor later"
                : ", but after " + Millis.text(at.nanos() - calm.fromNanos())),
        at.culprit().known,
        at.lastRead());
    return true;
  }

  /// What was acknowledged, in that order.
  static List<Elements.Element> byTimeKnown(Elements elements) {
    List<Elements.Element> known = new ArrayList<>();
    for (int e = 0; e < elements.size(); e++) {
      if (elements.get(e).acknowledged()) {
        known.add(elements.get(e));
      }
    }
    known.sort((a, b) -> Integer.compare(a.known, b.known));
    return known;
  }

  /// How many were known before a time.
  private static int countKnown(List<Elements.Element> known, long nanos) {
    int low = 0;
    int high = known.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (known.get(middle).knownNanos < nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Shown shown(Trial trial, List<View> readers, List<Elements.Element> known) {
    Elements elements = trial.elements();
    long[] first = new long[elements.size()];
    Arrays.fill(first, Long.MAX_VALUE);
    long lastReadNanos = 0;
    int lastRead = 0;
    for (View view : readers) {
      View.Ends ends = view.ends(elements.size());
      for (int e = 0; e < first.length; e++) {
        if (ends.runStart()[e] >= 0) {
          first[e] =
              Math.min(first[e], view.reads().get(ends.runStart()[e]).operation().endNanos());
        }
      }
      long began = view.reads().getLast().operation().began().nanos();
      if (began >= lastReadNanos) {
        lastReadNanos = began;
        lastRead = view.reads().getLast().operation().completion();
      }
    }
    long[] latest = new long[known.size()];
    Elements.Element[] culprit = new Elements.Element[known.size()];
    for (int i = 0; i < latest.length; i++) {
      latest[i] = first[elements.find(known.get(i).name).orElseThrow()];
      culprit[i] = known.get(i);
      if (i > 0 && latest[i - 1] >= latest[i]) {
        latest[i] = latest[i - 1];
        culprit[i] = culprit[i - 1];
      }
    }
    return new Shown(latest, culprit, lastReadNanos, lastRead);
  }

  /// @return whether there was anything to compare
  private boolean equalRoots(Trial trial, Findings found) {
    long quiet = Long.MAX_VALUE;
    for (Event event : trial.history().events()) {
      if (event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.QUIET)) {
        quiet = event.nanos();
      }
    }
    List<Timeline.Calm> calms = trial.timeline().calms();
    if (quiet == Long.MAX_VALUE
        || (!trial.timeline().faults().isEmpty() && (calms.isEmpty() || !calms.getLast().last()))) {
      return false;
    }
    long from = calms.isEmpty() ? quiet : Math.max(quiet, calms.getLast().fromNanos());
    Map<String, Trial.Answer> last = new TreeMap<>();
    for (Trial.Answer answer : trial.answers(Vocabulary.ROOTS)) {
      if (answer.operation().began().nanos() >= from) {
        last.put(answer.node(), answer);
      }
    }
    long due = from + boundNanos;
    Map<String, List<String>> byHeads = new TreeMap<>();
    List<Integer> events = new ArrayList<>();
    Set<String> late = new HashSet<>();
    last.forEach((node, answer) -> {
      if (answer.operation().began().nanos() >= due) {
        late.add(node);
      }
      byHeads
          .computeIfAbsent(answer.value().text("heads").orElse(""), _ -> new ArrayList<>())
          .add(node);
      events.add(answer.operation().completion());
    });
    if (byHeads.size() > 1 && late.size() == last.size()) {
      found.add(
          Violation.NOT_CONVERGED,
          "nothing is written any more, and the nodes' heads differ: " + byHeads.values(),
          events);
    }
    found.figure("heads at the end", byHeads.size());
    return last.size() > 1 && (byHeads.size() == 1 || late.size() == last.size());
  }

  /// For checks of the same kind: the last answer of each node and key that began in a span.
  static Map<String, Map<String, Trial.Answer>> lastBy(
      List<Trial.Answer> answers, long fromNanos, long toNanos) {
    Map<String, Map<String, Trial.Answer>> last = new HashMap<>();
    for (Trial.Answer answer : answers) {
      if (answer.operation().began().nanos() >= fromNanos
          && answer.operation().endNanos() <= toNanos) {
        last.computeIfAbsent(answer.value().text("key").orElse(""), _ -> new TreeMap<>())
            .put(answer.node(), answer);
      }
    }
    return last;
  }
}

package io.skein.chaos.check;

import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The set that only grows: whatever was acknowledged comes to show at every node and stays, once,
/// and nothing else does.
///
/// After Jepsen's `set-full` (jepsen.checker, `set-full-element-results`): an element is *known*
/// when its append is acknowledged; at a node it is *stable* from the last read that lacked it on,
/// if later reads have it; *lost* if it is known and the last read lacks it; *never read* if no
/// read that could tell began after it was known; *stale* if some read lacked it that began after
/// it was known; *recovered* if nobody acknowledged it and it shows; *unexpected* if nobody
/// appended it or its append certainly failed; *duplicated* if one state shows it twice.
///
/// Two things differ, as the set is replicated and not linearizable. Jepsen has one last read for
/// all; here each node has its own, or a node that lacks an element would hide behind another that
/// has it. And a read that lacks an element condemns only when the mesh has had its time: it began
/// [Bounds#convergence] after both the acknowledgement and the last fault.
///
/// Latency to visibility is from the acknowledgement to the last moment at which some node was seen
/// without it, 0 if none was, by the phase in which it was acknowledged.
final class SetFull implements Check {
  private final long convergenceNanos;

  SetFull(Bounds bounds) {
    this.convergenceNanos = bounds.convergence().toNanos();
  }

  @Override
  public String name() {
    return "set";
  }

  @Override
  public Verdict judge(Trial trial) {
    Elements elements = trial.elements();
    int size = elements.size();
    Findings found = new Findings();
    long[] visibleNanos = new long[size];
    int[] readAt = new int[size];
    boolean[] shown = new boolean[size];
    Tally tally = new Tally();
    List<String> nodes = expected(trial);
    trial
        .views()
        .forEach((node, readers) -> {
          node(trial, node, readers, new Marks(visibleNanos, readAt, shown), tally, found);
        });
    unexpected(trial, shown, tally, found);
    Map<Timeline.Phase, Millis> latencies = new EnumMap<>(Timeline.Phase.class);
    for (int e = 0; e < size; e++) {
      Elements.Element element = elements.get(e);
      if (!element.acknowledged()) {
        tally.recovered += element.invoke >= 0 && element.promised && shown[e] ? 1 : 0;
        continue;
      }
      tally.acknowledged++;
      if (readAt[e] < nodes.size()) {
        tally.neverRead++;
      }
      if (shown[e]) {
        long latency = Math.max(0, visibleNanos[e] - element.knownNanos);
        tally.stale += latency > 0 ? 1 : 0;
        latencies
            .computeIfAbsent(trial.timeline().phase(element.knownNanos), _ -> new Millis())
            .add(latency);
      }
    }
    latencies.forEach((phase, millis) ->
        millis.figures(found, "visible, acknowledged " + phase.name().toLowerCase(Locale.ROOT)));
    tally.figures(found);
    return found.verdict(
        name(),
        tally.acknowledged > 0 && tally.neverRead == 0,
        tally.acknowledged
            + " acknowledged, "
            + tally.lost
            + " lost, "
            + tally.neverRead
            + " never read everywhere, "
            + tally.duplicated
            + " duplicated, "
            + tally.unexpected
            + " unexpected, "
            + tally.stale
            + " stale, "
            + tally.recovered
            + " recovered");
  }

  /// The nodes that are to show everything in the end: all that did not cheat, but those that could
  /// not be asked.
  private static List<String> expected(Trial trial) {
    long end = trial.history().endNanos();
    return trial.history().header().nodes().stream()
        .filter(node -> trial.honest(node) && !trial.timeline().down(node, end, end))
        .toList();
  }

  /// What is known of each element from all nodes together.
  private record Marks(long[] visibleNanos, int[] readAt, boolean[] shown) {}

  private static final class Tally {
    long acknowledged;
    long lost;
    long neverRead;
    long duplicated;
    long unexpected;
    long stale;
    long recovered;

    void figures(Findings found) {
      found.figure("acknowledged", acknowledged);
      found.figure("lost", lost);
      found.figure("never read", neverRead);
      found.figure("duplicated", duplicated);
      found.figure("unexpected", unexpected);
      found.figure("stale", stale);
      found.figure("recovered", recovered);
    }
  }

  private void node(
      Trial trial, String node, List<View> readers, Marks marks, Tally tally, Findings found) {
    Elements elements = trial.elements();
    int size = elements.size();
    View last = readers.getFirst();
    boolean[] visible = new boolean[size];
    long[] absentNanos = new long[size];
    Arrays.fill(absentNanos, Long.MIN_VALUE);
    boolean[] again = new boolean[size];
    for (View view : readers) {
      if (view.reads().getLast().operation().invoke()
          >= last.reads().getLast().operation().invoke()) {
        last = view;
      }
      duplicates(view, elements, again, tally, found);
    }
    for (View view : readers) {
      View.Ends ends = view.ends(size);
      for (int e = 0; e < size; e++) {
        int from = ends.runStart()[e];
        marks.shown()[e] |= from >= 0 || ends.lastShown()[e] >= 0;
        if (from > 0) {
          absentNanos[e] =
              Math.max(absentNanos[e], view.reads().get(from - 1).operation().began().nanos() + 1);
        }
        if (view == last) {
          visible[e] = from >= 0;
        }
      }
    }
    Operation read = last.reads().getLast().operation();
    long settled = settledNanos(trial.timeline());
    for (int e = 0; e < size; e++) {
      Elements.Element element = elements.get(e);
      if (!element.acknowledged()) {
        continue;
      }
      if (visible[e]) {
        marks.readAt()[e]++;
        marks.visibleNanos()[e] = Math.max(marks.visibleNanos()[e], absentNanos[e]);
      } else if (read.invoke() > element.known
          && read.began().nanos() >= Math.max(settled, element.knownNanos + convergenceNanos)) {
        marks.readAt()[e]++;
        tally.lost++;
        found.add(
            Violation.LOST,
            element + " was acknowledged and " + node + " does not have it",
            element.invoke,
            element.known,
            read.invoke(),
            read.completion());
      }
    }
  }

  /// From when on nothing can be put down to a fault any more.
  private long settledNanos(Timeline timeline) {
    if (timeline.faults().isEmpty()) {
      return 0;
    }
    return timeline.calms().isEmpty() || !timeline.calms().getLast().last()
        ? Long.MAX_VALUE
        : timeline.calms().getLast().fromNanos() + convergenceNanos;
  }

  private static void duplicates(
      View view, Elements elements, boolean[] again, Tally tally, Findings found) {
    view.walk(
        elements.size(),
        new View.Walk() {
          @Override
          public void again(int element, int read) {
            if (!again[element]) {
              again[element] = true;
              tally.duplicated++;
              found.add(
                  Violation.DUPLICATED,
                  elements.get(element) + " shows twice at " + view.node(),
                  evidence(elements.get(element), view.reads().get(read).operation().completion()));
            }
          }
        });
  }

  private static List<Integer> evidence(Elements.Element element, int read) {
    List<Integer> events = new ArrayList<>();
    if (element.invoke >= 0) {
      events.add(element.invoke);
    }
    events.add(read);
    return events;
  }

  /// What shows and nobody can have appended.
  private static void unexpected(Trial trial, boolean[] shown, Tally tally, Findings found) {
    Elements elements = trial.elements();
    int size = elements.size();
    boolean[] wrong = new boolean[size];
    int wrongs = 0;
    for (int e = 0; e < size; e++) {
      Elements.Element element = elements.get(e);
      wrong[e] = shown[e] && (element.invoke < 0 || !element.possible);
      wrongs += wrong[e] ? 1 : 0;
    }
    tally.unexpected = wrongs;
    if (wrongs == 0) {
      return;
    }
    for (List<View> readers : trial.views().values()) {
      for (View view : readers) {
        for (View.Read read : view.reads()) {
          for (int e : read.elements()) {
            if (wrong[e]) {
              wrong[e] = false;
              Elements.Element element = elements.get(e);
              found.add(
                  Violation.UNEXPECTED,
                  element
                      + (element.invoke < 0
                          ? " was appended by nobody and shows at "
                          : " certainly failed and shows at ")
                      + view.node(),
                  evidence(element, read.operation().completion()));
            }
          }
        }
      }
    }
  }
}

package io.skein.chaos.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The faults of a history, and what they mean for a time and a node.
public final class Timeline {
  /// When something happened, as seen from the faults.
  public enum Phase {
    /// No fault has been yet.
    BEFORE,
    /// A fault is on.
    DURING,
    /// None is on, some have been.
    AFTER
  }

  /// A time without a fault after a time with some.
  ///
  /// @param fromNanos when the last fault ended
  /// @param toNanos when the next began, or the history ended
  /// @param last whether the history ended with it
  public record Calm(long fromNanos, long toNanos, boolean last) {}

  private final List<Fault> faults;
  private final List<Calm> calms;
  private final Set<String> byzantine;
  private final long firstNanos;
  // Where the set of faults that are on changes, and what it is from there on.
  private final long[] changes;
  private final List<List<Fault>> on;

  private Timeline(List<Fault> faults, Set<String> byzantine, long endNanos) {
    this.faults = List.copyOf(faults);
    this.byzantine = Collections.unmodifiableSet(byzantine);
    this.firstNanos = faults.isEmpty() ? Long.MAX_VALUE : faults.getFirst().fromNanos();
    TreeSet<Long> times = new TreeSet<>();
    faults.forEach(fault -> {
      times.add(fault.fromNanos());
      times.add(fault.toNanos());
    });
    this.changes = times.stream().mapToLong(Long::longValue).toArray();
    this.on = new ArrayList<>();
    this.calms = new ArrayList<>();
    for (int i = 0; i < changes.length; i++) {
      long at = changes[i];
      List<Fault> now = faults.stream().filter(fault -> fault.on(at)).toList();
      on.add(now);
      if (now.isEmpty()) {
        boolean last = i + 1 == changes.length;
        long to = last ? endNanos : changes[i + 1];
        if (to > at) {
          calms.add(new Calm(at, to, last));
        }
      }
    }
  }

  /// Reads the marks of a history. A fault that does not end lasts to the history's end.
  public static Timeline of(History history) {
    Map<Long, Fault> open = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    Set<String> byzantine = new TreeSet<>();
    List<Event> events = history.events();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() != Event.Kind.INFO) {
        continue;
      }
      if (event.function().equals(Vocabulary.BYZANTINE)) {
        byzantine.add(event.node());
        byzantine.addAll(authors(event));
      }
      Optional<FaultMark> mark = FaultMark.of(event);
      if (mark.isEmpty()) {
        continue;
      }
      Fault begun = open.remove(mark.get().id());
      if (begun != null) {
        faults.add(new Fault(begun.mark(), begun.fromNanos(), event.nanos(), begun.event()));
      }
      if (mark.get().begins()) {
        open.put(mark.get().id(), new Fault(mark.get(), event.nanos(), Long.MAX_VALUE, i));
      }
    }
    faults.addAll(open.values());
    faults.sort((a, b) ->
        a.fromNanos() == b.fromNanos()
            ? Integer.compare(a.event(), b.event())
            : Long.compare(a.fromNanos(), b.fromNanos()));
    return new Timeline(faults, byzantine, history.endNanos());
  }

  private static List<String> authors(Event event) {
    try {
      return Json.parse(event.value()).member("authors").texts();
    } catch (MalformedHistory _) {
      return List.of();
    }
  }

  /// The faults, in the order in which they began.
  public List<Fault> faults() {
    return faults;
  }

  /// The times after faults, in order.
  public List<Calm> calms() {
    return Collections.unmodifiableList(calms);
  }

  /// The nodes that were made to cheat, and what they are called as authors of feeds.
  public Set<String> byzantine() {
    return byzantine;
  }

  /// The faults that are on at a time.
  public List<Fault> on(long nanos) {
    int low = 0;
    int high = changes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (changes[middle] <= nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? List.of() : on.get(low - 1);
  }

  /// The phase of a time.
  public Phase phase(long nanos) {
    return nanos < firstNanos ? Phase.BEFORE : on(nanos).isEmpty() ? Phase.AFTER : Phase.DURING;
  }

  /// Whether a node cannot answer at some time of a span.
  public boolean down(String node, long fromNanos, long toNanos) {
    for (Fault fault : faults) {
      if (fault.fromNanos() <= toNanos
          && fault.toNanos() >= fromNanos
          && fault.mark().down().contains(node)) {
        return true;
      }
    }
    return false;
  }

  /// The part of a split network a node is in at a time, by the least name in it; empty if there is
  /// no split that knows of it.
  public Optional<String> side(String node, long nanos) {
    for (Fault fault : on(nanos)) {
      for (List<String> side : fault.mark().sides()) {
        if (side.contains(node)) {
          return Optional.of(String.join("+", new TreeSet<>(side)));
        }
      }
    }
    return Optional.empty();
  }

  /// Whether a node lost records at some time of a span.
  public boolean forgot(String node, long fromNanos, long toNanos) {
    for (Fault fault : faults) {
      if (fault.fromNanos() <= toNanos
          && fault.toNanos() >= fromNanos
          && fault.mark().forgets().contains(node)) {
        return true;
      }
    }
    return false;
  }
}

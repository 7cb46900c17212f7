package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.routing.ejection.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nodes that fall ill and get well, in virtual time. What a node says of itself reaches each other
/// node within a second, a record within 0.3 s. A node carries out what is decided of it as long as
/// the rules allow that in its own sight, and only if it finds itself ill when that begins.
final class DrainSimulation {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  private static final long STEP = 100 * MILLI;

  /// A decision.
  record Event(long atNanos, String by, Action action) {}

  private record Arrival(long atNanos, Runnable what) {}

  private static final class Node {
    final Healer healer = new Healer(HealerConfig.DEFAULT, 0);
    final Map<String, Diagnosis> ill = new TreeMap<>();
    final Map<String, String> drained = new TreeMap<>();
    final Map<String, Integer> newest = new TreeMap<>();
    boolean carriesOut;

    /// Of the records about a node the newest stands.
    void learn(String subject, int record, boolean drain) {
      if (newest.getOrDefault(subject, 0) < record) {
        newest.put(subject, record);
        drained.remove(subject);
        if (drain) {
          drained.put(subject, "r" + record);
        }
      }
    }
  }

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Set<String>> reach = new TreeMap<>();
  private final Map<String, Diagnosis> truth = new HashMap<>();
  private final Set<String> gone = new TreeSet<>();
  private final List<Arrival> underWay = new ArrayList<>();
  private final SplittableRandom random;
  final List<Event> events = new ArrayList<>();
  long nowNanos;

  DrainSimulation(int count, long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      nodes.put("n" + i, new Node());
    }
  }

  /// A service with one endpoint that these nodes reach.
  void service(String name, Set<String> reachedBy) {
    reach.put(name, reachedBy);
  }

  Set<String> ids() {
    return nodes.keySet();
  }

  void falls(String node, Diagnosis ill) {
    truth.put(node, ill);
    nodes.values().forEach(each -> later(SECOND, () -> each.ill.put(node, ill)));
    node(node).ill.put(node, ill);
  }

  void recovers(String node) {
    truth.remove(node);
    // What comes late of the illness is older than this.
    nodes
        .values()
        .forEach(each -> underWay.add(new Arrival(nowNanos + SECOND, () -> heal(each, node))));
    node(node).ill.remove(node);
  }

  private void heal(Node each, String node) {
    if (!truth.containsKey(node)) {
      each.ill.remove(node);
    }
  }

  /// Ends without a word, and no other node sees it any more; it sees none of them.
  void cutOff(String node) {
    gone.add(node);
  }

  private Node node(String id) {
    return java.util.Objects.requireNonNull(nodes.get(id));
  }

  private void later(long most, Runnable what) {
    underWay.add(new Arrival(nowNanos + random.nextLong(most), what));
  }

  private Set<String> live(String of) {
    Set<String> live = new TreeSet<>(nodes.keySet());
    if (gone.contains(of)) {
      return new TreeSet<>(Set.of(of));
    }
    live.removeAll(gone);
    return live;
  }

  void run(long nanos) {
    for (long end = nowNanos + nanos; nowNanos < end; nowNanos += STEP) {
      List<Arrival> due = underWay.stream().filter(it -> it.atNanos() <= nowNanos).toList();
      underWay.removeAll(due);
      due.forEach(it -> it.what().run());
      nodes.forEach(this::step);
    }
  }

  private void step(String id, Node node) {
    Map<String, EndpointFacts> endpoints = new TreeMap<>();
    reach.forEach((service, by) ->
        endpoints.put(
            service + "/a",
            new EndpointFacts(service, by, Observation.NOTHING, ProbeResults.NONE, 0, 0)));
    Facts facts = Facts.of(id, live(id), endpoints, Map.of(), Set.of(), Set.of(), Map.of());
    node.carriesOut =
        node.drained.containsKey(id)
            && (node.carriesOut || node.ill.containsKey(id))
            && DrainRules.mayDrain(id, new TreeSet<>(node.drained.keySet()).headSet(id), facts);
    Situation situation =
        Situation.CALM.withDrains(new TreeMap<>(node.ill), new TreeMap<>(node.drained));
    for (Action action : node.healer.step(facts, situation, nowNanos)) {
      switch (action) {
        case Action.Drain(String subject, Diagnosis _) -> {
          events.add(new Event(nowNanos, id, action));
          int record = events.size();
          tell(id, each -> each.learn(subject, record, true));
        }
        case Action.Resume(String subject, String _, String _) -> {
          events.add(new Event(nowNanos, id, action));
          int record = events.size();
          tell(id, each -> each.learn(subject, record, false));
        }
        default -> {
          // Probes.
        }
      }
    }
  }

  private void tell(String author, java.util.function.Consumer<Node> what) {
    nodes.forEach((id, each) -> {
      if (id.equals(author)) {
        what.accept(each);
      } else if (live(author).contains(id)) {
        later(300 * MILLI, () -> what.accept(each));
      }
    });
  }

  /// Nodes that send their clients elsewhere now.
  Set<String> away() {
    Set<String> away = new TreeSet<>();
    nodes.forEach((id, node) -> {
      if (node.carriesOut) {
        away.add(id);
      }
    });
    return away;
  }

  /// Services of which every node that reaches them and is there sends its clients elsewhere.
  Set<String> unserved() {
    Set<String> unserved = new TreeSet<>();
    Set<String> away = away();
    reach.forEach((service, by) -> {
      if (by.stream().allMatch(it -> gone.contains(it) || away.contains(it))
          && by.stream().anyMatch(it -> !gone.contains(it))) {
        unserved.add(service);
      }
    });
    return unserved;
  }

  /// Takes the verdict of a liar for the truth, on all nodes.
  void slander(String node) {
    nodes.values().forEach(each -> each.drained.put(node, "lie"));
  }
}

package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.Own;
import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Diagnosis.NodeParted;
import io.skein.healing.diagnosis.Diagnostician;
import io.skein.healing.signal.Parting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nodes on a transport that is made up: who is not in a node's view is heard of every 1.5 to 4.5 s
/// unless the two are cut from each other, and their views are merged some seconds after the first
/// word; but for views that nobody can merge. Virtual time, one thread, all from one seed.
final class RejoinSimulation {
  private static final long TICK = 100_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long PAUSE = 13_500_000_000L;

  private final SplittableRandom random;
  private final long leastMergeNanos;
  private final long mostMergeNanos;
  private final SortedMap<String, Node> nodes = new TreeMap<>();
  private final List<Told> told = new ArrayList<>();
  private long nowNanos;

  /// What a node decided, and when.
  record Told(long atNanos, String node, Own what) {
    boolean begins() {
      return what instanceof Own.Begun;
    }
  }

  /// A view; two with the same members are still two.
  static final class View {
    private final SortedSet<String> members;
    private final boolean merges;

    View(Collection<String> members, boolean merges) {
      this.members = new TreeSet<>(members);
      this.merges = merges;
    }
  }

  private static final class Heard {
    private final long firstNanos;
    private final long mergeNanos;
    private long lastNanos;

    Heard(long nowNanos, long mergeNanos) {
      this.firstNanos = nowNanos;
      this.mergeNanos = mergeNanos;
      this.lastNanos = nowNanos;
    }
  }

  private final class Node {
    private final String id;
    private final Diagnostician diagnostician;
    private final RejoinHealer healer;
    private final SortedMap<String, Heard> heard = new TreeMap<>();
    private final Map<String, Long> nextWord = new HashMap<>();
    private View view = new View(List.of(), true);
    private int side;

    Node(String id) {
      this.id = id;
      this.diagnostician = new Diagnostician(id);
      this.healer = new RejoinHealer(id);
    }

    void install(View next) {
      view = next;
      heard.keySet().removeAll(next.members);
    }

    void listen() {
      heard.values().removeIf(each -> nowNanos - each.lastNanos > PAUSE);
      for (Node other : nodes.values()) {
        if (other.side == side
            && !view.members.contains(other.id)
            && nextWord.getOrDefault(other.id, 0L) <= nowNanos) {
          nextWord.put(other.id, nowNanos + 3 * SECOND / 2 + random.nextLong(3 * SECOND));
          heard.computeIfAbsent(other.id, _ -> new Heard(nowNanos, mergeNanos())).lastNanos =
              nowNanos;
        }
      }
    }

    Parting parting() {
      SortedMap<String, Long> apart = new TreeMap<>();
      Map<View, Integer> tellers = new HashMap<>();
      heard.forEach((id, each) -> {
        apart.put(id, nowNanos - each.firstNanos);
        tellers.merge(node(id).view, 1, Integer::sum);
      });
      return new Parting(
          view.members, apart, tellers.values().stream().mapToInt(it -> it).max().orElse(0));
    }

    void heal() {
      Parting now = parting();
      List<Diagnosis> found = diagnostician.step(new TreeMap<>(), now, 1, nowNanos);
      Optional<NodeParted> parted = found.stream().map(NodeParted.class::cast).findFirst();
      for (Action action : healer.step(parted, now, true, nowNanos)) {
        Own what = (Own) action;
        told.add(new Told(nowNanos, id, what));
        if (what instanceof Own.Begun) {
          install(new View(List.of(id), true));
        }
      }
    }
  }

  /// @param leastSeconds from the first word until views are one
  /// @param mostSeconds at most
  RejoinSimulation(long seed, int size, int leastSeconds, int mostSeconds) {
    this.random = new SplittableRandom(seed);
    this.leastMergeNanos = leastSeconds * SECOND;
    this.mostMergeNanos = mostSeconds * SECOND;
    for (int i = 0; i < size; i++) {
      String id = "n" + i;
      nodes.put(id, new Node(id));
    }
    install(true, nodes.keySet());
  }

  private Node node(String id) {
    return Optional.ofNullable(nodes.get(id)).orElseThrow();
  }

  private long mergeNanos() {
    return random.nextLong(leastMergeNanos, mostMergeNanos);
  }

  SortedSet<String> ids() {
    return new TreeSet<>(nodes.keySet());
  }

  /// Puts nodes into a view of their own.
  void install(boolean merges, Collection<String> members) {
    View view = new View(members, merges);
    members.forEach(id -> node(id).install(view));
  }

  /// Cuts each node from those of the other sides; each side has a view of its own.
  void split(int sides) {
    Map<Integer, List<String>> parts = new TreeMap<>();
    for (Node node : nodes.values()) {
      node.side = random.nextInt(sides);
      parts.computeIfAbsent(node.side, _ -> new ArrayList<>()).add(node.id);
    }
    parts.values().forEach(part -> install(true, part));
  }

  void mend() {
    nodes.values().forEach(node -> node.side = 0);
  }

  void run(long seconds) {
    long end = nowNanos + seconds * SECOND;
    while (nowNanos < end) {
      nowNanos += TICK;
      nodes.values().forEach(Node::listen);
      nodes.values().forEach(this::merge);
      nodes.values().forEach(Node::heal);
    }
  }

  // One merge at a time, as in the product.
  private void merge(Node node) {
    for (Map.Entry<String, Heard> each : List.copyOf(node.heard.entrySet())) {
      View other = node(each.getKey()).view;
      Heard heard = each.getValue();
      if (node.view.merges
          && other.merges
          && node.side == node(each.getKey()).side
          && nowNanos - heard.firstNanos >= heard.mergeNanos) {
        View own = node.view;
        install(
            true,
            nodes.values().stream()
                .filter(it -> it.view == own || it.view == other)
                .map(it -> it.id)
                .toList());
        return;
      }
    }
  }

  boolean one() {
    return nodes.values().stream().map(it -> it.view).distinct().count() == 1;
  }

  List<Told> told() {
    return told;
  }
}

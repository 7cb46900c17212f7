package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.HomeFacts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import io.skein.routing.ejection.Ailment;
import io.skein.routing.ejection.Observation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nodes around one endpoint that belongs to the first of them, in virtual time: 100 ms a step. A
/// record is known to all from the step after it on, a probe has ended by then.
final class HomeSimulation {
  static final String ENDPOINT = "web/a";
  static final String OWNER = "n0";
  private static final long STEP_NANOS = 100_000_000L;

  /// What was decided, when and by whom.
  record Decided(long millis, String by, Action action) {
    String what() {
      return by + " " + action.getClass().getSimpleName();
    }
  }

  final SortedSet<String> nodes = new TreeSet<>();

  /// Who gets an answer from the endpoint.
  final Set<String> reaching = new TreeSet<>();

  final Set<String> gone = new TreeSet<>();
  final Set<String> left = new TreeSet<>();
  final Set<String> silent = new TreeSet<>();

  /// Who may be its home; all if empty.
  final Set<String> fit = new TreeSet<>();

  final Set<ActionKind> acting = EnumSet.allOf(ActionKind.class);
  final List<Decided> decided = new ArrayList<>();
  final Map<String, Healer> healers = new TreeMap<>();
  final Map<String, Integer> probesOf = new TreeMap<>();
  private final Map<String, ProbeResults> probes = new HashMap<>();
  private final List<Decided> fresh = new ArrayList<>();
  String home = OWNER;
  private String cause = "";
  private Optional<Verdict> aside = Optional.empty();
  private long nowNanos;

  HomeSimulation(int nodeCount) {
    for (int i = 0; i < nodeCount; i++) {
      nodes.add("n" + i);
      healers.put("n" + i, new Healer(HealerConfig.DEFAULT, 0));
    }
    reaching.addAll(nodes);
  }

  long millis() {
    return nowNanos / 1_000_000;
  }

  /// Whether the one that is its home asks it with success, and it may be used.
  boolean served() {
    return live().contains(home)
        && !silent.contains(home)
        && reaching.contains(home)
        && aside.isEmpty();
  }

  void run(long forMillis) {
    long until = nowNanos + forMillis * 1_000_000;
    while (nowNanos < until) {
      step();
    }
  }

  private SortedSet<String> live() {
    SortedSet<String> live = new TreeSet<>(nodes);
    live.removeAll(gone);
    live.removeAll(left);
    return live;
  }

  private void step() {
    nowNanos += STEP_NANOS;
    fresh.forEach(this::learn);
    fresh.clear();
    Set<String> live = live();
    for (Map.Entry<String, Healer> each : healers.entrySet()) {
      String node = each.getKey();
      if (silent.contains(node) || !live.contains(node)) {
        continue;
      }
      checkedAtHome(node);
      for (Action action : each.getValue().step(facts(node), situation(node), nowNanos)) {
        if (action instanceof Action.ProbeDue) {
          probesOf.merge(node, 1, Integer::sum);
          probe(node);
        } else {
          Decided what = new Decided(millis(), node, action);
          decided.add(what);
          fresh.add(what);
        }
      }
    }
  }

  // Its home checks it at intervals while it is in use.
  private void checkedAtHome(String node) {
    if (node.equals(home) && aside.isEmpty()) {
      probe(node);
    }
  }

  private void probe(String node) {
    boolean ok = reaching.contains(node);
    ProbeResults before = probes.getOrDefault(node, ProbeResults.NONE);
    probes.put(
        node,
        new ProbeResults(
            before.total() + 1,
            ok ? before.goodInRow() + 1 : 0,
            ok ? 0 : before.badInRow() + 1,
            !ok,
            ok ? 1_000_000 : 0));
  }

  private void learn(Decided each) {
    String record = each.by() + "@" + each.millis();
    switch (each.action()) {
      case Action.ReHome _ -> {
        home = each.by();
        cause = record;
      }
      case Action.GiveBack back -> {
        if (back.cause().equals(cause)) {
          home = OWNER;
          cause = "";
        }
      }
      case Action.SetAside set ->
          aside = Optional.of(new Verdict(set.diagnosis(), nowNanos, record, each.by()));
      case Action.Restore _ -> aside = Optional.empty();
      default -> {
        // Nodes and what is only told of.
      }
    }
  }

  private Facts facts(String self) {
    ProbeResults own = probes.getOrDefault(self, ProbeResults.NONE);
    return Facts.of(
        self,
        live(),
        Map.of(
            ENDPOINT,
            new EndpointFacts(
                "web",
                Set.of(home),
                Observation.NOTHING,
                self.equals(home) ? own : ProbeResults.NONE,
                0,
                0)),
        aside.map(it -> Map.of(ENDPOINT, it)).orElseGet(Map::of),
        gone,
        gone,
        Map.of());
  }

  private Situation situation(String self) {
    SortedSet<String> able = live();
    able.remove(home);
    able.removeAll(silent);
    if (!fit.isEmpty()) {
      able.retainAll(fit);
    }
    TreeMap<String, HomeFacts> homes = new TreeMap<>();
    homes.put(
        ENDPOINT,
        new HomeFacts(
            OWNER,
            home,
            cause.isEmpty() ? Optional.empty() : Optional.of(cause),
            silent.contains(home),
            able,
            new TreeSet<>(),
            probes.getOrDefault(self, ProbeResults.NONE)));
    return new Situation(
            1,
            Strengths.FIRST,
            acting,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>())
        .withHomes(homes);
  }

  /// Whether it is set aside as dead.
  boolean dead() {
    return aside.map(it -> it.diagnosis() == Ailment.DEAD).orElse(false);
  }

  /// What was decided about homes, by whom.
  List<String> homes() {
    return decided.stream()
        .filter(
            it -> it.action() instanceof Action.ReHome || it.action() instanceof Action.GiveBack)
        .map(Decided::what)
        .toList();
  }
}

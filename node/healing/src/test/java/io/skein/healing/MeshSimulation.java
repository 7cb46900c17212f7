package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.CoverNode;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.action.Action.Restore;
import io.skein.healing.action.Action.SetAside;
import io.skein.healing.action.Action.WelcomeNode;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.healing.swarm.ActionKind;
import io.skein.healing.swarm.Strengths;
import io.skein.routing.ejection.Observation;
import io.skein.routing.ejection.Outcome;
import io.skein.routing.ejection.OutlierTracker;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nodes with healers over endpoints of one service, in virtual time: requests go to endpoints in
/// use, decisions reach each node after a delay of their own, probes are answered at once.
final class MeshSimulation {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  private static final long STEP = 100 * MILLI;

  enum Health {
    GOOD,
    /// Well: a long tail of latencies, and two failures in a thousand.
    NOISY,
    REFUSES,
    FAILS_BUT_PROBES_WELL,
    FAILS,
    SLOW
  }

  record Event(long atNanos, String by, Action action) {}

  private record Delivery(long atNanos, Event event) {}

  private static final class Node {
    final Healer healer = new Healer(HealerConfig.DEFAULT, 0);
    final Map<String, OutlierTracker> trackers = new TreeMap<>();
    final Map<String, ProbeResults> probes = new TreeMap<>();
    final Map<String, Verdict> verdicts = new TreeMap<>();
    final Map<String, Verdict> shifted = new TreeMap<>();
    final Set<String> covered = new TreeSet<>();
    final List<Delivery> inbox = new ArrayList<>();
    boolean up = true;
  }

  private final Map<String, Node> nodes = new LinkedHashMap<>();
  final Map<String, Health> endpoints = new LinkedHashMap<>();
  final List<Event> events = new ArrayList<>();
  final Set<String> blind = new TreeSet<>();
  private final Set<String> gone = new TreeSet<>();
  private final SplittableRandom random;
  private final int requestsPerStep;
  private final boolean sharedSight;
  private final Map<String, OutlierTracker> shared = new TreeMap<>();
  private final Map<String, Observation> seen = new TreeMap<>();
  long nowNanos;

  /// Requests that met an endpoint that fails.
  long failed;

  /// @param sharedSight whether every node sees every node's requests
  MeshSimulation(
      int nodeCount, int endpointCount, int requestsPerStep, boolean sharedSight, long seed) {
    this.sharedSight = sharedSight;
    this.random = new SplittableRandom(seed);
    this.requestsPerStep = requestsPerStep;
    for (int i = 0; i < nodeCount; i++) {
      nodes.put("n" + i, new Node());
    }
    for (int i = 0; i < endpointCount; i++) {
      endpoints.put("e" + i, Health.GOOD);
    }
  }

  Set<String> nodeIds() {
    return nodes.keySet();
  }

  void kill(String node) {
    node(node).up = false;
    gone.add(node);
  }

  void start(String node) {
    node(node).up = true;
    gone.remove(node);
  }

  void run(long nanos) {
    for (long end = nowNanos + nanos; nowNanos < end; nowNanos += STEP) {
      for (Map.Entry<String, Node> entry : nodes.entrySet()) {
        if (entry.getValue().up) {
          receive(entry.getValue());
          if (!blind.contains(entry.getKey())) {
            send(entry.getValue());
          }
        }
      }
      seen.clear();
      shared.forEach((endpoint, tracker) -> seen.put(endpoint, tracker.observe(nowNanos)));
      for (Map.Entry<String, Node> entry : nodes.entrySet()) {
        if (entry.getValue().up) {
          decide(entry.getKey(), entry.getValue());
        }
      }
    }
  }

  private OutlierTracker tracker(Node node, String endpoint) {
    return (sharedSight ? shared : node.trackers)
        .computeIfAbsent(endpoint, _ -> new OutlierTracker());
  }

  private void receive(Node node) {
    node.inbox.removeIf(delivery -> {
      boolean due = delivery.atNanos() <= nowNanos;
      if (due) {
        learn(node, delivery.event());
      }
      return due;
    });
  }

  private void decide(String id, Node node) {
    for (Action action : node.healer.step(facts(id, node), situation(node), nowNanos)) {
      if (action instanceof ProbeDue(String endpoint)) {
        node.probes.merge(endpoint, probe(endpoint), MeshSimulation::join);
      } else {
        Event event = new Event(nowNanos, id, action);
        events.add(event);
        nodes.forEach((other, its) ->
            its.inbox.add(
                new Delivery(
                    nowNanos + (other.equals(id) ? 1 : random.nextLong(90 * MILLI)), event)));
      }
    }
  }

  private void learn(Node node, Event event) {
    switch (event.action()) {
      case SetAside(String endpoint, var diagnosis, String _) -> {
        node.verdicts.put(endpoint, new Verdict(diagnosis, nowNanos, "record", event.by()));
        node.shifted.remove(endpoint);
      }
      case Restore(String endpoint, String _, String _) -> {
        node.verdicts.remove(endpoint);
        tracker(node, endpoint).forget();
      }
      case CoverNode(String gone, List<String> _) -> node.covered.add(gone);
      case WelcomeNode(String back) -> node.covered.remove(back);
      case Action.Shift(String endpoint, var diagnosis, String _) ->
          node.shifted.put(endpoint, new Verdict(diagnosis, nowNanos, "record", event.by()));
      case Action.Unshift(String endpoint, String _, String _) -> node.shifted.remove(endpoint);
      case Action.ReHome _,
          Action.GiveBack _,
          Action.Avoid _,
          Action.Readmit _,
          Action.RollBack _,
          Action.Drain _,
          Action.Resume _,
          Action.Rebuild _,
          Action.Rebuilt _,
          Action.Own _ ->
          throw new AssertionError(event.toString());
      case Action.Observed _ -> throw new AssertionError("all is acted on");
      case ProbeDue(String _) -> throw new AssertionError("a probe is no record");
    }
  }

  private void send(Node node) {
    List<String> inUse =
        endpoints.keySet().stream().filter(id -> !node.verdicts.containsKey(id)).toList();
    for (int i = 0; i < requestsPerStep && !inUse.isEmpty(); i++) {
      String endpoint = inUse.get(random.nextInt(inUse.size()));
      if (node.shifted.containsKey(endpoint) && random.nextInt(4) != 0) {
        continue;
      }
      OutlierTracker tracker = tracker(node, endpoint);
      long latency = (8 + random.nextInt(5)) * MILLI;
      switch (health(endpoint)) {
        case GOOD -> tracker.record(Outcome.GOOD, latency, nowNanos);
        case NOISY -> {
          boolean bad = random.nextInt(500) == 0;
          long tail = (long) (10 * MILLI * Math.exp(random.nextGaussian() * 0.8));
          tracker.record(bad ? Outcome.FAILED : Outcome.GOOD, bad ? 0 : tail, nowNanos);
        }
        case REFUSES -> tracker.record(Outcome.CONNECT_FAILED, 0, nowNanos);
        case FAILS, FAILS_BUT_PROBES_WELL -> {
          failed++;
          tracker.record(Outcome.FAILED, 0, nowNanos);
        }
        case SLOW -> tracker.record(Outcome.GOOD, latency * 10, nowNanos);
      }
    }
  }

  private ProbeResults probe(String endpoint) {
    return switch (health(endpoint)) {
      case GOOD, NOISY, FAILS_BUT_PROBES_WELL -> new ProbeResults(1, 1, 0, false, 10 * MILLI);
      case SLOW -> new ProbeResults(1, 1, 0, false, 100 * MILLI);
      case FAILS -> new ProbeResults(1, 0, 1, false, 0);
      case REFUSES -> new ProbeResults(1, 0, 1, true, 0);
    };
  }

  private static ProbeResults join(ProbeResults before, ProbeResults now) {
    return new ProbeResults(
        before.total() + now.total(),
        now.goodInRow() == 0 ? 0 : before.goodInRow() + 1,
        now.badInRow() == 0 ? 0 : before.badInRow() + 1,
        now.unreachable(),
        now.latencyNanos());
  }

  private static Situation situation(Node node) {
    return new Situation(
        1,
        Strengths.FIRST,
        EnumSet.allOf(ActionKind.class),
        new TreeMap<>(node.shifted),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>());
  }

  private Facts facts(String self, Node node) {
    Set<String> live = new TreeSet<>(nodes.keySet());
    live.removeAll(gone);
    Map<String, EndpointFacts> facts = new TreeMap<>();
    for (String id : endpoints.keySet()) {
      Observation seen =
          sharedSight
              ? this.seen.getOrDefault(id, Observation.NOTHING)
              : tracker(node, id).observe(nowNanos);
      ProbeResults probes = node.probes.getOrDefault(id, ProbeResults.NONE);
      facts.put(id, new EndpointFacts("shop", nodes.keySet(), seen, probes, 0, 2_000_000_000L));
    }
    return Facts.of(self, live, facts, node.verdicts, gone, node.covered, Map.of());
  }

  private Node node(String id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException(id);
    }
    return node;
  }

  private Health health(String endpoint) {
    return endpoints.getOrDefault(endpoint, Health.GOOD);
  }

  List<Event> setAsides(String endpoint) {
    return events.stream()
        .filter(event ->
            event.action() instanceof SetAside(String e, var _, String _) && e.equals(endpoint))
        .toList();
  }

  List<Event> restores(String endpoint) {
    return events.stream()
        .filter(event ->
            event.action() instanceof Restore(String e, String _, String _) && e.equals(endpoint))
        .toList();
  }

  List<Event> shifts(String endpoint) {
    return events.stream()
        .filter(event ->
            event.action() instanceof Action.Shift shift && shift.endpoint().equals(endpoint))
        .toList();
  }

  List<Event> unshifts(String endpoint) {
    return events.stream()
        .filter(event ->
            event.action() instanceof Action.Unshift end && end.endpoint().equals(endpoint))
        .toList();
  }

  /// Endpoints that every live node has in use.
  long inUseEverywhere() {
    return endpoints.keySet().stream()
        .filter(id ->
            nodes.values().stream().allMatch(node -> !node.up || !node.verdicts.containsKey(id)))
        .count();
  }
}

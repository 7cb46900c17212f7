package io.skein.healing;

import io.skein.healing.action.Action;
import io.skein.healing.action.Action.ProbeDue;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import io.skein.healing.signal.ProbeResults;
import io.skein.healing.signal.Verdict;
import io.skein.routing.ejection.Observation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Endpoints as a node sees them, what was decided of them, and its healer.
final class Ward {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;
  static final long PROBE_TIMEOUT = 2 * SECOND;
  static final Observation FINE = new Observation(100, 0, 0, 0, Long.MAX_VALUE, 10 * MILLI);
  static final Observation DEAD = new Observation(50, 3, 3, 3, MILLI, 10 * MILLI);
  static final Observation FAILING = new Observation(0, 9, 9, 0, MILLI, 0);
  static final Observation SLOW = new Observation(100, 0, 0, 0, Long.MAX_VALUE, 100 * MILLI);

  final Healer healer = new Healer(HealerConfig.DEFAULT, 0);
  final Map<String, EndpointFacts> endpoints = new TreeMap<>();
  final Map<String, Verdict> verdicts = new TreeMap<>();

  void see(String id, Observation seen, ProbeResults probes) {
    endpoints.put(id, new EndpointFacts("shop", Set.of("self"), seen, probes, 0, PROBE_TIMEOUT));
  }

  void see(String id, Observation seen) {
    see(id, seen, ProbeResults.NONE);
  }

  Facts facts() {
    return Facts.of("self", Set.of("self"), endpoints, verdicts, Set.of(), Set.of(), Map.of());
  }

  List<Action> step(long nowNanos) {
    return healer.step(facts(), nowNanos);
  }

  List<Action> step(Situation situation, long nowNanos) {
    return healer.step(facts(), situation, nowNanos);
  }

  /// What it does but for probes: what the other nodes have to know.
  List<Action> shared(long nowNanos) {
    return notProbes(step(nowNanos));
  }

  static List<Action> notProbes(List<Action> actions) {
    return actions.stream().filter(action -> !(action instanceof ProbeDue)).toList();
  }
}

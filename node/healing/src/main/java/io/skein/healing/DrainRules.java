package io.skein.healing;

import io.skein.healing.diagnosis.Diagnosis;
import io.skein.healing.diagnosis.Persistence;
import io.skein.healing.signal.EndpointFacts;
import io.skein.healing.signal.Facts;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// For what a node is taken out of its own clients' way, and how many at most. The same rules bind
/// whoever decides and the node that carries it out.
public final class DrainRules {
  // News of an illness, and of a record, need up to so long to reach everybody.
  static final long NEWS_NANOS = 1_500_000_000L;
  static final int RANKS = 4;

  private DrainRules() {}

  /// How much longer than the owner a rank waits with what accuses nobody: so that it has heard
  /// what the owner decided, though it saw the reason earlier.
  static long newsNanos(int rank) {
    return Math.clamp(rank, 0, RANKS) * NEWS_NANOS;
  }

  /// How long a node must be found so before it is drained; empty if it is not drained for that.
  public static OptionalLong persistsNanos(Diagnosis diagnosis) {
    return Persistence.of(diagnosis).drainedNanos();
  }

  /// After how long an illness must have been decided of, whoever's turn it was; empty as above.
  public static OptionalLong decidedAfterNanos(Diagnosis diagnosis) {
    OptionalLong persists = persistsNanos(diagnosis);
    return persists.isEmpty()
        ? persists
        : OptionalLong.of(persists.getAsLong() + (RANKS + 1) * NEWS_NANOS);
  }

  /// Whether a node may be drained beside others: at least half of the live nodes go on, and each
  /// service that it reaches is reached by one of those too.
  ///
  /// @param others those that are drained, with or without this one
  public static boolean mayDrain(String node, Set<String> others, Facts facts) {
    Set<String> drained = new TreeSet<>(others);
    drained.retainAll(facts.live());
    drained.add(node);
    return drained.size() * 2 <= facts.live().size() && !isLastOfAService(node, drained, facts);
  }

  private static boolean isLastOfAService(String node, Set<String> drained, Facts facts) {
    Map<String, Set<String>> reaching = new TreeMap<>();
    for (EndpointFacts endpoint : facts.endpoints().values()) {
      reaching
          .computeIfAbsent(endpoint.service(), _ -> new TreeSet<>())
          .addAll(endpoint.reachedBy());
    }
    return reaching.values().stream()
        .filter(nodes -> nodes.contains(node))
        .anyMatch(nodes ->
            nodes.stream().noneMatch(it -> facts.live().contains(it) && !drained.contains(it)));
  }
}

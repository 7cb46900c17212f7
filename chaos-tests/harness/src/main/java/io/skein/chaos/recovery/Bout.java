package io.skein.chaos.recovery;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// One fault, from a quiet mesh to a quiet mesh.
///
/// @param fault what was broken
/// @param victim the node it was broken at
/// @param held whether the fault proved to be there
/// @param calm whether all were served right before it
/// @param recoveries by balancer
/// @param wrong what was wrong with failed requests, and how often, by balancer
/// @param lagNanos the latest that the load itself was
/// @param seenNanos until all nodes that were left had seen it; empty if it is none that they see,
///   or one has not
record Bout(
    Breakage fault,
    String victim,
    boolean held,
    boolean calm,
    Map<String, Recovery> recoveries,
    Map<String, Map<String, Integer>> wrong,
    long lagNanos,
    OptionalLong seenNanos) {
  private static final long MOST_LAG_NANOS = 200_000_000L;

  /// Whether the machine had something else to do: the load itself was late by more than 200 ms, or
  /// not all were served even before the fault. What clients saw says nothing then.
  boolean disturbed() {
    return !calm || lagNanos > MOST_LAG_NANOS;
  }

  Bout {
    recoveries = Map.copyOf(recoveries);
    wrong = new TreeMap<>(wrong);
  }
}

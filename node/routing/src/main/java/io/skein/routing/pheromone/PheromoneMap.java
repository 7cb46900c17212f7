package io.skein.routing.pheromone;

import io.skein.routing.candidate.Trail;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who laid how much pheromone on which way, by seconds. Confined to one thread.
///
/// A deposit is a counter for (edge, depositor, second) that only grows, and two states merge by
/// the greater of each: in any order, any number of times, with any part missing, all who heard the
/// same end with the same map. Nothing is ever subtracted: evaporation is applied when the map is
/// read, as 0.9^(age in seconds), so that it needs no agreement either. What is older than
/// [Trail#SECONDS] is dropped and refused.
///
/// Bounds: [#MOST_EDGES] edges, [#MOST_DEPOSITORS] depositors for each; further ones are refused.
public final class PheromoneMap {
  /// The most edges.
  public static final int MOST_EDGES = 4_096;

  /// The most depositors of an edge.
  public static final int MOST_DEPOSITORS = 256;

  private static final double KEPT = Trail.KEPT_A_SECOND;

  private final Map<String, Map<String, SortedMap<Long, Long>>> edges = new TreeMap<>();

  /// Merges one counter.
  ///
  /// @param edge the way, named by the endpoint it leads to
  /// @param depositor who laid it
  /// @param second when, in seconds of the clock that all share
  /// @param amount all it laid in that second, so far
  /// @return whether anything is new
  public boolean merge(String edge, String depositor, long second, long amount, long nowSecond) {
    if (amount <= 0 || nowSecond - second >= Trail.SECONDS || second - nowSecond > 2) {
      return false;
    }
    if (!edges.containsKey(edge) && edges.size() >= MOST_EDGES) {
      return false;
    }
    Map<String, SortedMap<Long, Long>> depositors =
        edges.computeIfAbsent(edge, _ -> new TreeMap<>());
    if (!depositors.containsKey(depositor) && depositors.size() >= MOST_DEPOSITORS) {
      return false;
    }
    SortedMap<Long, Long> seconds = depositors.computeIfAbsent(depositor, _ -> new TreeMap<>());
    Long known = seconds.get(second);
    if (known != null && known >= amount) {
      return false;
    }
    seconds.put(second, amount);
    return true;
  }

  /// What is left on a way of what all but one laid.
  ///
  /// @param except whose deposits do not count; empty: all count
  public double level(String edge, String except, long nowSecond) {
    double sum = 0;
    for (var depositor : edges.getOrDefault(edge, Map.of()).entrySet()) {
      if (!depositor.getKey().equals(except)) {
        for (var laid : depositor.getValue().entrySet()) {
          sum += laid.getValue() * Math.pow(KEPT, Math.max(0, nowSecond - laid.getKey()));
        }
      }
    }
    return sum;
  }

  /// Drops what is too old to matter.
  public void evaporate(long nowSecond) {
    for (Map<String, SortedMap<Long, Long>> depositors : edges.values()) {
      for (SortedMap<Long, Long> seconds : depositors.values()) {
        seconds.headMap(nowSecond - Trail.SECONDS + 1).clear();
      }
      depositors.values().removeIf(SortedMap::isEmpty);
    }
    edges.values().removeIf(Map::isEmpty);
  }

  /// How many edges have any.
  public int size() {
    return edges.size();
  }
}

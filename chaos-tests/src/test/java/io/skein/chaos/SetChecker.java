package io.skein.chaos;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Judges a history of appends to a replicated set, as Jepsen's `set-full` does for a final read:
/// every element acknowledged to a writer must be read at every node, and no element twice.
final class SetChecker {
  private SetChecker() {}

  /// What a final read of every node shows.
  ///
  /// @param lost acknowledged elements that a node lacks, by node
  /// @param duplicated elements that a node holds more than once, by node
  /// @param different nodes whose set differs from the first node's
  record Verdict(
      Map<String, Set<String>> lost, Map<String, Set<String>> duplicated, Set<String> different) {
    boolean valid() {
      return lost.isEmpty() && duplicated.isEmpty() && different.isEmpty();
    }
  }

  /// @param acknowledged elements whose writers were told that they are durable
  /// @param reads everything each node holds in the end, in any order
  static Verdict check(Collection<String> acknowledged, Map<String, List<String>> reads) {
    Map<String, Set<String>> lost = new TreeMap<>();
    Map<String, Set<String>> duplicated = new TreeMap<>();
    Set<String> different = new TreeSet<>();
    Set<String> reference = null;
    for (Map.Entry<String, List<String>> read : new TreeMap<>(reads).entrySet()) {
      Map<String, Integer> counts = new HashMap<>();
      read.getValue().forEach(element -> counts.merge(element, 1, Integer::sum));
      Set<String> missing = new TreeSet<>(acknowledged);
      missing.removeAll(counts.keySet());
      if (!missing.isEmpty()) {
        lost.put(read.getKey(), missing);
      }
      Set<String> twice = new TreeSet<>();
      counts.forEach((element, n) -> {
        if (n > 1) {
          twice.add(element);
        }
      });
      if (!twice.isEmpty()) {
        duplicated.put(read.getKey(), twice);
      }
      if (reference == null) {
        reference = counts.keySet();
      } else if (!reference.equals(counts.keySet())) {
        different.add(read.getKey());
      }
    }
    return new Verdict(lost, duplicated, different);
  }
}

package io.skein.healing.signal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Everything a healer looks at, as one node knows it at one moment. Ids are opaque texts. Facts
/// are states, not events: a node is in `gone` as long as it is gone, so that no step depends on
/// having seen an earlier one.
///
/// @param self id of this node
/// @param live ids of the nodes that are members now, this one among them
/// @param endpoints every endpoint of the catalogue that may be used or is set aside, by id, also
///   those that only others reach: they count as what remains of a service
/// @param verdicts endpoints that are set aside now
/// @param gone nodes that vanished without a farewell and have not come back
/// @param covered nodes whose share was handed to shadows by a record that no later one ended
/// @param shadows who shadows whom, best first
public record Facts(
    String self,
    SortedSet<String> live,
    SortedMap<String, EndpointFacts> endpoints,
    SortedMap<String, Verdict> verdicts,
    SortedSet<String> gone,
    SortedSet<String> covered,
    SortedMap<String, List<String>> shadows) {
  public Facts {
    live = Collections.unmodifiableSortedSet(new TreeSet<>(live));
    endpoints = Collections.unmodifiableSortedMap(new TreeMap<>(endpoints));
    verdicts = Collections.unmodifiableSortedMap(new TreeMap<>(verdicts));
    gone = Collections.unmodifiableSortedSet(new TreeSet<>(gone));
    covered = Collections.unmodifiableSortedSet(new TreeSet<>(covered));
    Map<String, List<String>> copies = new LinkedHashMap<>();
    shadows.forEach((node, its) -> copies.put(node, List.copyOf(its)));
    shadows = Collections.unmodifiableSortedMap(new TreeMap<>(copies));
  }

  /// Sorts what it is given.
  public static Facts of(
      String self,
      Set<String> live,
      Map<String, EndpointFacts> endpoints,
      Map<String, Verdict> verdicts,
      Set<String> gone,
      Set<String> covered,
      Map<String, List<String>> shadows) {
    return new Facts(
        self,
        new TreeSet<>(live),
        new TreeMap<>(endpoints),
        new TreeMap<>(verdicts),
        new TreeSet<>(gone),
        new TreeSet<>(covered),
        new TreeMap<>(shadows));
  }
}

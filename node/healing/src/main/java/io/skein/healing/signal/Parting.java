package io.skein.healing.signal;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Nodes that tell this one of themselves and are not in its view of the mesh: after a split, until
/// views are merged.
///
/// @param view ids of those in its view, itself among them
/// @param apart since when each other has been heard of without a pause, nanoseconds
/// @param largest how many of those tell of one and the same view, at most
public record Parting(SortedSet<String> view, SortedMap<String, Long> apart, int largest) {
  /// Nobody is heard of.
  public static final Parting NONE =
      new Parting(Collections.emptySortedSet(), Collections.emptySortedMap(), 0);

  public Parting {
    view = Collections.unmodifiableSortedSet(new TreeSet<>(view));
    apart = Collections.unmodifiableSortedMap(new TreeMap<>(apart));
  }

  /// Since when the one that has been heard of for the longest; 0 if nobody is.
  public long longestNanos() {
    return apart.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}

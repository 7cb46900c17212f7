package io.skein.healing.signal;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a node knows of the home of an endpoint that one node alone reaches for all.
///
/// @param owner whom it was registered with
/// @param home who reaches it now: its owner, or who took it over by a record
/// @param cause id of that record; empty at its owner
/// @param silent whether nothing is heard of its home, which is connected
/// @param able live nodes other than its home that may ask it themselves, its owner among them
/// @param near those of them in its region
/// @param probes of it by this node, whoever is its home
public record HomeFacts(
    String owner,
    String home,
    Optional<String> cause,
    boolean silent,
    SortedSet<String> able,
    SortedSet<String> near,
    ProbeResults probes) {
  public HomeFacts {
    able = Collections.unmodifiableSortedSet(new TreeSet<>(able));
    near = Collections.unmodifiableSortedSet(new TreeSet<>(near));
  }

  /// Whether another than its owner is its home.
  public boolean away() {
    return !home.equals(owner);
  }
}

package io.skein.gossip.transport;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who tells a node of itself and is not in its view.
///
/// @param view the members of the node's view, itself among them; empty before the first one
/// @param peers since when each has been heard of, without a pause
/// @param largest how many of them tell of one and the same view, at most
public record Parted(SortedSet<PeerId> view, SortedMap<PeerId, Duration> peers, int largest) {
  /// Copies the collections.
  public Parted {
    view = Collections.unmodifiableSortedSet(new TreeSet<>(view));
    peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
  }
}

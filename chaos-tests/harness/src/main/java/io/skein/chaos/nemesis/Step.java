package io.skein.chaos.nemesis;

import java.util.List;

/// One fault of a plan.
///
/// @param id its number, from 1
/// @param atMillis when it begins, since the workloads began
/// @param lengthMillis how long it lasts, until it is taken back
/// @param kind what
/// @param nodes whom, as the kind understands it; never empty
public record Step(long id, long atMillis, long lengthMillis, Kind kind, List<String> nodes) {
  /// Copies the list.
  public Step {
    nodes = List.copyOf(nodes);
  }
}
